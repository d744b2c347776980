package dev.tarn.serve.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryClientTest {
  @ParameterizedTest
  @CsvSource({
    "unknown/0.0.0 databricks-sdk-java/0.141.0 jvm/17 os/linux, Databricks SDK for Java",
    "databricks-sdk-java/0.141.0, Databricks SDK for Java",
    "my-app/1.2 databricks-sdk-java/0.141.0 jvm/17, my-app",
    "DatabricksJDBCDriver/3.4.5 Java/THttpClient-HC, DatabricksJDBCDriver",
    "unknown, unknown",
    "'', ''"
  })
  void isCalledWhatItCallsItself(String userAgent, String name) {
    assertThat(new QueryClient(userAgent).application()).isEqualTo(name);
  }
}
