package dev.tarn.store.delta;

import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * What a table may name that is cloned of another one: that one's files, by the paths that it is
 * told of and by those that they have in fact. Taken one by one, since there may be millions.
 */
public final class SourceFiles {
  private final TableRoot root;
  private final SymbolicLinks links;
  private final ClonedFiles.Builder files = new ClonedFiles.Builder();

  SourceFiles(TableRoot root) {
    this.root = root;
    this.links = root.links();
  }

  /**
   * Takes a data file.
   *
   * @param logged as the log has it
   * @throws TarnException INVALID_STATE if it is not the source's own
   */
  public void add(String logged) {
    put(root.resolve(root.confined(logged)));
  }

  /**
   * Takes a deletion vector.
   *
   * @param vector with its scheme
   * @throws TarnException INVALID_STATE if it is not the source's own
   */
  public void addVector(Path vector) {
    root.requireOwn(vector);
    put(TableRoot.text(vector));
  }

  private void put(String file) {
    root.requireReal(file, links);
    files.add(file);
    if (file.startsWith("/")) {
      try {
        String real = java.nio.file.Path.of(file).toRealPath().toString();
        if (!real.equals(file)) {
          files.add(real);
        }
      } catch (IOException e) {
        // It is gone by now, and reading the clone will say so.
        return;
      }
    }
  }

  public ClonedFiles all() {
    return files.build();
  }
}
