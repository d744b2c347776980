package dev.tarn.store.validation;

import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.locations.ExternalLocation;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.locations.StorageSettings;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.objects.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Tries whether a credential opens a place in a store: lists it, reads a file, writes one and
 * removes it again.
 */
public final class StorageValidation {
  private static final int LONGEST_MESSAGE = 500;

  private final Credentials credentials;
  private final ExternalLocations locations;
  private final ObjectStores stores;

  public StorageValidation(
      Credentials credentials, ExternalLocations locations, ObjectStores stores) {
    this.credentials = credentials;
    this.locations = locations;
    this.stores = stores;
  }

  /**
   * What is to be tried.
   *
   * @param credential the name of one that is kept
   * @param content of one that is not kept
   * @param location the name of an external location
   * @param url in it, or of any place
   */
  public record Trial(
      Optional<String> credential,
      Optional<CredentialContent> content,
      Optional<String> location,
      Optional<String> url,
      boolean readOnly) {}

  /** What can be done with a store. */
  public enum Operation {
    PATH_EXISTS,
    LIST,
    READ,
    WRITE,
    DELETE
  }

  /** How it went. */
  public enum Verdict {
    PASS,
    FAIL,
    SKIP
  }

  /**
   * @param message why, or empty
   */
  public record Finding(Operation operation, Verdict verdict, String message) {}

  /**
   * @param directory whether the place is a folder
   */
  public record Report(boolean directory, List<Finding> findings) {
    public Report {
      findings = List.copyOf(findings);
    }
  }

  /**
   * @throws TarnException PERMISSION_DENIED to whoever may not make locations with the credential;
   *     INVALID_PARAMETER_VALUE if nothing is named, or the credential is of another kind of store
   */
  public Report run(Principal principal, Trial trial) {
    Optional<ExternalLocation> location =
        trial.location().map(name -> locations.get(principal, name));
    String url =
        ManagedLocations.normalized(
            trial
                .url()
                .or(() -> location.map(ExternalLocation::url))
                .orElseThrow(
                    () ->
                        TarnException.invalid("Give an external_location_name or a url to try.")));
    CredentialContent content =
        trial
            .content()
            .map(
                given -> {
                  credentials.requireTry(principal, given);
                  return given;
                })
            .orElseGet(
                () -> {
                  Credential kept =
                      credentials.requireForLocation(principal, named(trial, location));
                  return credentials.content(kept).orElseThrow();
                });
    if (!StorageSettings.fits(url, content.kind())) {
      throw TarnException.invalid(
          "A credential with '" + content.kind().field() + "' does not open '" + url + "'.");
    }
    Configuration configuration = new Configuration();
    stores.settings().forEach(configuration::set);
    StorageSettings.of(url, content).forEach(configuration::set);
    configuration.set("fs.azure.io.retry.max.retries", "1");
    return run(new Path(url), configuration, trial.readOnly());
  }

  private String named(Trial trial, Optional<ExternalLocation> location) {
    return trial
        .credential()
        .or(() -> location.map(locations::credentialName))
        .filter(name -> !name.equals(Credentials.SERVER))
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "Name a storage credential to try, or give one. The server's own settings are"
                        + " its administrator's to try."));
  }

  private static Report run(Path path, Configuration configuration, boolean readOnly) {
    List<Finding> findings = new ArrayList<>();
    boolean directory = true;
    try (FileSystem store = FileSystem.newInstance(path.toUri(), configuration)) {
      Optional<FileStatus> there = Optional.empty();
      try {
        there = Optional.of(store.getFileStatus(path));
        findings.add(passed(Operation.PATH_EXISTS));
      } catch (FileNotFoundException e) {
        findings.add(
            new Finding(Operation.PATH_EXISTS, Verdict.SKIP, "There is nothing there yet."));
      } catch (IOException e) {
        findings.add(failed(Operation.PATH_EXISTS, e));
      }
      directory = there.map(FileStatus::isDirectory).orElse(true);
      Optional<Path> file = list(store, path, findings);
      read(store, file, findings);
      write(store, directory ? path : path.getParent(), readOnly, findings);
    } catch (IOException | RuntimeException e) {
      if (findings.isEmpty()) {
        findings.add(failed(Operation.PATH_EXISTS, e));
      }
    }
    return new Report(directory, findings);
  }

  private static Finding passed(Operation operation) {
    return new Finding(operation, Verdict.PASS, "");
  }

  private static Finding failed(Operation operation, Exception e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new Finding(
        operation,
        Verdict.FAIL,
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message);
  }

  /** A file that lies there, if any. */
  private static Optional<Path> list(FileSystem store, Path path, List<Finding> findings) {
    Optional<Path> found = Optional.empty();
    try {
      RemoteIterator<FileStatus> entries = store.listStatusIterator(path);
      while (found.isEmpty() && entries.hasNext()) {
        found = Optional.of(entries.next()).filter(FileStatus::isFile).map(FileStatus::getPath);
      }
      findings.add(passed(Operation.LIST));
    } catch (FileNotFoundException e) {
      findings.add(passed(Operation.LIST));
    } catch (IOException e) {
      findings.add(failed(Operation.LIST, e));
    }
    return found;
  }

  private static void read(FileSystem store, Optional<Path> file, List<Finding> findings) {
    if (file.isEmpty()) {
      findings.add(new Finding(Operation.READ, Verdict.SKIP, "There is no file to read."));
      return;
    }
    try (FSDataInputStream in = store.open(file.get())) {
      in.read();
      findings.add(passed(Operation.READ));
    } catch (IOException e) {
      findings.add(failed(Operation.READ, e));
    }
  }

  private static void write(
      FileSystem store, Path folder, boolean readOnly, List<Finding> findings) {
    if (readOnly) {
      findings.add(new Finding(Operation.WRITE, Verdict.SKIP, "Only reading is asked for."));
      findings.add(new Finding(Operation.DELETE, Verdict.SKIP, "Only reading is asked for."));
      return;
    }
    Path file = new Path(folder, ".tarn-validation-" + UUID.randomUUID());
    try {
      store.create(file, false).close();
      findings.add(passed(Operation.WRITE));
    } catch (IOException e) {
      findings.add(failed(Operation.WRITE, e));
      findings.add(new Finding(Operation.DELETE, Verdict.SKIP, "There is nothing to delete."));
      return;
    }
    try {
      store.delete(file, false);
      findings.add(passed(Operation.DELETE));
    } catch (IOException e) {
      findings.add(failed(Operation.DELETE, e));
    }
  }
}
