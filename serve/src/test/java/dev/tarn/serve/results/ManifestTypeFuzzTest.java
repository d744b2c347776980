package dev.tarn.serve.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text of a type has a name in the manifest. */
class ManifestTypeFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "DECIMAL(10,2)", "numeric ( 38 )", "INTERVAL DAY TO SECOND", "ARRAY<STRUCT<a: INT>>")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  @MethodSource("seeds")
  void names(byte[] input) {
    ManifestType type = ManifestType.of(new String(input, StandardCharsets.UTF_8));
    assertThat(type.typeName()).isNotBlank();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Mutations.run("ManifestTypeFuzzTest", seeds(), 20_000, this::names);
  }
}
