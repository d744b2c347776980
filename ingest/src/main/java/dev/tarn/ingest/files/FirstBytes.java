package dev.tarn.ingest.files;

import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.fs.FileStatus;

/** What format a file has by how it begins, for files whose names do not say. */
final class FirstBytes {
  private static final int MOST = 4_096;
  private static final int GZIP = 0x1f;
  private static final int GZIP_NEXT = 0x8b;

  private FirstBytes() {}

  /** That of the first file that has anything in it; empty if it could be anything. */
  static Optional<String> format(ObjectStores stores, FileListing files) {
    for (FileStatus file : files.files()) {
      if (file.getLen() > 0) {
        try (InputStream in = stores.of(file.getPath()).open(file.getPath())) {
          return format(in.readNBytes(MOST));
        } catch (IOException e) {
          // The reader will say what is wrong with the file, once its format is known.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  static Optional<String> format(byte[] start) {
    if (start.length > 2 && (start[0] & 0xff) == GZIP && (start[1] & 0xff) == GZIP_NEXT) {
      try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(start))) {
        return format(in.readNBytes(MOST));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    String text = new String(start, StandardCharsets.UTF_8).stripLeading();
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1).stripLeading();
    }
    if (text.startsWith("PAR1")) {
      return Optional.of("parquet");
    } else if (text.startsWith("ORC")) {
      return Optional.of("orc");
    } else if (text.startsWith("Obj\u0001")) {
      return Optional.of("avro");
    } else if (text.startsWith("{") || text.startsWith("[")) {
      return Optional.of("json");
    } else if (text.startsWith("<")) {
      return Optional.of("xml");
    }
    return Optional.empty();
  }
}
