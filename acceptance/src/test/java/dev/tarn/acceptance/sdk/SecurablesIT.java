package dev.tarn.acceptance.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every kind of securable through the Databricks SDK for Java, unmodified. */
@ExtendWith(TarnUnderTest.class)
class SecurablesIT {
  private static final List<String> NAMES =
      List.of(
          "sdk_credential",
          "sdk_service",
          "sdk_location",
          "sdk_connection",
          "sdk_catalog",
          "main.sdk_schema",
          "main.default.sdk_volume",
          "main.default.sdk_function",
          "main.default.sdk_model",
          "main.default.sdk_table",
          "sdk_foreign");

  private static SdkProcess.Outcome run(Tarn tarn, String token, String... steps) {
    return new SdkProcess(
            Map.of("DATABRICKS_HOST", tarn.url(), "DATABRICKS_TOKEN", token), List.of())
        .run(steps);
  }

  @Test
  void everySecurableIsMadeReadListedChangedGrantedAndDeleted(Tarn tarn) {
    String admin = tarn.administratorToken();
    TarnClient administrator = new TarnClient(tarn.url(), admin);
    administrator.createUser("securable-ann");
    String token = administrator.createTokenFor("securable-ann", "sdk", Duration.ofHours(1));
    SdkProcess.Outcome life = run(tarn, admin, "securable-life securable-ann");
    assertThat(life.lines())
        .as(life.error())
        .containsExactlyElementsOf(
            Stream.concat(
                    NAMES.stream()
                        .map(
                            name ->
                                name
                                    + '\t'
                                    + name
                                    + " admin changed true"
                                    + " ResourceAlreadyExists/RESOURCE_ALREADY_EXISTS"),
                    Stream.of("contents\tBadRequest/BAD_REQUEST"))
                .toList());

    SdkProcess.Outcome stranger = run(tarn, token, "securable-refused");
    assertThat(stranger.lines())
        .as(stranger.error())
        .containsExactlyElementsOf(
            NAMES.stream().map(name -> name + "\ttrue true true true true false").toList());

    SdkProcess.Outcome end = run(tarn, admin, "securable-end");
    assertThat(end.lines())
        .as(end.error())
        .containsExactlyInAnyOrderElementsOf(
            NAMES.stream().map(name -> name + "\ttrue false").toList());
  }

  @Test
  void bindingsQuotasAndSystemSchemas(Tarn tarn) {
    SdkProcess.Outcome outcome = run(tarn, tarn.administratorToken(), "securable-others");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "bound\t1 BINDING_TYPE_READ_WRITE",
            "unreachable\ttrue",
            "listed\tfalse true",
            "others\ttrue",
            "read-only\tsdk_isolated true",
            "system\ttrue",
            "quota\ttrue",
            "quotas\ttrue",
            "allowed\t/Volumes/main/default/jars/ admin true",
            "trial\tRESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void everyMethodOfTheServicesIsAnswered(Tarn tarn) {
    SdkProcess.Outcome outcome = run(tarn, tarn.administratorToken(), "every-method");
    assertThat(outcome.lines()).as(outcome.error()).hasSizeGreaterThan(150);
    assertThat(outcome.lines())
        .as("not known, broken, or hidden behind retries")
        .noneMatch(line -> line.matches(".*\t(ENDPOINT_NOT_FOUND|INTERNAL_ERROR|.*Exception.*)"));
    Map<String, Set<String>> answers =
        outcome.lines().stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.split("\\.")[0],
                    TreeMap::new,
                    Collectors.mapping(line -> line.split("\t")[1], Collectors.toSet())));
    answers.values().removeIf(codes -> !codes.equals(Set.of("NOT_IMPLEMENTED")));
    assertThat(answers.keySet())
        .as("services that are refused, all of them")
        .containsExactly(
            "AiGateway",
            "ExternalLineage",
            "ExternalMetadata",
            "OnlineTables",
            "QualityMonitors",
            "Rfa",
            "SecretsUc",
            "WorkspaceEntityTagAssignments");
  }
}
