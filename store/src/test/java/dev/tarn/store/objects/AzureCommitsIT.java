package dev.tarn.store.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.azurite.Azurite;
import io.delta.storage.AzureLogStore;
import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That Delta's own way to commit to Azure lets one writer have a version, and tells the others. */
class AzureCommitsIT {
  private static final int WRITERS = 4;
  private static final int VERSIONS = 40;

  private static Azurite azurite;

  @BeforeAll
  static void start() {
    azurite = Azurite.start();
  }

  @AfterAll
  static void stop() {
    azurite.close();
  }

  @Test
  void oneWriterHasAVersion() throws Exception {
    Configuration hadoop = new ObjectStores(azurite.hadoopSettings()).configuration();
    Path log = new Path(Azurite.root("commits") + "/table/_delta_log");
    FileSystem files = log.getFileSystem(hadoop);
    files.mkdirs(log);
    LogStore store = new AzureLogStore(hadoop);
    CyclicBarrier together = new CyclicBarrier(WRITERS);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int version = 0; version < VERSIONS; version++) {
        Path commit = new Path(log, "%020d.json".formatted(version));
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
          tries.add(writers.submit(attempt(store, commit, hadoop, together, "writer " + writer)));
        }
        List<String> winners = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
          if (tries.get(writer).get()) {
            winners.add("writer " + writer);
          }
        }
        assertThat(winners).as("of version " + version).hasSize(1);
        assertThat(lines(store, commit, hadoop)).containsExactly(winners.get(0), "the end");
      }
    } finally {
      writers.shutdownNow();
    }
    assertThat(files.listStatus(log))
        .extracting(FileStatus::getPath)
        .extracting(Path::getName)
        .allMatch(name -> name.endsWith(".json"))
        .hasSize(VERSIONS);
  }

  private static Callable<Boolean> attempt(
      LogStore store, Path commit, Configuration hadoop, CyclicBarrier together, String writer) {
    return () -> {
      together.await();
      try {
        store.write(commit, List.of(writer, "the end").iterator(), false, hadoop);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    };
  }

  private static List<String> lines(LogStore store, Path commit, Configuration hadoop)
      throws Exception {
    List<String> lines = new ArrayList<>();
    try (CloseableIterator<String> read = store.read(commit, hadoop)) {
      read.forEachRemaining(lines::add);
    }
    return lines;
  }
}
