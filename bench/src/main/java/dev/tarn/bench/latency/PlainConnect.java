package dev.tarn.bench.latency;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService;

/**
 * The peer: Spark Connect of the same version, all settings at their defaults. Prints {@code port
 * N}.
 */
public final class PlainConnect {
  private PlainConnect() {}

  public static void main(String[] arguments) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    SparkSession session =
        (SparkSession)
            org.apache.spark.sql.SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.connect.grpc.binding.address", "127.0.0.1")
                .config("spark.connect.grpc.binding.port", Integer.toString(port))
                .getOrCreate();
    SparkConnectService.start(session.sparkContext());
    System.out.println("port " + port);
    Thread.currentThread().join();
  }
}
