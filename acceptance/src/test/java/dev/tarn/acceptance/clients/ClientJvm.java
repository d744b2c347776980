package dev.tarn.acceptance.clients;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A JVM of its own for a client program, which does little and is started often: the first that
 * ends well leaves an archive of its class data beside the program, which the next ones start with.
 */
public final class ClientJvm {
  private final Class<?> program;
  private final String classPath;
  private final List<String> options;
  private final List<String> more;

  /**
   * @param libraries beside the program's own classes, from {@link ClientClasses}
   */
  public ClientJvm(Class<?> program, Path classes, List<String> libraries, String... options) {
    this(program, classPath(classes, libraries), List.of(options), List.of());
  }

  private ClientJvm(Class<?> program, String classPath, List<String> options, List<String> more) {
    this.program = program;
    this.classPath = classPath;
    this.options = options;
    this.more = more;
  }

  private static String classPath(Path classes, List<String> libraries) {
    List<String> all = new ArrayList<>(List.of(classes.toString()));
    all.addAll(libraries);
    return String.join(File.pathSeparator, all);
  }

  /** The same with options that are no matter to an archive, such as properties. */
  public ClientJvm with(List<String> properties) {
    return new ClientJvm(program, classPath, options, properties);
  }

  /** Starts the program with its arguments, as the builder says otherwise. */
  public Process start(ProcessBuilder builder, List<String> arguments) throws IOException {
    Path archive = archive();
    Path made = Path.of(archive + ".new");
    boolean makes = !Files.exists(archive) && isFirst(made);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfile.encoding=UTF-8");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    if (makes) {
      command.add("-XX:ArchiveClassesAtExit=" + made);
    } else if (Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    // Else what is amiss with an archive would be told on standard output; it works without one.
    command.add("-Xlog:disable");
    command.addAll(options);
    command.addAll(more);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    Process process = builder.command(command).start();
    if (makes) {
      process.onExit().thenAccept(ended -> keep(made, archive, ended.exitValue() == 0));
    }
    return process;
  }

  /** Where the archive of exactly these classes and options lies. */
  private Path archive() throws IOException {
    int stamp = Objects.hash(classPath, options, System.getProperty("java.vm.version"));
    for (String entry : classPath.split(File.pathSeparator)) {
      stamp = 31 * stamp + Files.getLastModifiedTime(Path.of(entry)).hashCode();
    }
    return Path.of(
            "target",
            "clients",
            program.getSimpleName() + "-" + Integer.toHexString(stamp) + ".jsa")
        .toAbsolutePath();
  }

  private static boolean isFirst(Path made) throws IOException {
    try {
      Files.createFile(made);
      made.toFile().deleteOnExit();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void keep(Path made, Path archive, boolean well) {
    try {
      if (well && Files.exists(made) && Files.size(made) > 0) {
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars in a folder of the build, such as {@code jdbc}. */
  public static List<String> built(String folder) {
    try (Stream<Path> files = Files.list(Path.of("target", folder).toAbsolutePath())) {
      List<String> jars =
          files.map(Path::toString).filter(file -> file.endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new IllegalStateException(
            "No client is in target/" + folder + ". Run Maven's process-test-resources.");
      }
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The SDK and what it asks for. */
  public static List<String> sdk() {
    try {
      return List.of(
          Files.readString(Path.of("target", "sdk", "class-path"))
              .strip()
              .split(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars of the tests' class path whose names match. */
  public static List<String> jars(Predicate<String> name) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> name.test(Path.of(entry).getFileName().toString()))
        .toList();
  }
}
