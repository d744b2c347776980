package dev.tarn.testkit.azurite;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Stands between a client and a store that speaks HTTP/1.1 with it, notes every request, and can
 * stop in the middle of an answer. Bodies of requests must have a length.
 */
public final class RecordingProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listening;
  private final int target;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicReference<Stall> stall = new AtomicReference<>();

  /** An answer to be stopped after some bytes. */
  public static final class Stall {
    private final Predicate<String> of;
    private final long after;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private Stall(Predicate<String> of, long after) {
      this.of = of;
      this.after = after;
    }

    /** Whether the bytes went through and no more do. */
    public boolean isReached() {
      return reached.getCount() == 0;
    }

    /** Lets the rest through. */
    public void end() {
      ended.countDown();
    }
  }

  private RecordingProxy(ServerSocket listening, int target) {
    this.listening = listening;
    this.target = target;
  }

  /**
   * @param port of a store on this machine
   */
  public static RecordingProxy to(int port) throws IOException {
    RecordingProxy proxy =
        new RecordingProxy(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), port);
    proxy.run("proxy", proxy::accept);
    return proxy;
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Method and target of each request, such as {@code GET /account/container/file?query}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public long count(Predicate<String> which) {
    return requests.stream().filter(which).count();
  }

  /**
   * Stops the answer to the next request that is one of these.
   *
   * @param after that many bytes, those of the answer's head among them
   */
  public Stall stall(Predicate<String> of, long after) {
    Stall next = new Stall(of, after);
    stall.set(next);
    return next;
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two ends has gone.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket client = listening.accept();
      Socket store = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      store.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(store);
      AtomicReference<Stall> now = new AtomicReference<>();
      run("proxy-requests", () -> closing(client, store, () -> requests(client, store, now)));
      run("proxy-answers", () -> closing(client, store, () -> answers(client, store, now)));
    }
  }

  private void closing(Socket client, Socket store, Work work)
      throws IOException, InterruptedException {
    try (client;
        store) {
      work.run();
    } finally {
      sockets.remove(client);
      sockets.remove(store);
    }
  }

  private void requests(Socket client, Socket store, AtomicReference<Stall> now)
      throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER);
    OutputStream out = store.getOutputStream();
    while (true) {
      byte[] head = head(in);
      if (head.length == 0) {
        return;
      }
      String text = new String(head, StandardCharsets.ISO_8859_1);
      String request = text.substring(0, text.indexOf(" HTTP/"));
      requests.add(request);
      Stall wanted = stall.get();
      if (wanted != null && wanted.of.test(request) && stall.compareAndSet(wanted, null)) {
        now.set(wanted);
      }
      out.write(head);
      byte[] buffer = new byte[BUFFER];
      for (long left = length(text); left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new EOFException();
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  /** Up to the empty line that ends it; nothing at the end of the connection. */
  private static byte[] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return new byte[0];
      }
      head.write(next);
      boolean expected = next == "\r\n\r\n".charAt(matched);
      matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  private static long length(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return 0;
  }

  private static void answers(Socket client, Socket store, AtomicReference<Stall> now)
      throws IOException, InterruptedException {
    InputStream in = store.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] buffer = new byte[BUFFER];
    long passed = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      Stall stall = now.get();
      if (stall != null && passed + read > stall.after) {
        int before = (int) (stall.after - passed);
        out.write(buffer, 0, before);
        stall.reached.countDown();
        stall.ended.await();
        now.set(null);
        out.write(buffer, before, read - before);
        passed = 0;
      } else {
        out.write(buffer, 0, read);
        passed = stall == null ? 0 : passed + read;
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
