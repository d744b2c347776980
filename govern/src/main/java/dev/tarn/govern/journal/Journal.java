package dev.tarn.govern.journal;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Records on their way to a table of the catalog {@code system}: files that are only appended to,
 * {@code <number>.journal}, in a folder of this server's own. What was appended survives the end of
 * the process at once; a thread of the journal's own brings it to the disk, over and over, all that
 * has come meanwhile together.
 *
 * <p>A file is a row of frames: length of the payload (4 bytes, big endian), CRC-32C of it (4
 * bytes), the payload. Where the length is 0 or a frame is not whole, the file ends: what follows
 * was acknowledged to nobody. Space is written ahead as zeros, so that the disk need not note a new
 * length of the file each time.
 */
public final class Journal implements AutoCloseable {
  private static final int HEADER = 8;
  private static final int AHEAD = 1 << 20;
  private static final int LONGEST_FILE = 16 << 20;
  private static final int MOST_UNWRITTEN = 10_000;
  private static final String SUFFIX = ".journal";
  private static final String IDENTITY = "journal.id";

  private final Path folder;
  private final String what;
  private final boolean sync;
  private final String identity;
  private final Thread forcer;
  private final Object moving = new Object();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition done = lock.newCondition();

  /** What the disk did not take, which goes before all else. */
  private final Deque<byte[]> unwritten = new ArrayDeque<>();

  // Not a channel, which is closed when a thread is interrupted that writes to it.
  private RandomAccessFile file;
  private long number;
  private long position;
  private long zeroed;
  private long written;
  private long forced;
  private long refused;
  private IOException failure;
  private boolean forcing;
  private boolean closed;

  /** Where records go from the journal. */
  @FunctionalInterface
  public interface Target {
    /**
     * Takes records, all or none, and none twice.
     *
     * @param journal names the journal
     * @param number of the batch, which rises; one that is there already is not taken again
     * @param rows as JSON objects, one a row
     */
    void append(String journal, long number, List<String> rows);
  }

