package dev.tarn.serve.results;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Results of statements, kept as files under the data folder until their statement is closed or
 * forgotten. Nothing survives a restart: what a killed process left is removed at start.
 */
public final class Results implements AutoCloseable {
  private static final long MOST_IN_MEMORY =
      Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 32);

  private final Path folder;
  private final Map<String, Map<Integer, byte[]>> small = new ConcurrentHashMap<>();
  private final AtomicLong inMemory = new AtomicLong();
  private final ResultsConfig config;
  private final BufferAllocator allocator = new RootAllocator();

  /**
   * @param folder owned by this object; emptied now
   */
  public Results(Path folder, ResultsConfig config) {
    this.folder = folder;
    this.config = config;
    try {
      removeTree(folder);
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INTERNAL_ERROR,
          "The folder for results, "
              + folder
              + ", cannot be emptied. Check its permissions and the disk.",
          e);
    }
  }

  public ResultsConfig config() {
    return config;
  }

  /**
   * Keeps a whole result: a first chunk that is small in memory, so that it needs no disk, and the
   * others as files.
   *
   * @param stopped asked between batches; when it says true the result is given up
   * @throws TarnException what the stream throws; BAD_REQUEST if the result passes {@code
   *     failBeyond}; RESOURCE_EXHAUSTED if the disk takes no more
   */
  public SpooledResult spool(
      String statementId, ResultStream stream, SpoolRequest request, BooleanSupplier stopped) {
    Path own = folder.resolve(statementId);
    boolean whole = false;
    try {
      Spool.Keep keep = (chunk, bytes) -> keep(statementId, chunk, bytes);
      try (Spool spool = new Spool(own, keep, stream, request, config.chunkBytes(), allocator)) {
        SpooledResult result = spool.run(statementId, stopped);
        whole = true;
        return result;
      }
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "53100",
          "The result could not be written to "
              + folder
              + ": "
              + e.getMessage()
              + ". Free some disk space or limit the result, then run the statement again.",
          e);
    } finally {
      if (!whole) {
        delete(statementId);
      }
    }
  }

  private boolean keep(String statementId, int chunk, byte[] bytes) {
    if (chunk > 0) {
      return false;
    }
    if (inMemory.addAndGet(bytes.length) > MOST_IN_MEMORY) {
      inMemory.addAndGet(-bytes.length);
      return false;
    }
    small.computeIfAbsent(statementId, id -> new ConcurrentHashMap<>()).put(chunk, bytes);
    return true;
  }

  /**
   * One chunk.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST if the result is closed or has no such chunk
   */
  public ChunkBytes chunk(String statementId, int chunk) {
    byte[] kept = small.getOrDefault(statementId, Map.of()).get(chunk);
    if (kept != null) {
      return new ChunkBytes.InMemory(kept);
    }
    Path file = folder.resolve(statementId).resolve(Integer.toString(chunk));
    if (!Files.isRegularFile(file)) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "Chunk "
              + chunk
              + " of statement '"
              + statementId
              + "' does not exist. Its result may be closed or expired; run the statement again.");
    }
    return new ChunkBytes.OnDisk(file);
  }

  public byte[] bytes(String statementId, int chunk) {
    try (InputStream in = chunk(statementId, chunk).from(0)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A chunk in format ARROW_STREAM, to be read batch by batch and closed. */
  public ChunkReader read(SpooledResult result, int chunk) throws IOException {
    return new ChunkReader(
        chunk(result.statementId(), chunk), result.compression(), result.arrowSchema(), allocator);
  }

  /** The rows of a chunk in format JSON_ARRAY. */
  public List<List<String>> rows(String statementId, int chunk) {
    try (InputStream in = chunk(statementId, chunk).from(0)) {
      return Json.mapper().readValue(in, new TypeReference<List<List<String>>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String statementId) {
    Map<Integer, byte[]> kept = small.remove(statementId);
    if (kept != null) {
      kept.values().forEach(bytes -> inMemory.addAndGet(-bytes.length));
    }
    try {
      removeTree(folder.resolve(statementId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeTree(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> walk = Files.walk(path)) {
      found = walk.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path each : found) {
      Files.deleteIfExists(each);
    }
  }

  @Override
  public void close() {
    allocator.close();
  }
}
