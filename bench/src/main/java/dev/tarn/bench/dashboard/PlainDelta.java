package dev.tarn.bench.dashboard;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService;

/**
 * The peer: Spark Connect with Delta, all settings at their defaults, on two cores. Prints {@code
 * port N}.
 */
public final class PlainDelta {
  private PlainDelta() {}

  public static void main(String[] arguments) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    SparkSession session =
        (SparkSession)
            org.apache.spark.sql.SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config(
                    "spark.sql.catalog.spark_catalog",
                    "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.connect.grpc.binding.address", "127.0.0.1")
                .config("spark.connect.grpc.binding.port", Integer.toString(port))
                .getOrCreate();
    SparkConnectService.start(session.sparkContext());
    System.out.println("port " + port);
    Thread.currentThread().join();
  }
}
