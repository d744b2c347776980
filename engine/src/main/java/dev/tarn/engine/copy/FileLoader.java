package dev.tarn.engine.copy;

import dev.tarn.engine.session.SessionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;

/** Where COPY INTO finds files, and reads them. A room downstream of the engine brings it. */
public interface FileLoader {
  /**
   * @param path a volume's, or the URI of a place of files
   * @param names of files below the path; all where there are none
   * @param pattern a glob below the path
   * @param options of the format's reader, by lower-case name
   */
  record Request(
      SparkSession spark,
      SessionContext session,
      String path,
      String format,
      List<String> names,
      Optional<String> pattern,
      Map<String, String> options) {
    public Request {
      names = List.copyOf(names);
      options = Map.copyOf(options);
    }
  }

  /** What was found, as it stood then. */
  interface Found {
    /** URIs of the files, each the same however its place was written. */
    List<String> files();

    /**
     * A plan that reads these of the files, and no others.
     *
     * @throws dev.tarn.kernel.error.TarnException if no columns can be made out
     */
    LogicalPlan read(Set<String> files);
  }

  /**
   * @throws dev.tarn.kernel.error.TarnException PERMISSION_DENIED if the principal may not read the
   *     path; if it is not there, or an option is unknown
   */
  Found find(Request request);
}
