package dev.tarn.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferredSchemasTest {
  private static final Map<String, String> KEY = Map.of("path", "/landing");

  @TempDir Path folder;
  private final AtomicInteger inferred = new AtomicInteger();

  private StructType get(Optional<String> folder, String position, String ddl) {
    return InferredSchemas.of(folder)
        .get(
            KEY,
            position,
            () -> {
              inferred.incrementAndGet();
              return StructType.fromDDL(ddl);
            });
  }

  @Test
  void filesAreLookedIntoOnlyWhenThereAreNewOnes() {
    Optional<String> kept = Optional.of(folder.resolve("schemas").toString());
    get(kept, "1", "a INT");
    assertThat(get(kept, "1", "a INT, never STRING")).isEqualTo(StructType.fromDDL("a INT"));
    assertThat(inferred).hasValue(1);
  }

  @Test
  void newColumnsComeAtTheEndAndTypesStay() {
    Optional<String> kept = Optional.of(folder.toString());
    get(kept, "1", "a INT, b STRING");
    StructType wider = StructType.fromDDL("a INT, b STRING, c DATE");
    assertThat(get(kept, "2", "c DATE, a STRING")).isEqualTo(wider);
    assertThat(get(kept, "2", "x INT")).isEqualTo(wider);
    assertThat(inferred).hasValue(2);
  }

  @Test
  void withoutAFolderNothingIsKept() {
    get(Optional.empty(), "1", "a INT");
    assertThat(get(Optional.empty(), "1", "b INT")).isEqualTo(StructType.fromDDL("b INT"));
  }

  @Test
  void hintsWinOverInference() {
    assertThat(
            SchemaHints.apply(
                StructType.fromDDL("a INT, b STRING"), StructType.fromDDL("b DATE, c BIGINT")))
        .isEqualTo(StructType.fromDDL("a INT, b DATE, c BIGINT"));
  }
}
