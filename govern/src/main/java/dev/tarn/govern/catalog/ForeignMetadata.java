package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.Set;

/**
 * Asks other systems what tables they have. Names that are asked for are those of the catalog, in
 * lower case; an answer has them as the other system writes them.
 */
public interface ForeignMetadata {
  /** Of a server that reads no other systems. */
  ForeignMetadata NONE =
      new ForeignMetadata() {
        @Override
        public Set<String> types() {
          return Set.of();
        }

        @Override
        public List<String> schemas(ForeignAddress at) {
          return List.of();
        }

        @Override
        public List<ForeignTable> tables(ForeignAddress at, String schema) {
          return List.of();
        }

        @Override
        public List<ForeignTable> table(ForeignAddress at, String schema, String table) {
          return List.of();
        }
      };

  /** The types of connections that it can ask. */
  Set<String> types();

  /**
   * @throws TarnException with the name of the connection, if the system cannot be reached or
   *     refuses
   */
  List<String> schemas(ForeignAddress at);

  /** All of a schema; as {@link #schemas}. */
  List<ForeignTable> tables(ForeignAddress at, String schema);

  /** Those whose name is this one but for case, which mostly is one; as {@link #schemas}. */
  List<ForeignTable> table(ForeignAddress at, String schema, String table);
}
