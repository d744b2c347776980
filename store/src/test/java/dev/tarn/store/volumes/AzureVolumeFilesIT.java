package dev.tarn.store.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.store.Store;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.testkit.azurite.Azurite;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a volume in an object store. */
class AzureVolumeFilesIT {
  private static final String ROOT = "/Volumes/main/default/landing";
  private static final long LARGE = 96L << 20;

  @TempDir private static Path data;
  private static Azurite azurite;
  private static Platform platform;
  private static Principal admin;
  private static VolumeFiles files;
  private static FileSystem stored;
  private static org.apache.hadoop.fs.Path folder;

  @BeforeAll
  static void open() throws IOException {
    azurite = Azurite.start();
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    Govern govern =
        new Govern(
            platform.database(), platform.identity()::exists, Azurite.root("volumes") + "/tarn");
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    String location =
        govern
            .volumes()
            .create(admin, new EntityName("main", "default", "landing"), Optional.empty(), null)
            .storageLocation();
    assertThat(location).startsWith("abfs://volumes@");
    ObjectStores stores = new ObjectStores(azurite.hadoopSettings());
    files = new Store(govern, stores, true).volumeFiles();
    folder = new org.apache.hadoop.fs.Path(location);
    stored = stores.of(folder);
  }

  @AfterAll
  static void close() {
    platform.close();
    azurite.close();
  }

  private static void put(String path, String text, boolean overwrite) {
    files.put(admin, path, new ByteArrayInputStream(text.getBytes(UTF_8)), overwrite);
  }

