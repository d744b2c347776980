package dev.tarn.acceptance.restart;

import dev.tarn.acceptance.audit.AuditedCalls;
import dev.tarn.acceptance.commits.CommittingWriter;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all find after one {@code kill -9} and a new start at the same address. */
class RestartIT {
  private static final Survivor CLIENTS = new WarehouseClients();
  private static final Survivor CALLS = new AuditedCalls();
  private static final Survivor WRITER = new CommittingWriter();

  @TempDir static Path home;
  private static Tarn second;

  @BeforeAll
  static void killAndStartAgain() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path data = home.resolve("data");
    Tarn first = Tarn.start(home, data, port, "");
    try {
      // The writer is last: it is to be at work when the kill comes.
      for (Survivor survivor : List.of(CLIENTS, CALLS, WRITER)) {
        survivor.before(first);
      }
    } finally {
      first.up().kill();
      first.close();
    }
    second = Tarn.start(home, data, port, "");
  }

  @AfterAll
  static void stop() {
    List.of(CLIENTS, CALLS, WRITER).forEach(Survivor::close);
    if (second != null) {
      second.close();
    }
  }

  @Test
  void whatWasToldIsKeptAndWhatIsGoneIsCleanlyGone() throws Exception {
    CLIENTS.after(second);
    second.assertServes();
  }

  @Test
  void everyCallThatWasAnsweredIsThereOnceAfterAKill() throws Exception {
    CALLS.after(second);
  }

  @Test
  void whatWasRatifiedIsThereAfterAKill() throws Exception {
    WRITER.after(second);
  }
}
