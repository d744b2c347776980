package dev.tarn.acceptance.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Client programs by themselves: class paths that hold one program, and nothing of the tests. */
public final class ClientClasses {
  private ClientClasses() {}

  /** A folder with nothing but those classes and what is nested in them. */
  public static Path of(Class<?> program, Class<?>... parts) {
    Path target = Path.of("target", "clients", program.getSimpleName()).toAbsolutePath();
    copy(program, target);
    for (Class<?> part : parts) {
      copy(part, target);
    }
    return target;
  }

  private static void copy(Class<?> program, Path target) {
    Path folder = Path.of(program.getPackageName().replace('.', '/'));
    try {
      Path source = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
      Files.createDirectories(target.resolve(folder));
      try (Stream<Path> classes = Files.list(source.resolve(folder))) {
        List<Path> own =
            classes
                .filter(
                    file -> {
                      String name = file.getFileName().toString();
                      return name.equals(program.getSimpleName() + ".class")
                          || name.startsWith(program.getSimpleName() + "$");
                    })
                .toList();
        for (Path file : own) {
          Path copy = target.resolve(folder).resolve(file.getFileName());
          // A client that starts at this moment must not read half a class.
          if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
            Files.write(copy, Files.readAllBytes(file));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
