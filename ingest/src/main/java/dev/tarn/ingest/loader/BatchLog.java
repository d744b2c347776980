package dev.tarn.ingest.loader;

import dev.tarn.kernel.json.Json;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager;
import org.apache.spark.sql.execution.streaming.runtime.FileStreamSource;
import org.apache.spark.sql.execution.streaming.runtime.FileStreamSourceLog;

/**
 * Which files each batch of a stream reads: one file per batch in the checkpoint, written once and
 * for all before Spark notes the batch's offset. The first line is the version, each other one a
 * file in JSON.
 *
 * <p>A checkpoint of Spark's own file stream keeps its log beside this one; its batches come first.
 */
final class BatchLog {
  private static final String VERSION = "v1";
  private static final String FOLDER = "files";
  private static final String SUFFIX = ".json";

  private final SparkSession spark;
  private final Path source;
  private final Path folder;
  private final CheckpointFileManager files;
  private TreeMap<Long, List<FoundFile>> before;

  /**
   * @param source the folder in the checkpoint that belongs to the stream's source
   */
  BatchLog(SparkSession spark, Path source, Configuration hadoop) {
    this.spark = spark;
    this.source = source;
    this.folder = new Path(source, FOLDER);
    this.files = CheckpointFileManager.create(folder, hadoop);
    if (!files.exists(folder)) {
      files.mkdirs(folder);
    }
  }

  void add(long batch, List<FoundFile> found) {
    StringBuilder text = new StringBuilder(VERSION);
    for (FoundFile file : found) {
      text.append('\n').append(Json.string(file));
    }
    try {
      var out = files.createAtomic(file(batch), false);
      boolean written = false;
      try {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.close();
        written = true;
      } finally {
        if (!written) {
          out.cancel();
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw LoaderErrors.taken(batch, e);
    } catch (IOException e) {
      throw LoaderErrors.state(folder.toString(), e);
    }
  }

  /** The files of a batch, if there is such a batch. */
  Optional<List<FoundFile>> find(long batch) {
    List<FoundFile> sparks = ofSpark().get(batch);
    if (sparks != null) {
      return Optional.of(sparks);
    }
    try (var in = files.open(file(batch));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      if (!VERSION.equals(lines.readLine())) {
        throw LoaderErrors.foreignCheckpoint();
      }
      List<FoundFile> found = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        found.add(Json.read(line, FoundFile.class));
      }
      return Optional.of(found);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LoaderErrors.state(folder.toString(), e);
    }
  }

  /** The batches after one, in their order. */
  List<Long> after(long batch) {
    List<Long> batches = new ArrayList<>(ofSpark().tailMap(batch, false).keySet());
    for (FileStatus file : files.list(folder)) {
      String name = file.getPath().getName();
      if (name.matches("\\d+\\.json")) {
        long id = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        if (id > batch) {
          batches.add(id);
        }
      }
    }
    batches.sort(null);
    return batches;
  }

  private Path file(long batch) {
    return new Path(folder, batch + SUFFIX);
  }

  /** Read once: nothing is added to it any more. */
  private TreeMap<Long, List<FoundFile>> ofSpark() {
    if (before == null) {
      before = new TreeMap<>();
      for (FileStatus file : files.list(source)) {
        if (file.getPath().getName().matches("\\d+(\\.compact)?")) {
          readSparks();
          break;
        }
      }
    }
    return before;
  }

  private void readSparks() {
    for (Object entry :
        new FileStreamSourceLog(FileStreamSourceLog.VERSION(), spark, source.toString())
            .allFiles()) {
      FileStreamSource.FileEntry file = (FileStreamSource.FileEntry) entry;
      before
          .computeIfAbsent(file.batchId(), b -> new ArrayList<>())
          .add(
              new FoundFile(
                  new Path(URI.create(file.path())).toString(), 0, file.timestamp(), false));
    }
  }

  /** For messages about this stream's state. */
  @Override
  public String toString() {
    return source.toString();
  }
}
