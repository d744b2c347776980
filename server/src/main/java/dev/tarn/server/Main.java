package dev.tarn.server;

import dev.tarn.server.cli.TarnCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program behind the {@code tarn} launcher. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int code =
        TarnCommand.run(
            new TarnCommand.Terminal(
                System.getenv(),
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.console() != null && System.getenv("TERM") != null),
            arguments);
    System.exit(code);
  }

  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }
}
