package dev.tarn.engine.copy;

import dev.tarn.govern.catalog.ManagedLocations;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.SetTransaction;
import scala.Option;

/**
 * Which files a table has been loaded from. Each is an application of its own to Delta, whose
 * transaction is in the commit that brings its rows: the log never has one without the other, and
 * of two that load the same file at once Delta refuses the second.
 *
 * @see <a href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#transaction-identifiers">
 *     Transaction identifiers</a>
 */
final class LoadedFiles {
  private static final String PREFIX = "copy-into:";
  private static final long LOADED = 1;

  private LoadedFiles() {}

  /** Those of the files that the table has not been loaded from. */
  static Set<String> notIn(Snapshot snapshot, Collection<String> files) {
    var known = snapshot.transactions();
    String table = snapshot.metadata().id();
    return files.stream()
        .filter(file -> !known.contains(application(table, file)))
        .collect(Collectors.toSet());
  }

  /**
   * Makes the transaction depend on none of the files being loaded by another until it commits.
   *
   * @return whether none has been by now
   */
  static boolean claim(OptimisticTransaction transaction, Collection<String> files) {
    boolean free = true;
    for (String file : files) {
      String application = application(transaction.snapshot().metadata().id(), file);
      free &= transaction.txnVersion(application) < LOADED;
    }
    return free;
  }

  /** What the commit says of the files. */
  static List<Action> marks(Snapshot snapshot, Collection<String> files) {
    Option<Object> now = Option.apply(System.currentTimeMillis());
    List<Action> marks = new ArrayList<>();
    for (String file : files) {
      marks.add(new SetTransaction(application(snapshot.metadata().id(), file), LOADED, now));
    }
    return marks;
  }

  /** The table's id changes where it is replaced: another table then, which has no files yet. */
  private static String application(String table, String file) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(ManagedLocations.identity(file).getBytes(StandardCharsets.UTF_8));
      return PREFIX + table + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
