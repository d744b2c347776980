package dev.tarn.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.Base64URL;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token with a header or claims of whatever bytes, and the signature of a true one. */
class TokensFuzzIT extends OpenIdentity {
  private String[] genuine;

  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }

  @BeforeEach
  void login() {
    PrincipalInfo etl = servicePrincipal("etl");
    genuine = login(etl.name(), secret(etl).secret()).accessToken().split("\\.");
  }

  @FuzzTest
  void isRefused(byte[] input) {
    String changed = Base64URL.encode(input).toString();
    String text = new String(input, StandardCharsets.UTF_8);
    for (String token :
        new String[] {
          changed + '.' + genuine[1] + '.' + genuine[2],
          genuine[0] + '.' + changed + '.' + genuine[2],
          genuine[0] + '.' + genuine[1] + '.' + changed,
          text
        }) {
      if (!token.equals(String.join(".", genuine))) {
        refused(token);
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slice() {
    Stream<byte[]> seeds =
        Stream.of(
            new Base64URL(genuine[0]).decode(),
            new Base64URL(genuine[1]).decode(),
            String.join(".", genuine).getBytes(StandardCharsets.UTF_8),
            "null".getBytes(StandardCharsets.UTF_8),
            "{\"kid\":{},\"alg\":[],\"crit\":[\"b64\"]}".getBytes(StandardCharsets.UTF_8));
    Mutations.run("TokensFuzzIT", seeds, 500, this::isRefused);
    assertThat(identity.authenticate(String.join(".", genuine)).administrator()).isFalse();
  }
}
