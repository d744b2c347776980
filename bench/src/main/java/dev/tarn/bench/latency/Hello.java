package dev.tarn.bench.latency;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The floor: a bare Armeria that says hello. Prints {@code port N}. */
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) throws InterruptedException {
    Server server =
        Server.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .serviceUnder(
                "/",
                (context, request) ->
                    HttpResponse.of(
                        request
                            .aggregate()
                            .thenApply(
                                whole -> HttpResponse.of(MediaType.JSON, "{\"hello\":\"hello\"}"))))
            .build();
    server.start().join();
    System.out.println("port " + server.activeLocalPort());
    Thread.currentThread().join();
  }
}