  private static String read(String path) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VolumeStorage.Content file = files.open(admin, path)) {
      file.copy(0, file.size(), out);
    }
    return out.toString(UTF_8);
  }

  private static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void filesAreWrittenListedReplacedAndDeleted() throws IOException {
    String at = ROOT + "/written";
    files.createDirectory(admin, at);
    assertThat(files.list(admin, at)).isEmpty();
    assertThat(files.status(admin, at, true).isDirectory()).isTrue();
    put(at + "/d/ä 100%.csv", "one", false);
    put(at + "/b.csv", "two", false);
    assertThat(read(at + "/d/ä 100%.csv")).isEqualTo("one");
    assertThat(files.list(admin, at))
        .extracting(VolumeEntry::path)
        .containsExactly(at + "/b.csv", at + "/d");
    assertThat(files.status(admin, at + "/b.csv", false).fileSize()).isEqualTo(3);
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "overwrite=true",
        () -> put(at + "/b.csv", "three", false));
    fails(ErrorCode.RESOURCE_ALREADY_EXISTS, "/d", () -> put(at + "/d", "x", true));
    put(at + "/b.csv", "three", true);
    put(at + "/new.csv", "", true);
    assertThat(read(at + "/b.csv")).isEqualTo("three");
    assertThat(read(at + "/new.csv")).isEmpty();
    assertThat(files.list(admin, at)).hasSize(3);
    fails(ErrorCode.RESOURCE_CONFLICT, "not empty", () -> files.deleteDirectory(admin, at + "/d"));
    files.delete(admin, at + "/d/ä 100%.csv");
    files.deleteDirectory(admin, at + "/d");
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "does not exist",
        () -> files.status(admin, at + "/d", true));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST, "does not exist", () -> files.delete(admin, at + "/no"));
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "does not exist", () -> read(at + "/no"));
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "does not exist", () -> files.list(admin, at + "/no"));
  }

  @Test
  void anUploadThatBreaksOffLeavesTheOldFileAndNothingElse() throws IOException {
    String at = ROOT + "/broken";
    put(at + "/a.csv", "old", false);
    InputStream breaking =
        new InputStream() {
          private int given;

          @Override
          public int read() throws IOException {
            if (given++ > 100_000) {
              throw new IOException("connection reset");
            }
            return 'x';
          }
        };
    fails(ErrorCode.INTERNAL_ERROR, "a.csv", () -> files.put(admin, at + "/a.csv", breaking, true));
    assertThat(read(at + "/a.csv")).isEqualTo("old");
    assertThat(stored.listStatus(new org.apache.hadoop.fs.Path(folder, "broken"))).hasSize(1);
  }

  /** What is left where a process is killed between setting the old file aside and the new one. */
  @Test
  void aFileThatWasOnlySetAsideIsStillThere() throws IOException {
    String at = ROOT + "/aside";
    put(at + "/a.csv", "old", false);
    var path = new org.apache.hadoop.fs.Path(folder, "aside/a.csv");
    var aside = new org.apache.hadoop.fs.Path(folder, "aside/.tarn-upload-replaced-a.csv");
    assertThat(stored.rename(path, aside)).isTrue();

    assertThat(read(at + "/a.csv")).isEqualTo("old");
    assertThat(files.list(admin, at)).extracting(VolumeEntry::name).containsExactly("a.csv");
    assertThat(files.status(admin, at + "/a.csv", false).path()).isEqualTo(at + "/a.csv");
    fails(ErrorCode.RESOURCE_ALREADY_EXISTS, "a.csv", () -> put(at + "/a.csv", "second", false));
    put(at + "/a.csv", "new", true);
    assertThat(read(at + "/a.csv")).isEqualTo("new");
    assertThat(stored.exists(aside)).isFalse();

    assertThat(stored.rename(path, aside)).isTrue();
    files.delete(admin, at + "/a.csv");
    assertThat(files.list(admin, at)).isEmpty();
    files.deleteDirectory(admin, at);
  }

  @Test
  void ofWritersAtTheSameTimeOneMakesAFileAndOneReplacesIt() throws Exception {
    String path = ROOT + "/race/a.csv";
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        List<Callable<Boolean>> makers =
            IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(
                    i ->
                        () -> {
                          try {
                            put(path, "maker " + i, false);
                            return true;
                          } catch (TarnException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_ALREADY_EXISTS);
                            return false;
                          }
                        })
                .toList();
        List<Future<Boolean>> made = writers.invokeAll(makers);
        int winner = -1;
        for (int i = 0; i < made.size(); i++) {
          if (made.get(i).get()) {
            assertThat(winner).isEqualTo(-1);
            winner = i;
          }
        }
        assertThat(read(path)).isEqualTo("maker " + winner);
        files.delete(admin, path);
      }
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void largeFilesAndRangesStreamThrough() throws IOException {
    String path = ROOT + "/large.bin";
    CRC32C in = new CRC32C();
    files.put(admin, path, new RandomBytes(LARGE, in), false);
    assertThat(files.status(admin, path, false).fileSize()).isEqualTo(LARGE);
    CRC32C out = new CRC32C();
    try (VolumeStorage.Content file = files.open(admin, path);
        OutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), out)) {
      file.copy(0, file.size(), sum);
    }
    assertThat(out.getValue()).isEqualTo(in.getValue());

    long first = LARGE - (5 << 20) - 3;
    byte[] expected = new byte[5000];
    RandomBytes again = new RandomBytes(LARGE, new CRC32C());
    again.skipNBytes(first);
    again.readNBytes(expected, 0, expected.length);
    ByteArrayOutputStream range = new ByteArrayOutputStream();
    try (VolumeStorage.Content file = files.open(admin, path)) {
      file.copy(first, expected.length, range);
    }
    assertThat(range.toByteArray()).isEqualTo(expected);
    assertThatThrownBy(
            () -> {
              try (VolumeStorage.Content file = files.open(admin, path)) {
                file.copy(LARGE - 1, 2, OutputStream.nullOutputStream());
              }
            })
        .isInstanceOf(IOException.class);
  }

  /** The same bytes each time. */
  private static final class RandomBytes extends InputStream {
    private final Random random = new Random(7);
    private final byte[] block = new byte[1 << 16];
    private final CRC32C sum;
    private long left;
    private int at = block.length;

    RandomBytes(long size, CRC32C sum) {
      this.left = size;
      this.sum = sum;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (left == 0) {
        return -1;
      }
      if (at == block.length) {
        random.nextBytes(block);
        at = 0;
      }
      int given = (int) Math.min(Math.min(length, block.length - at), left);
      System.arraycopy(block, at, into, from, given);
      sum.update(block, at, given);
      at += given;
      left -= given;
      return given;
    }
  }
}
