package dev.tarn.acceptance.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.launcher.TrustStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDBC driver over TLS: with a token, and as a service principal. */
@ExtendWith(TarnUnderTest.class)
class JdbcLoginIT {
  private static String url(Tarn tarn, String address, String more) {
    TrustStore trust = TrustStore.of(tarn.data().resolve("tls/ca.crt"));
    return "jdbc:databricks://"
        + address
        + "/default;transportMode=http;ssl=1;httpPath=/sql/1.0/warehouses/default"
        + ";SSLTrustStore="
        + trust.file()
        + ";SSLTrustStorePwd="
        + TrustStore.PASSWORD
        // A local authority has nobody to ask whether it revoked what it issued.
        + ";CheckCertRevocation=0"
        + more;
  }

  @Test
  void aTokenLogsInOverTls(Tarn tarn) {
    String url = url(tarn, "localhost:" + tarn.port(), ";UseThriftClient=0;AuthMech=3");
    assertThat(
            JdbcProcess.to(url, tarn.administratorToken()).query("SELECT current_user(), 40 + 2"))
        .containsExactly(List.of("admin", "42"));
  }

  @ParameterizedTest
  @ValueSource(strings = {";UseThriftClient=0", ";UseThriftClient=1"})
  void aServicePrincipalLogsInWithItsSecret(String protocol, Tarn tarn) throws Exception {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    JsonNode made =
        rest.post("/api/2.0/preview/scim/v2/ServicePrincipals", Map.of("displayName", "bi")).json();
    String secret =
        rest.post(
                "/api/2.0/accounts/servicePrincipals/"
                    + made.path("id").asText()
                    + "/credentials/secrets",
                Map.of())
            .json()
            .path("secret")
            .asText();
    String id = made.path("applicationId").asText();
    // With this login the driver goes to port 443 of the host, whatever its URL says.
    try (TunnelProxy proxy = new TunnelProxy(tarn.port())) {
      String common =
          ";UseProxy=1;ProxyHost=127.0.0.1;ProxyPort="
              + proxy.port()
              + protocol
              + ";AuthMech=11;Auth_Flow=1;OAuth2ClientId="
              + id;
      String url = url(tarn, "localhost:443", common + ";OAuth2Secret=" + secret);
      assertThat(JdbcProcess.to(url, "").query("SELECT current_user(), 40 + 2"))
          .containsExactly(List.of(id, "42"));
      assertThat(proxy.asked()).isNotEmpty().containsOnly("localhost:443");

      JdbcProcess.Outcome wrong =
          JdbcProcess.to(url(tarn, "localhost:443", common + ";OAuth2Secret=dose0"), "")
              .run("query SELECT 1");
      assertThat(wrong.exitCode()).isNotZero();
      assertThat(wrong.error()).contains("invalid_client").doesNotContain("dose0");
    }
    rest.delete("/api/2.0/preview/scim/v2/ServicePrincipals/" + made.path("id").asText());
  }
}
