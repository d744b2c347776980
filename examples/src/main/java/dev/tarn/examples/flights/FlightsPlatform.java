package dev.tarn.examples.flights;

import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.PipelineCalls;
import dev.tarn.server.client.TarnClient;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the example does on the platform, all of it over HTTP as any client would. */
final class FlightsPlatform {
  static final String ANALYST = "analyst";
  static final List<String> GOLD =
      List.of(
          "on_time_by_airport_and_hour",
          "on_time_by_hour",
          "busiest_airports",
          "worst_routes",
          "seattle_delays_by_usual_weather",
          "bird_strikes_by_phase",
          "bird_strikes_by_airport_and_operator");

  /** Datasets that the pipeline defines: 4 bronze, 5 silver and the gold ones. */
  static final int DATASETS = 9 + GOLD.size();

  private static final String LANDING = "/Volumes/main/flights/landing/";
  private static final String PIPELINE = "flights";

  private final TarnClient administrator;
  private final String token;

  FlightsPlatform(URI url, String administratorToken) {
    this.administrator = new TarnClient(url.toString(), administratorToken);
    this.token = administratorToken;
  }

  TarnClient administrator() {
    return administrator;
  }

  /** Makes schema and volume unless they are there. */
  void createSchemaAndVolume() {
    administrator.sql(
        "CREATE SCHEMA IF NOT EXISTS main.flights COMMENT 'The flights example: bronze, silver and"
            + " gold'");
    administrator.sql("CREATE VOLUME IF NOT EXISTS main.flights.landing");
  }

  /**
   * Uploads the files that the volume lacks. A file that is there is left alone: writing it again
   * would make it look new.
   *
   * @return files uploaded
   */
  int uploadFiles(Path folder) throws InterruptedException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("airports.csv", "airports");
    files.put("birdstrikes.csv", "birdstrikes");
    files.put("seattle-weather-hourly-normals.csv", "weather");
    int uploaded = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      String target = LANDING + file.getValue() + '/' + file.getKey();
      if (!exists(target)) {
        administrator.makeDirectory(LANDING + file.getValue());
        try {
          administrator.putFile(target, folder.resolve(file.getKey()));
        } catch (FileNotFoundException e) {
          throw new UncheckedIOException(e);
        }
        uploaded++;
      }
    }
    return uploaded;
  }

  private boolean exists(String volumePath) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(administrator.host().resolve("/api/2.0/fs/files" + volumePath))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(60))
            .build();
    try {
      int status =
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode();
      if (status != 200 && status != 404) {
        throw new ClientException(
            status,
            "FILES",
            "Asking for " + volumePath + " gave HTTP status " + status + ".",
            null);
      }
      return status == 200;
    } catch (IOException e) {
      throw new ClientException(
          0, "UNREACHABLE", "Tarn does not answer at " + administrator.host() + ".", e);
    }
  }

  /**
   * Uploads the pipeline's SQL, makes or edits the pipeline and runs an update to its end.
   *
   * @return the update's last state, such as {@code COMPLETED}
   */
  String runPipeline(String bootstrapServers, PipelineProgress progress)
      throws InterruptedException {
    String folder = "/Workspace/Users/" + administrator.currentUser() + "/pipelines/" + PIPELINE;
    for (String file : FlightData.PIPELINE) {
      administrator.putWorkspaceFile(folder + '/' + file, FlightData.pipelineFile(file));
    }
    PipelineCalls pipelines = administrator.pipelines();
    String pipeline =
        pipelines.createOrEdit(
            PIPELINE, "main", "flights", folder, Map.of("kafka.bootstrap", bootstrapServers));
    String update = pipelines.start(pipeline, false, false);
    return progress.follow(pipelines, pipeline, update);
  }

  /** Lets the analyst read gold and nothing else, and returns a client that acts as the analyst. */
  TarnClient admitAnalyst() {
    administrator.createUser(ANALYST);
    administrator.grant("catalog", "main", ANALYST, List.of("USE_CATALOG"));
    administrator.grant("schema", "main.flights", ANALYST, List.of("USE_SCHEMA"));
    for (String table : GOLD) {
      administrator.grant("table", "main.flights." + table, ANALYST, List.of("SELECT"));
    }
    String analystToken =
        administrator.createTokenFor(ANALYST, "flights demo", Duration.ofHours(12));
    return new TarnClient(administrator.host().toString(), analystToken);
  }
}
