package dev.tarn.ingest.loader;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation$;
import org.apache.spark.sql.execution.streaming.Offset;
import org.apache.spark.sql.execution.streaming.Source;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A stream over the files of a folder, each of them once. A batch's files are in the {@link
 * BatchLog} before Spark knows that there is such a batch; after a crash the same files are the
 * same batch again, and Delta knows whether it has its rows.
 */
final class LoaderSource implements Source, SupportsTriggerAvailableNow {
  private final SparkSession spark;
  private final ScannedFormat format;
  private final Path location;
  private final LoaderOptions options;
  private final Configuration hadoop;
  private final ZoneId zone;
  private final BatchLog log;
  private final SeenFiles seen;
  private final Discovery discovery;

  /** Found, and in no batch yet. */
  private final Deque<FoundFile> pending = new ArrayDeque<>();

  private boolean morePending;

  /** Whether the stream ends with what was there when it began. */
  private boolean onlyAvailable;

  /** The batch that this process has made last, whose files need not be looked up. */
  private List<FoundFile> made = List.of();

  private long madeId = LoaderOffset.NOTHING;

  LoaderSource(
      SparkSession spark,
      ScannedFormat format,
      Path location,
      LoaderOptions options,
      String checkpoint) {
    this.spark = spark;
    this.format = format;
    this.options = options;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.location = location;
    this.zone = ZoneId.of(spark.sessionState().conf().sessionLocalTimeZone());
    Path source = new Path(checkpoint);
    this.log = new BatchLog(spark, source, hadoop);
    this.seen = new SeenFiles(log, source);
    this.discovery = new Discovery(location, hadoop, options, seen);
  }

  @Override
  public StructType schema() {
    return format.schema();
  }

  @Override
  public synchronized void prepareForTriggerAvailableNow() {
    begin();
    discover();
    onlyAvailable = true;
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return ReadLimit.maxFiles(options.maxFiles());
  }

  @Override
  public synchronized org.apache.spark.sql.connector.read.streaming.Offset latestOffset(
      org.apache.spark.sql.connector.read.streaming.Offset start, ReadLimit limit) {
    begin();
    // A batch that Spark had not heard of yet when the stream was stopped comes first.
    if (seen.last() <= LoaderOffset.batch(start)) {
      if (pending.isEmpty() && (!onlyAvailable || morePending)) {
        discover();
      }
      List<FoundFile> batch = next();
      if (!batch.isEmpty()) {
        madeId = seen.add(batch);
        made = batch;
      }
    }
    return seen.last() == LoaderOffset.NOTHING ? null : new LoaderOffset(seen.last());
  }

  /** What lies there when a stream begins is taken, unless that is not wanted. */
  private void begin() {
    if (seen.last() == LoaderOffset.NOTHING && !options.includeExistingFiles()) {
      seen.add(discovery.all().stream().map(FoundFile::passedOver).toList());
    }
  }

  private void discover() {
    Discovery.Found found = discovery.find();
    pending.clear();
    pending.addAll(found.files());
    morePending = found.more();
  }

  /** Up to the limits; the file with which the limit of bytes is reached is in it. */
  private List<FoundFile> next() {
    List<FoundFile> batch = new ArrayList<>();
    long bytes = 0;
    while (!pending.isEmpty()
        && batch.size() < options.maxFiles()
        && (options.maxBytes().isEmpty() || bytes < options.maxBytes().getAsLong())) {
      FoundFile file = pending.poll();
      bytes += file.size();
      batch.add(file);
    }
    return batch;
  }

  @Override
  public synchronized Option<Offset> getOffset() {
    return Option.apply((Offset) latestOffset(null, getDefaultReadLimit()));
  }

  @Override
  public synchronized Dataset<Row> getBatch(Option<Offset> start, Offset end) {
    long first = LoaderOffset.batch(start.isEmpty() ? null : start.get()) + 1;
    List<FileStatus> files = new ArrayList<>();
    for (long batch = first; batch <= LoaderOffset.batch(end); batch++) {
      if (batch == madeId) {
        made.stream().filter(f -> !f.skipped()).map(FoundFile::status).forEach(files::add);
      } else {
        files.addAll(again(batch));
      }
    }
    HadoopFsRelation relation =
        new HadoopFsRelation(
            new BatchFiles(location, files, format.partitions(), zone),
            format.partitions(),
            format.data(),
            Option.empty(),
            format.reader(spark),
            format.options(),
            spark);
    return org.apache.spark.sql.classic.Dataset$.MODULE$.ofRows(
        spark, LogicalRelation$.MODULE$.apply(relation, true));
  }

  /** As they are now: one that could not be read may have been replaced since. */
  private List<FileStatus> again(long batch) {
    List<FoundFile> files = log.find(batch).orElseThrow(() -> LoaderErrors.lostBatch(batch));
    List<FileStatus> now = new ArrayList<>();
    try {
      FileSystem fs = location.getFileSystem(hadoop);
      for (FoundFile file : files) {
        if (!file.skipped()) {
          now.add(now(fs, file));
        }
      }
    } catch (IOException e) {
      throw LoaderErrors.unlistable(location.toString(), e);
    }
    return now;
  }

  private static FileStatus now(FileSystem fs, FoundFile file) throws IOException {
    try {
      return fs.getFileStatus(new Path(file.path()));
    } catch (FileNotFoundException e) {
      // Whoever reads it says that it is gone, or passes over it with ignoreMissingFiles.
      return file.status();
    }
  }

  @Override
  public void stop() {
    seen.close();
  }

  @Override
  public String toString() {
    return "CloudFiles[" + location + "]";
  }
}
