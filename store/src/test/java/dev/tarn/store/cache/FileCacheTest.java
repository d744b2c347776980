package dev.tarn.store.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  @TempDir private Path remote;
  @TempDir private Path local;

  private FileCache cache;

  @BeforeEach
  void open() {
    cache = open(1000);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private FileCache open(long mostBytes) {
    return new FileCache(
        local.resolve("cache"),
        mostBytes,
        Map.of("fs.elsewhere.impl", ElsewhereFileSystem.class.getName()),
        4);
  }

  private RemoteFile write(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    Files.write(remote.resolve(name), content);
    return new RemoteFile("elsewhere:" + remote.resolve(name), size, 1);
  }

  private byte[] original(RemoteFile file) throws IOException {
    return Files.readAllBytes(Path.of(file.uri().substring("elsewhere:".length())));
  }

  private void read(RemoteFile... files) throws IOException {
    try (FileLease lease = cache.lease(List.of(files))) {
      for (int i = 0; i < files.length; i++) {
        assertThat(lease.paths().get(i)).hasBinaryContent(original(files[i]));
      }
    }
  }

  private List<Path> onDisk() throws IOException {
    try (Stream<Path> files = Files.list(local.resolve("cache"))) {
      return files.filter(f -> f.toString().endsWith(".cached")).toList();
    }
  }

  @Test
  void aFileIsFetchedOnceForAll() throws Exception {
    RemoteFile a = write("a b%20ü.parquet", 300);
    RemoteFile b = write("b", 200);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Void> reads =
          () -> {
            read(a, b, a);
            return null;
          };
      List<Future<Void>> all = new ArrayList<>();
      IntStream.range(0, 40).forEach(i -> all.add(threads.submit(reads)));
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.usage()).isEqualTo(new FileCache.Usage(2, 500, 2, 500));
  }

  @Test
  void whatWasUsedLongestAgoMakesRoom() throws IOException {
    RemoteFile a = write("a", 400);
    RemoteFile b = write("b", 400);
    RemoteFile c = write("c", 400);
    read(a);
    read(b);
    read(a);
    read(c);
    assertThat(cache.usage().bytes()).isEqualTo(800);
    assertThat(onDisk()).hasSize(2);
    read(a);
    assertThat(cache.usage().fetchedFiles()).as("a stayed").isEqualTo(3);
    read(b);
    assertThat(cache.usage().fetchedFiles()).as("b went").isEqualTo(4);
  }

  @Test
  void whatIsReadStays() throws IOException {
    RemoteFile a = write("a", 600);
    RemoteFile b = write("b", 600);
    try (FileLease lease = cache.lease(List.of(a))) {
      assertThatThrownBy(() -> cache.lease(List.of(a, b)))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED));
      assertThat(lease.paths().get(0)).hasBinaryContent(original(a));
    }
    read(b);
    assertThat(cache.usage().bytes()).isEqualTo(600);
  }

  @Test
  void copiesOutliveTheirProcessAndItsDeath() throws IOException {
    RemoteFile a = write("a", 300);
    RemoteFile b = write("b", 300);
    RemoteFile c = write("c", 300);
    read(a, b, c);
    cache.close();
    // What a process that was killed leaves: a part, and files that lost their end or some bytes.
    Path cacheFolder = local.resolve("cache");
    Files.write(cacheFolder.resolve("parts").resolve("x"), new byte[50]);
    Path ofA = copyOf(a);
    Files.write(ofA, new byte[100]);
    Path ofB = copyOf(b);
    byte[] bytes = Files.readAllBytes(ofB);
    bytes[7] ^= 1;
    Files.write(ofB, bytes);
    cache = open(1000);
    assertThat(cacheFolder.resolve("parts")).isEmptyDirectory();
    assertThat(cache.usage()).isEqualTo(new FileCache.Usage(2, 600, 0, 0));
    read(c);
    assertThat(cache.usage().fetchedFiles()).isZero();
    read(a, b, c);
    assertThat(cache.usage()).isEqualTo(new FileCache.Usage(3, 900, 2, 600));
  }

  private Path copyOf(RemoteFile file) throws IOException {
    byte[] content = original(file);
    for (Path copy : onDisk()) {
      if (Arrays.equals(Files.readAllBytes(copy), content)) {
        return copy;
      }
    }
    throw new AssertionError("no copy of " + file);
  }

  @Test
  void aSmallerCacheKeepsWhatWasUsedLast() throws IOException {
    RemoteFile a = write("a", 300);
    RemoteFile b = write("b", 300);
    read(a, b);
    Files.setLastModifiedTime(copyOf(a), FileTime.fromMillis(2_000_000));
    Files.setLastModifiedTime(copyOf(b), FileTime.fromMillis(1_000_000));
    cache.close();
    cache = open(400);
    assertThat(cache.usage().bytes()).isEqualTo(300);
    read(a);
    assertThat(cache.usage().fetchedFiles()).isZero();
  }

  @Test
  void aCopyThatSomebodyDeletedIsFetchedAgain() throws IOException {
    RemoteFile a = write("a", 300);
    read(a);
    Files.delete(onDisk().get(0));
    read(a);
    assertThat(cache.usage()).isEqualTo(new FileCache.Usage(1, 300, 2, 600));
  }

  @Test
  void whatCannotBeFetchedTakesNoRoom() throws IOException {
    RemoteFile gone = new RemoteFile("elsewhere:" + remote.resolve("gone"), 100, 1);
    RemoteFile shorter = new RemoteFile(write("short", 50).uri(), 100, 1);
    for (RemoteFile file : List.of(gone, shorter)) {
      assertThatThrownBy(() -> cache.lease(List.of(file)))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE));
    }
    assertThat(cache.usage()).isEqualTo(new FileCache.Usage(0, 0, 0, 0));
    assertThat(onDisk()).isEmpty();
    assertThat(local.resolve("cache/parts")).isEmptyDirectory();
  }

  @Test
  void localFilesAreReadInPlace() throws IOException {
    Path here = Files.writeString(remote.resolve("here %20"), "x");
    try (FileLease lease =
        cache.lease(
            List.of(
                new RemoteFile(here.toString(), 1, 1), new RemoteFile("file://" + here, 1, 1)))) {
      assertThat(lease.paths()).containsExactly(here, here);
    }
    assertThat(cache.usage().files()).isZero();
  }

  @Test
  void aFolderHasOneProcess() {
    assertThatThrownBy(() -> open(1000))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("in use");
  }
}
