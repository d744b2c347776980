package dev.tarn.store.delta;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Looks for symbolic links on the way from a folder to files. Each folder is looked at once. */
final class SymbolicLinks {
  private final Path base;
  private final Set<Path> plain = new HashSet<>();

  /**
   * @param base that whoever runs the server answers for: how it is reached is not asked
   */
  SymbolicLinks(Path base) {
    this.base = base;
  }

  /**
   * Whether the file or a folder between it and the base is one.
   *
   * @param file in the base, without {@code ..}
   */
  boolean leadTo(Path file) {
    return Files.isSymbolicLink(file) || (file.getParent() != null && inWay(file.getParent()));
  }

  private boolean inWay(Path folder) {
    if (folder.equals(base) || !folder.startsWith(base) || plain.contains(folder)) {
      return false;
    }
    if (Files.isSymbolicLink(folder) || inWay(folder.getParent())) {
      return true;
    }
    plain.add(folder);
    return false;
  }
}
