package dev.tarn.govern.clones;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The files of other tables that a shallow clone may name: those that it was made of. Kept as
 * digests of their paths, 16 bytes each, in ascending order one after the other: a clone may have
 * millions of files.
 */
public final class ClonedFiles {
  public static final ClonedFiles NONE = new ClonedFiles(List.of());

  private static final int LENGTH = 16;

  /** So that one row of the database has a megabyte. */
  private static final int MOST_TOGETHER = 65_536;

  private final List<byte[]> sorted;

  /**
   * @param sorted digests in ascending order, in as many pieces as there are
   */
  ClonedFiles(List<byte[]> sorted) {
    this.sorted = List.copyOf(sorted);
  }

  /**
   * @param files as {@link #contains} is asked for them
   */
  public static ClonedFiles of(Collection<String> files) {
    Builder all = new Builder();
    files.forEach(all::add);
    return all.build();
  }

  /**
   * @param file an absolute local path, or a URI of another file system, decoded and without {@code
   *     ..}
   */
  public boolean contains(String file) {
    byte[] digest = digest(file);
    return sorted.stream().anyMatch(each -> contains(each, digest));
  }

  private static boolean contains(byte[] sorted, byte[] digest) {
    int low = 0;
    int high = sorted.length / LENGTH - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = middle * LENGTH;
      int order = Arrays.compare(sorted, at, at + LENGTH, digest, 0, LENGTH);
      if (order == 0) {
        return true;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /** How many files they are. */
  public int size() {
    return bytes() / LENGTH;
  }

  int bytes() {
    return sorted.stream().mapToInt(each -> each.length).sum();
  }

  List<byte[]> digests() {
    return sorted;
  }

  /** The files of both, each once. */
  ClonedFiles and(ClonedFiles others) {
    Builder all = new Builder();
    for (byte[] chunk : sorted) {
      for (int at = 0; at < chunk.length; at += LENGTH) {
        all.add(Arrays.copyOfRange(chunk, at, at + LENGTH));
      }
    }
    for (byte[] chunk : others.sorted) {
      for (int at = 0; at < chunk.length; at += LENGTH) {
        byte[] digest = Arrays.copyOfRange(chunk, at, at + LENGTH);
        if (sorted.stream().noneMatch(each -> contains(each, digest))) {
          all.add(digest);
        }
      }
    }
    return all.build();
  }

  /** Takes files one by one, and keeps no more of each than its digest. */
  public static final class Builder {
    private final List<byte[]> full = new ArrayList<>();
    private final List<byte[]> open = new ArrayList<>();

    /**
     * @param file as {@link #contains} is asked for it
     */
    public void add(String file) {
      add(digest(file));
    }

    private void add(byte[] digest) {
      open.add(digest);
      if (open.size() == MOST_TOGETHER) {
        close();
      }
    }

    private void close() {
      open.sort(Arrays::compare);
      byte[] all = new byte[open.size() * LENGTH];
      for (int i = 0; i < open.size(); i++) {
        System.arraycopy(open.get(i), 0, all, i * LENGTH, LENGTH);
      }
      full.add(all);
      open.clear();
    }

    public ClonedFiles build() {
      if (!open.isEmpty()) {
        close();
      }
      return new ClonedFiles(full);
    }
  }

  private static byte[] digest(String file) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(whole, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