  /** One file that nothing is appended to any more. */
  record Sealed(Path file, long number) {
    List<byte[]> records() throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      List<byte[]> records = new ArrayList<>();
      while (bytes.remaining() >= HEADER) {
        int length = bytes.getInt();
        int crc = bytes.getInt();
        if (length <= 0 || length > bytes.remaining()) {
          break;
        }
        byte[] payload = new byte[length];
        bytes.get(payload);
        if (crc(payload) != crc) {
          break;
        }
        records.add(payload);
      }
      return records;
    }
  }

  /**
   * @param what is recorded, for messages, such as "audit log"
   * @param folder on this machine; made if absent, for nobody else to read
   * @param sync whether an append waits for the disk, and not for the operating system alone
   * @throws TarnException INVALID_STATE if the folder cannot be written
   */
  public static Journal open(String what, Path folder, boolean sync) {
    try {
      return new Journal(what, folder, sync);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The journal of the "
              + what
              + " in '"
              + folder
              + "' cannot be opened: "
              + e.getMessage()
              + ". Check the data folder's permissions, and that the disk is not full.",
          e);
    }
  }

  private Journal(String what, Path folder, boolean sync) throws IOException {
    this.folder = folder;
    this.what = what;
    this.sync = sync;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.identity = identity(folder.resolve(IDENTITY));
    open(files(folder).stream().mapToLong(Sealed::number).max().orElse(0) + 1);
    this.forcer = new Thread(this::force, what.replace(' ', '-') + "-journal");
    forcer.setDaemon(true);
    forcer.start();
  }

  private static String identity(Path file) throws IOException {
    try {
      Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      if (Files.size(file) == 0) {
        // The machine went down within the first start; nothing was recorded under another name.
        Files.writeString(file, UUID.randomUUID().toString());
      }
    }
    return Files.readString(file).strip();
  }

  /** Names this journal among those of other servers, and of a folder that was deleted. */
  public String identity() {
    return identity;
  }

  /** The files there are, the oldest first. */
  private static List<Sealed> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(SUFFIX))
          .map(
              path -> {
                String name = path.getFileName().toString();
                return new Sealed(
                    path, Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
              })
          .sorted(Comparator.comparingLong(Sealed::number))
          .toList();
    }
  }

  private void open(long next) throws IOException {
    Path path = folder.resolve(String.format("%019d%s", next, SUFFIX));
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
    opened.write(new byte[AHEAD]);
    opened.getFD().sync();
    // A file's name is on disk once its folder is.
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
    if (file != null) {
      file.getFD().sync();
      file.close();
    }
    file = opened;
    number = next;
    position = 0;
    zeroed = AHEAD;
  }

  /**
   * Takes a record.
   *
   * @return its number, for {@link #await}
   * @throws TarnException TEMPORARILY_UNAVAILABLE if it cannot be written; it is kept, and tried
   *     again with the next one
   */
  public long append(byte[] payload) {
    byte[] frame =
        ByteBuffer.allocate(HEADER + payload.length)
            .putInt(payload.length)
            .putInt(crc(payload))
            .put(payload)
            .array();
    lock.lock();
    try {
      if (closed) {
        throw unavailable(new IOException("it is closed"));
      }
      unwritten.add(frame);
      try {
        while (!unwritten.isEmpty()) {
          write(unwritten.peek());
          unwritten.poll();
          written++;
        }
      } catch (IOException e) {
        if (unwritten.size() > MOST_UNWRITTEN) {
          unwritten.pollLast();
        }
        throw unavailable(e);
      }
      more.signal();
      return written;
    } finally {
      lock.unlock();
    }
  }

  private void write(byte[] frame) throws IOException {
    if (position > LONGEST_FILE) {
      roll();
    }
    while (position + frame.length + HEADER > zeroed) {
      file.seek(zeroed);
      file.write(new byte[AHEAD]);
      zeroed += AHEAD;
    }
    file.seek(position);
    file.write(frame);
    position += frame.length;
  }

  private void roll() throws IOException {
    while (forcing) {
      done.awaitUninterruptibly();
    }
    open(number + 1);
    forced = written;
    done.signalAll();
  }

  /**
   * Waits for the disk if this journal does; a record that was appended survives the end of the
   * process without.
   *
   * @throws TarnException TEMPORARILY_UNAVAILABLE if the disk fails
   */
  public void await(long record) {
    if (!sync) {
      return;
    }
    lock.lock();
    try {
      while (forced < record && refused < record) {
        // Whoever interrupts means what the thread does, and not the record of it.
        done.awaitUninterruptibly();
      }
      if (forced < record) {
        throw unavailable(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void force() {
    lock.lock();
    try {
      while (!closed) {
        if (written == forced || written == refused) {
          more.awaitUninterruptibly();
          continue;
        }
        long last = written;
        FileChannel now = file.getChannel();
        forcing = true;
        lock.unlock();
        IOException problem = null;
        try {
          now.force(false);
        } catch (IOException e) {
          problem = e;
        } finally {
          lock.lock();
          forcing = false;
        }
        if (problem == null) {
          forced = last;
        } else {
          refused = last;
          failure = problem;
        }
        done.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** All that was recorded so far, in files that nothing is appended to any more. */
  List<Sealed> seal() throws IOException {
    long current;
    lock.lock();
    try {
      if (closed) {
        return files(folder);
      }
      if (position > 0) {
        roll();
      }
      current = number;
    } finally {
      lock.unlock();
    }
    return files(folder).stream().filter(each -> each.number() < current).toList();
  }

  /**
   * Moves all that was recorded to where it stays. What could not be moved is moved the next time.
   *
   * @throws TarnException if the target takes nothing now
   */
  public void moveTo(Target target) {
    synchronized (moving) {
      try {
        for (Sealed sealed : seal()) {
          List<String> rows =
              sealed.records().stream()
                  .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                  .toList();
          if (!rows.isEmpty()) {
            target.append(identity, sealed.number(), rows);
          }
          forget(sealed);
        }
      } catch (IOException e) {
        throw new TarnException(
            ErrorCode.TEMPORARILY_UNAVAILABLE,
            "The journal of the " + what + " cannot be read: " + e.getMessage() + ".",
            e);
      }
    }
  }

  /** Forgets a file whose records are elsewhere. */
  void forget(Sealed moved) throws IOException {
    Files.deleteIfExists(moved.file());
  }

  private static int crc(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  private TarnException unavailable(IOException problem) {
    return new TarnException(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "The call could not be recorded in the "
            + what
            + ", and is not answered without: the journal in '"
            + folder
            + "' cannot be written ("
            + problem.getMessage()
            + "). Check that the disk is not full.",
        problem);
  }

  /** Brings everything to the disk. What is recorded later is refused. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      more.signalAll();
      while (forcing) {
        done.awaitUninterruptibly();
      }
      file.getFD().sync();
      file.close();
      forced = written;
      done.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
