package dev.tarn.server.tls;

import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the server shows: one's own from two files, or the local authority's from
 * {@code tls} of the data folder. It is prepared beside the rest of the start, and looked after
 * while the server runs: replaced files are taken up, and a local certificate is renewed in time.
 */
public final class Tls implements Supplier<ServerCertificate>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  private final TlsConfig config;
  private final LocalAuthority authority;
  private final Clock clock;
  private final ScheduledExecutorService watcher;
  private final CompletableFuture<ServerCertificate> first;
  private volatile ServerCertificate current;
  private List<FileTime> changed = List.of();

  private Tls(TlsConfig config, Path dataFolder, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.authority =
        new LocalAuthority(
            dataFolder.resolve("tls"),
            () -> ServerNames.of(config.bindAddress(), config.publicUrl()),
            clock);
    this.watcher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tls");
              thread.setDaemon(true);
              return thread;
            });
    this.first = CompletableFuture.supplyAsync(this::load, watcher);
  }

  /** Begins to read or make the certificate, and returns at once. */
  public static Tls start(TlsConfig config, Path dataFolder, Clock clock) {
    Tls tls = new Tls(config, dataFolder, clock);
    tls.watcher.scheduleWithFixedDelay(
        tls::refresh, LOOK_EVERY.toSeconds(), LOOK_EVERY.toSeconds(), TimeUnit.SECONDS);
    return tls;
  }

  /**
   * The certificate as it stands now; waits for the first one.
   *
   * @throws TarnException INVALID_STATE naming the file that is missing, unreadable or wrong
   */
  @Override
  public ServerCertificate get() {
    ServerCertificate loaded = current;
    if (loaded != null) {
      return loaded;
    }
    try {
      first.join();
      return current;
    } catch (CompletionException e) {
      throw e.getCause() instanceof TarnException known ? known : e;
    }
  }

  /** The file that clients are pointed to; empty with one's own certificate. */
  public Optional<Path> authorityFile() {
    return config.certificate().isPresent()
        ? Optional.empty()
        : Optional.of(authority.certificateFile());
  }

  private ServerCertificate load() {
    List<FileTime> now = lastChanged();
    ServerCertificate loaded =
        config.certificate().isPresent()
            ? PemFiles.read(config.certificate().get(), config.key().orElseThrow())
            : authority.current();
    if (loaded.certificate().getNotAfter().toInstant().isBefore(clock.instant())) {
      LOG.warn(
          "The certificate in {} ended on {}: clients will refuse it. Replace the file.",
          config.certificate(),
          loaded.certificate().getNotAfter().toInstant());
    }
    changed = now;
    current = loaded;
    return loaded;
  }

  /** Takes up what has changed; whatever is wrong, the certificate that works stays. */
  void refresh() {
    try {
      if (config.certificate().isEmpty() || !lastChanged().equals(changed)) {
        load();
      }
    } catch (RuntimeException e) {
      LOG.warn("The old certificate stays in use. {}", e.getMessage());
    }
  }

  private List<FileTime> lastChanged() {
    return Stream.concat(config.certificate().stream(), config.key().stream())
        .map(
            file -> {
              try {
                return Files.getLastModifiedTime(file);
              } catch (IOException e) {
                return FileTime.fromMillis(0);
              }
            })
        .toList();
  }

  @Override
  public void close() {
    watcher.shutdownNow();
  }
}
