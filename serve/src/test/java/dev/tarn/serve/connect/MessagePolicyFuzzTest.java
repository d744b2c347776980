package dev.tarn.serve.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.flatbuffers.FlatBufferBuilder;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.testkit.fuzz.Mutations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.LocalRelation;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SqlCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkproject.connect.protobuf.ByteString;
import org.sparkproject.connect.protobuf.InvalidProtocolBufferException;

/** Any bytes that a client of Spark Connect may send pass the policy or are refused by it. */
class MessagePolicyFuzzTest {
  private static byte[] rows() {
    try (RootAllocator allocator = new RootAllocator();
        IntVector number = new IntVector("a", allocator);
        VarCharVector text = new VarCharVector("b", allocator)) {
      for (int i = 0; i < 3; i++) {
        number.setSafe(i, i);
        text.setSafe(i, ("text " + i).getBytes(StandardCharsets.UTF_8));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (VectorSchemaRoot root = VectorSchemaRoot.of(number, text);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
        root.setRowCount(3);
        writer.writeBatch();
      }
      return out.toByteArray();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ExecutePlanRequest request(Plan plan) {
    return ExecutePlanRequest.newBuilder()
        .setSessionId("00000000-0000-0000-0000-000000000001")
        .setPlan(plan)
        .build();
  }

  private static LocalRelation relation(byte[] arrow) {
    return LocalRelation.newBuilder()
        .setData(ByteString.copyFrom(arrow))
        .setSchema("{\"type\":\"struct\",\"fields\":[]}")
        .build();
  }

  static Stream<byte[]> requests() {
    Relation query = Relation.newBuilder().setSql(SQL.newBuilder().setQuery("SELECT 1")).build();
    return Stream.of(
            Plan.newBuilder().setRoot(query).build(),
            Plan.newBuilder()
                .setRoot(Relation.newBuilder().setLocalRelation(relation(rows())))
                .build(),
            Plan.newBuilder()
                .setCommand(
                    Command.newBuilder().setSqlCommand(SqlCommand.newBuilder().setInput(query)))
                .build())
        .map(plan -> request(plan).toByteArray());
  }

  static Stream<byte[]> streams() {
    return Stream.of(rows(), claiming(Integer.MAX_VALUE), claiming(-7), sharing(40));
  }

  /** The head of a message that says it is so long. */
  private static byte[] claiming(int length) {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(-1).putInt(length).array();
  }

  /** A schema of few bytes, in which each level holds the next one twice. */
  private static byte[] sharing(int levels) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int name = builder.createString("f");
    int field = 0;
    for (int i = 0; i < levels; i++) {
      int children =
          i == 0
              ? 0
              : org.apache.arrow.flatbuf.Field.createChildrenVector(
                  builder, new int[] {field, field});
      Struct_.startStruct_(builder);
      int type = Struct_.endStruct_(builder);
      org.apache.arrow.flatbuf.Field.startField(builder);
      org.apache.arrow.flatbuf.Field.addName(builder, name);
      org.apache.arrow.flatbuf.Field.addTypeType(builder, Type.Struct_);
      org.apache.arrow.flatbuf.Field.addType(builder, type);
      if (i > 0) {
        org.apache.arrow.flatbuf.Field.addChildren(builder, children);
      }
      field = org.apache.arrow.flatbuf.Field.endField(builder);
    }
    int fields = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, new int[] {field});
    org.apache.arrow.flatbuf.Schema.startSchema(builder);
    org.apache.arrow.flatbuf.Schema.addFields(builder, fields);
    int schema = org.apache.arrow.flatbuf.Schema.endSchema(builder);
    Message.startMessage(builder);
    Message.addVersion(builder, MetadataVersion.V5);
    Message.addHeaderType(builder, MessageHeader.Schema);
    Message.addHeader(builder, schema);
    builder.finish(Message.endMessage(builder));
    byte[] metadata = builder.sizedByteArray();
    int padded = (metadata.length + 7) / 8 * 8;
    return ByteBuffer.allocate(8 + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(-1)
        .putInt(padded)
        .put(metadata)
        .array();
  }

  @FuzzTest
  @MethodSource("requests")
  void passOrAreRefused(byte[] input) {
    try {
      MessagePolicy.check(ExecutePlanRequest.parseFrom(input));
    } catch (InvalidProtocolBufferException e) {
      // Refused before it gets to the policy.
      assertThat(e).isNotNull();
    } catch (TarnException e) {
      assertThat(e.code()).isIn(ErrorCode.PERMISSION_DENIED, ErrorCode.INVALID_PARAMETER_VALUE);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sliceOfRequests() {
    Mutations.run("MessagePolicyFuzzTest", requests(), 10_000, this::passOrAreRefused);
  }

  @FuzzTest
  @MethodSource("streams")
  void rowsAreValidOrRefused(byte[] input) {
    try {
      LocalRows.check(relation(input));
    } catch (TarnException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE);
      Throwable cause = e.getCause() == null ? e : e.getCause();
      assertThat(cause.getSuppressed()).as("what is left in the allocator").isEmpty();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sliceOfRows() {
    Mutations.run("LocalRows", streams(), 5_000, this::rowsAreValidOrRefused);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStreamThatClaimsMoreThanItHasIsRefused() {
    for (byte[] stream : List.of(claiming(Integer.MAX_VALUE), claiming(-7), sharing(40))) {
      assertThatThrownBy(() -> LocalRows.check(relation(stream)))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE));
    }
  }
}
