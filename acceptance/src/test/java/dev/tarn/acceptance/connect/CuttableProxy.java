package dev.tarn.acceptance.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes bytes on to a port of this machine, and breaks all connections when it is told to. */
final class CuttableProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  CuttableProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept).start();
  }

  int port() {
    return server.getLocalPort();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "cuttable-proxy");
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(there);
        thread(() -> copy(client, there)).start();
        thread(() -> copy(there, client)).start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side went away.
    }
  }

  /** Breaks what is open; new connections are taken as before. Returns how many there were. */
  int cut() throws IOException {
    // Closing one side closes the other, so they are counted first.
    List<Socket> sockets = open.stream().filter(socket -> !socket.isClosed()).toList();
    open.clear();
    for (Socket socket : sockets) {
      socket.close();
    }
    return sockets.size() / 2;
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
