package dev.tarn.store.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.store.objects.ObjectStores;
import dev.tarn.testkit.azurite.Azurite;
import dev.tarn.testkit.azurite.RecordingProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache before an object store: what is asked of the store, and what a crash leaves. */
class AzureFileCacheIT {
  private static final String CONTAINER = Azurite.root("cached");

  private static Azurite azurite;
  private static RecordingProxy proxy;
  private static ObjectStores stores;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    azurite = Azurite.start();
    proxy = RecordingProxy.to(azurite.port());
    stores = new ObjectStores(Azurite.hadoopSettings(proxy.port()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    azurite.close();
  }

  private static byte[] content(String name, int size) {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    return content;
  }

  private static RemoteFile write(String name, int size) throws IOException {
    var path = new org.apache.hadoop.fs.Path(CONTAINER + "/" + name);
    FileSystem files = stores.of(path);
    try (OutputStream out = files.create(path, true)) {
      out.write(content(name, size));
    }
    FileStatus status = files.getFileStatus(path);
    assertThat(status.getLen()).isEqualTo(size);
    return new RemoteFile(path.toString(), size, status.getModificationTime());
  }

  private FileCache open(long mostBytes) {
    return new FileCache(folder.resolve("cache"), mostBytes, stores.settings(), 4);
  }

  private static void read(FileCache cache, String name, RemoteFile file) {
    try (FileLease lease = cache.lease(List.of(file))) {
      assertThat(lease.paths().get(0)).hasBinaryContent(content(name, (int) file.size()));
    }
  }

  private static long gets(String name) {
    return proxy.count(request -> request.startsWith("GET ") && request.contains("/" + name));
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(".cached")).toList();
    }
  }

  @Test
  void theStoreIsReadOnceAlsoByALaterProcess() throws IOException {
    RemoteFile file = write("once", 6_000_000);
    try (FileCache cache = open(10_000_000)) {
      read(cache, "once", file);
      long once = gets("once");
      assertThat(once).isPositive();
      read(cache, "once", file);
      assertThat(gets("once")).isEqualTo(once);
    }
    long before = proxy.requests().size();
    try (FileCache cache = open(10_000_000)) {
      read(cache, "once", file);
    }
    assertThat(proxy.requests()).hasSize((int) before);
  }

  @Test
  void whatWasUsedLongestAgoGoes() throws IOException {
    RemoteFile a = write("lru-a", 400_000);
    RemoteFile b = write("lru-b", 400_000);
    RemoteFile c = write("lru-c", 400_000);
    try (FileCache cache = open(1_000_000)) {
      read(cache, "lru-a", a);
      read(cache, "lru-b", b);
      read(cache, "lru-a", a);
      read(cache, "lru-c", c);
      assertThat(copies()).hasSize(2);
      long asked = gets("lru-a");
      read(cache, "lru-a", a);
      assertThat(gets("lru-a")).as("a stayed").isEqualTo(asked);
      asked = gets("lru-b");
      read(cache, "lru-b", b);
      assertThat(gets("lru-b")).as("b went").isGreaterThan(asked);
    }
  }

  @Test
  void aCopyWithAWrongByteIsFetchedAgain() throws IOException {
    RemoteFile file = write("sound", 300_000);
    try (FileCache cache = open(1_000_000)) {
      read(cache, "sound", file);
    }
    Path copy = copies().get(0);
    byte[] bytes = Files.readAllBytes(copy);
    bytes[123_456] ^= 1;
    Files.write(copy, bytes);
    long asked = gets("sound");
    try (FileCache cache = open(1_000_000)) {
      read(cache, "sound", file);
      assertThat(cache.usage().fetchedFiles()).isEqualTo(1);
    }
    assertThat(gets("sound")).isGreaterThan(asked);
  }

  @Test
  void killedWhileItFetchesItLeavesNothingThatIsServed() throws Exception {
    RemoteFile file = write("killed", 12_000_000);
    RecordingProxy.Stall stall =
        proxy.stall(
            request -> request.startsWith("GET ") && request.contains("/killed"), 1_000_000);
    Path log = folder.resolve("log");
    Process fetching =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FetchingProcess.class.getName(),
                folder.resolve("cache").toString(),
                Integer.toString(proxy.port()),
                file.uri(),
                Long.toString(file.size()),
                Long.toString(file.modified()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .failFast(() -> assertThat(fetching.isAlive()).as(Files.readString(log)).isTrue())
          .until(stall::isReached);
    } finally {
      // SIGKILL.
      fetching.destroyForcibly().waitFor();
      stall.end();
    }
    assertThat(folder.resolve("cache/parts")).isNotEmptyDirectory();
    assertThat(copies()).isEmpty();
    try (FileCache cache = open(100_000_000)) {
      assertThat(folder.resolve("cache/parts")).isEmptyDirectory();
      read(cache, "killed", file);
      assertThat(cache.usage()).isEqualTo(new FileCache.Usage(1, 12_000_000, 1, 12_000_000));
    }
  }
}
