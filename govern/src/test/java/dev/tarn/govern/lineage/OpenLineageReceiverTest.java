package dev.tarn.govern.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.govern.lineage.Flow.Column;
import dev.tarn.govern.lineage.Flow.Edge;
import dev.tarn.govern.lineage.Flow.Source;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLineageReceiverTest {
  private static final EntityName MADE = EntityName.parse("main.s.made");
  private static final EntityName RAW = EntityName.parse("main.s.raw");

  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(201);
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile boolean stuck;
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/api/v1/lineage",
        exchange -> {
          calls.incrementAndGet();
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (stuck) {
            try {
              open.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
          int now = status.getAndSet(201);
          if (now == 201) {
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            received.add(new ObjectMapper().readTree(body));
          }
          exchange.sendResponseHeaders(now, -1);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void stop() {
    open.countDown();
    http.stop(0);
  }

  private OpenLineageReceiver receiver() {
    return new OpenLineageReceiver(
        new OpenLineageConfig(
            "http://127.0.0.1:" + http.getAddress().getPort() + "/api/v1/lineage",
            "secret",
            "lake"));
  }

  private static LineageEvent event(LineageEvent.Entity entity) {
    return new LineageEvent(
        new Flow(
            Optional.of(MADE),
            Set.of(Source.of(RAW), Source.at("s3a://bucket/in put/x")),
            Set.of(
                new Edge(new Column(RAW, "id"), "id"),
                new Edge(new Column(RAW, "id"), "sum"),
                new Edge(new Column(RAW, "price"), "sum")),
            true),
        "admin",
        "statement",
        entity,
        Instant.parse("2026-11-23T10:00:00.5Z"));
  }

  @Test
  void aWriteIsToldInTheWordsOfTheSpecification() {
    try (OpenLineageReceiver receiver = receiver()) {
      receiver.accept(event(null));
      receiver.accept(event(LineageEvent.Entity.pipeline("p", "u")));
      Awaitility.await().until(() -> received.size() == 2);
      assertThat(receiver.dropped()).isZero();
    }
    JsonNode told = received.get(0);
    assertThat(told.at("/eventType").asText()).isEqualTo("COMPLETE");
    assertThat(told.at("/eventTime").asText()).isEqualTo("2026-11-23T10:00:00.5Z");
    assertThat(told.at("/schemaURL").asText())
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    assertThat(told.at("/producer").asText()).isEqualTo("https://tarn.dev");
    assertThat(told.at("/run/runId").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(told.at("/job/namespace").asText()).isEqualTo("lake");
    assertThat(told.at("/job/name").asText()).isEqualTo("statement.main.s.made");
    assertThat(received.get(1).at("/job/name").asText()).isEqualTo("pipeline.p.main.s.made");
    assertThat(told.at("/inputs").findValuesAsText("name"))
        .containsExactly("/in put/x", "main.s.raw");
    assertThat(told.at("/inputs").findValuesAsText("namespace"))
        .containsExactly("s3a://bucket", "lake");
    assertThat(told.at("/outputs/0/name").asText()).isEqualTo("main.s.made");
    JsonNode facet = told.at("/outputs/0/facets/columnLineage");
    assertThat(facet.at("/_schemaURL").asText()).contains("ColumnLineageDatasetFacet");
    assertThat(facet.at("/fields/sum/inputFields").findValuesAsText("field"))
        .containsExactly("id", "price");
    assertThat(facet.at("/fields/id/inputFields/0/name").asText()).isEqualTo("main.s.raw");
    assertThat(tokens).containsOnly("Bearer secret");
  }

  @Test
  void aReceiverThatFailsForAMomentIsToldAgain() {
    status.set(503);
    try (OpenLineageReceiver receiver = receiver()) {
      receiver.accept(event(null));
      Awaitility.await().until(() -> received.size() == 1);
      assertThat(calls.get()).isEqualTo(2);
      assertThat(receiver.dropped()).isZero();
    }
  }

  @Test
  void whatTheReceiverRefusesIsCounted() {
    status.set(422);
    try (OpenLineageReceiver receiver = receiver()) {
      receiver.accept(event(null));
      Awaitility.await().until(() -> receiver.dropped() == 1);
      assertThat(calls.get()).isEqualTo(1);
    }
  }

  @Test
  void nobodyWaitsForAReceiverThatIsStuck() {
    stuck = true;
    try (OpenLineageReceiver receiver = receiver()) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () -> {
            for (int i = 0; i < 1_500; i++) {
              receiver.accept(event(null));
            }
          });
      assertThat(receiver.dropped()).isBetween(498L, 500L);
      open.countDown();
    }
  }

  @Test
  void aTokenIsNotPrintedAndAUrlIsHttp() {
    assertThat(new OpenLineageConfig("http://h/x", "secret", null).toString())
        .doesNotContain("secret");
    assertThatThrownBy(() -> new OpenLineageConfig("ftp://h/x", null, null))
        .isInstanceOf(TarnException.class);
  }
}
