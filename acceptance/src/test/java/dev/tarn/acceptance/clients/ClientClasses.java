package dev.tarn.acceptance.clients;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Client programs by themselves: class paths that hold one program, and nothing of the tests. */
public final class ClientClasses {
  private ClientClasses() {}

  /** A jar with nothing but those classes and what is nested in them. */
  public static Path of(Class<?> program, Class<?>... parts) {
    Path jar = Path.of("target", "clients", program.getSimpleName() + ".jar").toAbsolutePath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ZipOutputStream out = new ZipOutputStream(bytes)) {
        add(program, out);
        for (Class<?> part : parts) {
          add(part, out);
        }
      }
      // A client that starts at this moment must not read half a jar.
      if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), bytes.toByteArray())) {
        Files.createDirectories(jar.getParent());
        Path made = Files.createTempFile(jar.getParent(), "classes", ".new");
        Files.write(made, bytes.toByteArray());
        Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Class<?> program, ZipOutputStream out) throws IOException {
    Path folder = Path.of(program.getPackageName().replace('.', '/'));
    try {
      Path source = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> classes = Files.list(source.resolve(folder))) {
        List<Path> own =
            classes
                .filter(
                    file -> {
                      String name = file.getFileName().toString();
                      return name.equals(program.getSimpleName() + ".class")
                          || name.startsWith(program.getSimpleName() + "$");
                    })
                .sorted()
                .toList();
        for (Path file : own) {
          ZipEntry entry = new ZipEntry(folder.resolve(file.getFileName()).toString());
          // Else each jar would differ from the last.
          entry.setTime(0);
          out.putNextEntry(entry);
          out.write(Files.readAllBytes(file));
          out.closeEntry();
        }
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
