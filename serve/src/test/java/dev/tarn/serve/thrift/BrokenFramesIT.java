package dev.tarn.serve.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.thrift.MetadataStructs.TGetTablesReq;
import dev.tarn.serve.thrift.OperationStructs.TSparkGetDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameter;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameterValue;
import dev.tarn.serve.thrift.SessionStructs.TNamespace;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.thrift.protocol.TType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are no proper call get an answer, and cost no more than their size. */
class BrokenFramesIT {
  private static final int MUTATIONS = 3000;

  /** What any one of these calls may allocate: they are small, and so are their answers. */
  private static final long MOST_ALLOCATED = 64 << 20;

  @TempDir static Path data;
  static ServeTestRoom room;
  static ThriftClient client;

  @BeforeAll
  static void start() {
    room = new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT);
    client = new ThriftClient(room, ServeTestRoom.ADMIN);
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  private static ServeTestRoom.Answer send(byte[] frame) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    ServeTestRoom.Answer answer = client.send(frame);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(answer.status()).isIn(200, 400);
    assertThat(allocated).isLessThan(MOST_ALLOCATED);
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(text).doesNotContain("\tat ").doesNotContain("Exception:");
    return answer;
  }

  private static byte[] head(String method) {
    ByteBuffer bytes = ByteBuffer.allocate(12 + method.length());
    bytes.putInt(0x80010001).putInt(method.length());
    bytes.put(method.getBytes(StandardCharsets.US_ASCII)).putInt(1);
    return bytes.array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] field(byte type, int id) {
    return new byte[] {type, (byte) (id >> 8), (byte) id};
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void refuses(byte[] frame) {
    ServeTestRoom.Answer answer = send(frame);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("MALFORMED_REQUEST");
    assertThat(answer.json().get("message").asText()).contains("Thrift");
  }

  @Test
  void refusesWhatIsNoCall() {
    refuses(new byte[0]);
    refuses(new byte[] {0});
    refuses("{\"statement\":\"SELECT 1\"}".getBytes(StandardCharsets.UTF_8));
    refuses(head("OpenSession"));
    refuses(join(head("OpenSession"), new byte[] {TType.STOP}));
  }

  @Test
  void believesNoLengthThatIsNotThere() {
    byte[] request = field(TType.STRUCT, 1);
    for (int length : new int[] {1 << 30, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      refuses(join(new byte[] {(byte) 0x80, 1, 0, 1}, number(length)));
      refuses(
          join(head("OpenSession"), request, field(TType.STRING, 2), number(length), new byte[9]));
      refuses(
          join(
              head("OpenSession"),
              request,
              field(TType.MAP, 4),
              new byte[] {TType.STRING, TType.STRING},
              number(length)));
      refuses(
          join(
              head("OpenSession"),
              request,
              field(TType.LIST, 1281),
              new byte[] {TType.I32},
              number(length)));
      // A field that nobody knows is skipped, with the same care.
      refuses(
          join(
              head("OpenSession"),
              request,
              field(TType.LIST, 99),
              new byte[] {TType.STRUCT},
              number(length)));
    }
  }

  @Test
  void refusesWhatIsNestedWithoutEnd() {
    byte[][] levels = new byte[10_000][];
    Arrays.fill(levels, field(TType.STRUCT, 77));
    refuses(join(head("OpenSession"), field(TType.STRUCT, 1), join(levels)));
    byte[] argument = join(field(TType.LIST, 3), new byte[] {TType.STRUCT}, number(1));
    Arrays.fill(levels, argument);
    refuses(
        join(
            head("ExecuteStatement"),
            field(TType.STRUCT, 1),
            field(TType.LIST, 1288),
            new byte[] {TType.STRUCT},
            number(1),
            field(TType.LIST, 5),
            new byte[] {TType.STRUCT},
            number(1),
            join(levels)));
  }

  @Test
  void refusesMorePartsThanAnyoneNeeds() {
    byte[] empty = new byte[1 << 20];
    refuses(
        join(
            head("ExecuteStatement"),
            field(TType.STRUCT, 1),
            field(TType.LIST, 1288),
            new byte[] {TType.STRUCT},
            number(empty.length),
            empty,
            new byte[2]));
  }

  @Test
  void answersWhateverIsCutOffOrChanged() {
    long seed = Long.getLong("tarn.seed", 1);
    System.err.println("BrokenFramesIT seed " + seed);
    Random random = new Random(seed);
    TSessionHandle session = client.open();
    List<byte[]> good =
        List.of(
            ThriftClient.frame(
                "OpenSession",
                new TOpenSessionReq(
                    null,
                    "a",
                    null,
                    Map.of("spark.sql.ansi.enabled", "true"),
                    List.of(),
                    42250L,
                    Map.of(),
                    new TNamespace("main", "default"),
                    true)),
            ThriftClient.frame(
                "GetTables",
                new TGetTablesReq(
                    session,
                    "main",
                    "%",
                    "a\\_%",
                    List.of("TABLE", "VIEW"),
                    new TSparkGetDirectResults(10L, 10L),
                    true)),
            ThriftClient.frame(
                "ExecuteStatement",
                // In no session, so that nothing runs.
                ThriftClient.statement(
                    Handles.session("00000000-0000-0000-0000-000000000001"),
                    "SELECT ?",
                    null,
                    new TSparkParameter(
                        1, null, "INT", new TSparkParameterValue("1", null, null), null))));
    for (byte[] frame : good) {
      assertThat(client.send(frame).status()).isEqualTo(200);
      for (int length = 0; length < frame.length; length++) {
        refuses(Arrays.copyOf(frame, length));
      }
    }
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] frame = good.get(random.nextInt(good.size())).clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      send(frame);
    }
    assertThat(client.open()).isNotNull();
  }
}
