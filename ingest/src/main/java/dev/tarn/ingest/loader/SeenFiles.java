package dev.tarn.ingest.loader;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * All files that a stream has taken, in RocksDB beside the checkpoint. It is an index of the {@link
 * BatchLog}, which alone must outlive a crash: what the index lacks is taken from there when it is
 * opened, all of it where the checkpoint does not lie on this machine.
 */
final class SeenFiles implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private static final byte[] APPLIED = {'a'};
  private static final byte FILE = 'f';
  private static final double BITS_OF_THE_FILTER = 10;

  private final BatchLog log;
  private final BloomFilter filter = new BloomFilter(BITS_OF_THE_FILTER);
  private final Options options =
      new Options()
          .setCreateIfMissing(true)
          .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));
  private final Path source;
  private File folder;
  private RocksDB index;
  private long last;

  SeenFiles(BatchLog log, Path source) {
    this.log = log;
    this.source = source;
    boolean open = false;
    try {
      folder = folder(source);
      index = RocksDB.open(options, folder.getPath());
      byte[] applied = index.get(APPLIED);
      last = applied == null ? LoaderOffset.NOTHING : ByteBuffer.wrap(applied).getLong();
      for (long batch : log.after(last)) {
        apply(batch, log.find(batch).orElseThrow(() -> LoaderErrors.lostBatch(batch)));
      }
      open = true;
    } catch (RocksDBException | IOException e) {
      throw LoaderErrors.state(source.toString(), e);
    } finally {
      if (!open) {
        close();
      }
    }
  }

  private static boolean isHere(Path source) {
    String scheme = source.toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  private static File folder(Path source) throws IOException {
    if (!isHere(source)) {
      return Files.createTempDirectory("tarn-seen-files").toFile();
    }
    File folder = new File(source.toUri().getPath(), "rocksdb");
    Files.createDirectories(folder.toPath());
    return folder;
  }

  /** The last batch of files, or {@link LoaderOffset#NOTHING}. */
  long last() {
    return last;
  }

  /**
   * Whether a file is to be read: it has never been, or it has been written over since and that
   * matters.
   */
  boolean isNew(String path, long modified, boolean overwrites) {
    byte[] known = get(path);
    return known == null || (overwrites && ByteBuffer.wrap(known).getLong() < modified);
  }

  private byte[] get(String path) {
    try {
      return index.get(key(path));
    } catch (RocksDBException e) {
      throw LoaderErrors.state(log.toString(), e);
    }
  }

  /** Makes the next batch of these files; it is durable when this returns. */
  long add(List<FoundFile> files) {
    log.add(last + 1, files);
    try {
      apply(last + 1, files);
    } catch (RocksDBException e) {
      throw LoaderErrors.state(log.toString(), e);
    }
    return last;
  }

  private void apply(long batch, List<FoundFile> files) throws RocksDBException {
    try (WriteBatch write = new WriteBatch();
        WriteOptions how = new WriteOptions()) {
      for (FoundFile file : files) {
        write.put(
            key(file.path()), ByteBuffer.allocate(Long.BYTES).putLong(file.modified()).array());
      }
      write.put(APPLIED, ByteBuffer.allocate(Long.BYTES).putLong(batch).array());
      index.write(how, write);
    }
    last = batch;
  }

  private static byte[] key(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 1).put(FILE).put(name).array();
  }

  @Override
  public void close() {
    if (index != null) {
      index.close();
    }
    options.close();
    filter.close();
    if (folder != null && !isHere(source)) {
      File[] files = folder.listFiles();
      for (File file : files == null ? new File[0] : files) {
        file.delete();
      }
      folder.delete();
    }
  }
}
