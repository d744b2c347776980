package dev.tarn.store.delta;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.commits.CommitFile;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.RatifiedCommit;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Looks into a staged commit before it becomes part of a table for good: one that cannot be read
 * would stop all readers. Who overwrites the file afterwards is found out when it is read.
 */
public final class StagedCommits implements CommitFile {
  /** About half a million files. */
  private static final long MOST_BYTES = 256L << 20;

  private static final int LONGEST_LINE = 16 << 20;

  /** Of what readers may take in different ways, nothing. */
  private static final ObjectReader LINE =
      Json.mapper()
          .readerFor(JsonNode.class)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final Supplier<Configuration> hadoop;

  /**
   * @param hadoop how to reach object stores, as it stands at each call
   */
  public StagedCommits(Supplier<Configuration> hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public void require(TableInfo table, RatifiedCommit commit) {
    Path folder = new Path(table.storageLocation());
    Path file = ManagedCommitLog.staged(new Path(folder, "_delta_log"), commit.fileName());
    try {
      FileSystem files = folder.getFileSystem(hadoop.get());
      TableRoot root = TableRoot.unknown(files.makeQualified(folder));
      root.requireReal(List.of(files.makeQualified(file)));
      requireSize(table, commit, files.getFileStatus(file));
      requireActions(table, commit, root, files.open(file));
    } catch (FileNotFoundException e) {
      throw refused(table, commit, "it is not in _delta_log/_staged_commits", e);
    } catch (JacksonException | UnsupportedTableException e) {
      throw refused(table, commit, "it is not what the Delta protocol says", e);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "The staged commit '" + file + "' could not be read: " + e.getMessage(),
          e);
    }
  }

  private static void requireSize(TableInfo table, RatifiedCommit commit, FileStatus file) {
    if (!file.isFile() || file.getLen() != commit.fileSize()) {
      throw refused(table, commit, "it has another size than its writer says", null);
    }
    if (file.getLen() > MOST_BYTES) {
      throw refused(table, commit, "it has more than " + MOST_BYTES + " bytes", null);
    }
  }

  /** As readers do, each line for itself, and none of it is kept. */
  private static void requireActions(
      TableInfo table, RatifiedCommit commit, TableRoot root, InputStream file) throws IOException {
    try (InputStream bytes = new BufferedInputStream(file)) {
      for (String line = line(table, commit, bytes);
          line != null;
          line = line(table, commit, bytes)) {
        JsonNode action = LINE.readTree(line);
        if (!action.isObject()) {
          throw refused(table, commit, "an action in it is no object", null);
        }
        for (String kind : List.of("add", "remove", "cdc")) {
          if (action.has(kind)) {
            requireOwn(table, commit, root, action.get(kind));
          }
        }
        if (action.has("metaData")) {
          requireSameTable(table, commit, action.get("metaData"));
        }
        if (action.has("protocol")) {
          requireManaged(table, commit, action.get("protocol"));
        }
      }
    }
  }

  /**
   * @return null at the end
   */
  private static String line(TableInfo table, RatifiedCommit commit, InputStream bytes)
      throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = bytes.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = bytes.read()) {
      if (line.size() == LONGEST_LINE) {
        throw refused(table, commit, "a line in it has more than " + LONGEST_LINE + " bytes", null);
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    // Where some readers would see the line end, and others not.
    if (text.strip().indexOf('\r') >= 0) {
      throw refused(table, commit, "a line in it is broken", null);
    }
    return text;
  }

  private static void requireOwn(
      TableInfo table, RatifiedCommit commit, TableRoot root, JsonNode file) throws IOException {
    if (!file.path("path").isTextual()) {
      throw refused(table, commit, "an action in it names no file", null);
    }
    try {
      root.confined(file.path("path").asText());
      root.confined(Commit.deletionVector(file));
    } catch (TarnException e) {
      throw refused(table, commit, "it names a file of another folder", e);
    }
  }

  private static void requireSameTable(TableInfo table, RatifiedCommit commit, JsonNode metadata) {
    String id = metadata.path("configuration").path(Commits.TABLE_ID).asText(null);
    if (!table.tableId().equals(id)) {
      throw refused(table, commit, "it takes property '" + Commits.TABLE_ID + "' away", null);
    }
  }

  private static void requireManaged(TableInfo table, RatifiedCommit commit, JsonNode protocol) {
    boolean managed =
        StreamSupport.stream(protocol.path("readerFeatures").spliterator(), false)
            .anyMatch(feature -> feature.asText().equals(StagedLogs.FEATURE));
    if (!managed) {
      throw refused(table, commit, "it takes feature '" + StagedLogs.FEATURE + "' away", null);
    }
  }

  private static TarnException refused(
      TableInfo table, RatifiedCommit commit, String why, Exception cause) {
    return new TarnException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Version "
            + commit.version()
            + " of table '"
            + table.name()
            + "' cannot be committed from '"
            + commit.fileName()
            + "': "
            + why
            + ". Stage it again under another name.",
        cause);
  }
}
