package dev.tarn.serve.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementReq;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsReq;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameter;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameterValue;
import dev.tarn.serve.thrift.SessionStructs.TNamespace;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionReq;
import dev.tarn.testkit.fuzz.Mutations;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.thrift.TException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are a call, which can be written again, or none; reading them costs what they weigh.
 */
class FrameFuzzTest {
  /** Objects weigh more than the bytes that they were read from. */
  private static final long ALLOCATED_PER_BYTE = 400;

  private static final long ALLOCATED_AT_LEAST = 4 << 20;

  private static final Map<String, Class<?>> REQUESTS =
      Stream.of(SessionStructs.class, OperationStructs.class, MetadataStructs.class)
          .flatMap(structs -> Arrays.stream(structs.getDeclaredClasses()))
          .filter(type -> type.isRecord() && type.getSimpleName().endsWith("Req"))
          .collect(Collectors.toMap(FrameFuzzTest::method, Function.identity()));

  private static String method(Class<?> request) {
    return request.getSimpleName().replaceFirst("^T(.*)Req$", "$1");
  }

  static Stream<byte[]> seeds() {
    TSparkParameter parameter =
        new TSparkParameter(1, null, "INT", new TSparkParameterValue("1", null, null), List.of());
    return Stream.of(
            new TOpenSessionReq(
                null,
                "a",
                "b",
                Map.of("spark.sql.ansi.enabled", "true"),
                List.of(),
                42250L,
                Map.of(),
                new TNamespace("main", "default"),
                true),
            ThriftClient.statement(
                Handles.session("00000000-0000-0000-0000-000000000001"), "SELECT ?", 9L, parameter))
        .map(request -> ThriftClient.frame(method(request.getClass()), request));
  }

  /** The first time is taken up by making method handles, which is not what is measured. */
  @BeforeAll
  static void warm() throws Exception {
    for (byte[] good : seeds().toList()) {
      readAndWrite(good);
    }
  }

  private static void readAndWrite(byte[] input) throws Exception {
    Frame frame = Frame.open(input);
    Class<?> type = REQUESTS.get(frame.method());
    if (type != null) {
      frame.answer(OutputStream.nullOutputStream(), frame.argument(type));
    }
  }

  @FuzzTest
  @MethodSource("seeds")
  void readsWhatItCanWrite(byte[] input) throws Exception {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      readAndWrite(input);
    } catch (TException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      // What Thrift turns into MALFORMED_REQUEST.
      assertThat(e).isNotNull();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(ALLOCATED_AT_LEAST + ALLOCATED_PER_BYTE * input.length);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    assertThat(REQUESTS)
        .containsKeys(method(TExecuteStatementReq.class), method(TFetchResultsReq.class));
    Mutations.run("FrameFuzzTest", seeds(), 20_000, this::readsWhatItCanWrite);
  }
}
