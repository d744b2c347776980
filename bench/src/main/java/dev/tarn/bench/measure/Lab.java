package dev.tarn.bench.measure;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where benchmarks run: the checkout with its launcher, and a folder that is removed at the end.
 */
public final class Lab implements AutoCloseable {
  /**
   * How much is measured.
   *
   * @param rounds how often each measurement is repeated
   * @param scale of benchmarks whose data comes in sizes; 1 is about a gigabyte
   * @param peers of TPC-H, Trino only where it can be
   * @param database JDBC URL of a PostgreSQL for metadata; empty: SQLite
   */
  public record Size(int rounds, double scale, Set<Engine> peers, Optional<String> database) {
    public Size {
      peers = Set.copyOf(peers);
    }
  }

  /** What answers TPC-H's queries beside Tarn. */
  public enum Engine {
    SPARK("plain Spark"),
    DUCKDB("DuckDB alone"),
    TRINO("Trino");

    private final String title;

    Engine(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  private static final String MEMORY = "-Xmx2g";
  private static final Pattern CONNECT_DEPENDENCIES =
      Pattern.compile(
          "(scala-(library|reflect|xml|parser)|spark-(sketch|common-utils|unsafe|variant|tags"
              + "|sql-api)|json4s|jackson|jcl-over|slf4j|log4j|commons-(lang3|text|io)|antlr4-runtime"
              + "|kryo|xbean|paranamer|icu4j|zstd-jni|jsr305|netty-(common|buffer)|arrow|flatbuffers)"
              + ".*\\.jar");

  private final Path home;
  private final Path folder;
  private final Size size;
  private final PrintWriter out;
  private int count;

  /**
   * @param home the checkout
   */
  public Lab(Path home, Size size, PrintWriter out) throws IOException {
    this.home = home;
    this.size = size;
    this.out = out;
    this.folder = Files.createTempDirectory("tarn-bench");
  }

  public int rounds() {
    return size.rounds();
  }

  public double scale() {
    return size.scale();
  }

  public boolean measures(Engine peer) {
    return size.peers().contains(peer);
  }

  public Optional<String> database() {
    return size.database();
  }

  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** A new, empty folder. */
  public Path folder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(++count + "-" + name));
  }

  public void delete(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Starts Tarn's launcher, as a user would. */
  public Child tarn(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("tarn").toString()));
    command.addAll(List.of(arguments));
    return Child.start(folder.resolve(++count + "-errors"), environment, command);
  }

  /**
   * Starts a class of the peer in a JVM that has the same classes and the same heap limit as Tarn,
   * and the JVM's defaults otherwise.
   */
  public Child peer(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    command.addAll(List.of(MEMORY, "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return Child.start(folder.resolve(++count + "-errors"), Map.of(), command);
  }

  /**
   * Starts a client in a JVM that has the benchmark's own classes and the jars of one driver.
   *
   * @param driver folder below {@code bench/target}; empty for none
   */
  public Child client(String driver, Class<?> main, String... arguments) throws IOException {
    String target = home.resolve("bench").resolve("target").toString();
    String classPath = Path.of(target, "tarn-bench-0.1.0-SNAPSHOT.jar").toString();
    if (!driver.isEmpty()) {
      classPath += File.pathSeparator + Path.of(target, driver, "*");
    }
    if (driver.equals("connect")) {
      classPath += File.pathSeparator + connectDependencies();
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    command.addAll(List.of(MEMORY, "-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return Child.start(folder.resolve(++count + "-errors"), Map.of(), command);
  }

  /** Starts any other program. */
  public Child program(List<String> command) throws IOException {
    return Child.start(folder.resolve(++count + "-errors"), Map.of(), command);
  }

  /** What Spark's client needs beside its own jar; nothing of Spark's server. */
  private static String connectDependencies() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            jar -> CONNECT_DEPENDENCIES.matcher(Path.of(jar).getFileName().toString()).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Override
  public void close() throws IOException {
    delete(folder);
  }
}
