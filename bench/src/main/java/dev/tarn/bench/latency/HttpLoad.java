package dev.tarn.bench.latency;

import dev.tarn.bench.measure.Load;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Posts one body again and again. Arguments: URL, token, body, what a right answer contains. */
public final class HttpLoad {
  private HttpLoad() {}

  public static void main(String[] arguments) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(arguments[0]))
            .header("Authorization", "Bearer " + arguments[1])
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(arguments[2]))
            .build();
    Load.run(
        () -> {
          HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
          return new Load.Connection() {
            @Override
            public void call() throws IOException, InterruptedException {
              HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
              if (!answer.body().contains(arguments[3])) {
                throw new IOException(answer.statusCode() + ": " + answer.body());
              }
            }

            @Override
            public void close() {}
          };
        },
        LatencyBenchmark.WARM_UP,
        LatencyBenchmark.CALLS);
  }
}
