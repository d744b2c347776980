package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Section {@code storage}: where managed tables and volumes lie, and how object stores are reached.
 *
 * @param root a URI ({@code abfss://…}) or an absolute path; absent: {@code storage} in the data
 *     folder
 * @param options settings of Hadoop's file systems, {@code fs.…}; a value {@code ${env:NAME}} or
 *     {@code ${file:/path}} stands for what the variable or the file holds
 */
public record StorageConfig(String root, Map<String, String> options) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

  public StorageConfig {
    Map<String, String> all = new LinkedHashMap<>();
    (options == null ? Map.<String, String>of() : options)
        .forEach(
            (name, value) -> {
              if (!name.startsWith("fs.")) {
                throw TarnException.invalid(
                    "storage.options has '"
                        + name
                        + "'. It takes settings of Hadoop's file systems; they begin with 'fs.'.");
              }
              if (value == null) {
                throw TarnException.invalid(
                    "storage.options has no value for '" + name + "'. Give one or leave it out.");
              }
              all.put(name, value);
            });
    options = Map.copyOf(all);
  }

  public static StorageConfig defaults() {
    return new StorageConfig(null, null);
  }

  /** The root, with the default filled in. */
  public String rootIn(Path dataFolder) {
    return root != null ? root : dataFolder.toAbsolutePath().resolve("storage").toString();
  }

  /**
   * The options with the secrets that they refer to.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE naming an option whose variable is not set or
   *     whose file cannot be read
   */
  public Map<String, String> resolved(Map<String, String> environment) {
    Map<String, String> resolved = new LinkedHashMap<>();
    options.forEach((name, value) -> resolved.put(name, resolved(name, value, environment)));
    return Map.copyOf(resolved);
  }

  private static String resolved(String name, String value, Map<String, String> environment) {
    Matcher reference = REFERENCE.matcher(value);
    if (!reference.matches()) {
      return value;
    }
    String where = reference.group(2);
    if (reference.group(1).equals("env")) {
      String found = environment.get(where);
      if (found == null) {
        throw TarnException.invalid(
            "storage.options takes '"
                + name
                + "' from the environment variable "
                + where
                + ", which is not set. Set it for the server.");
      }
      return found;
    }
    try {
      return Files.readString(Path.of(where)).strip();
    } catch (IOException | RuntimeException e) {
      throw TarnException.invalid(
          "storage.options takes '"
              + name
              + "' from the file "
              + where
              + ", which cannot be read. Check that it is there and that the server may read it.");
    }
  }

  /** Without the options' values, which may be secrets. */
  @Override
  public String toString() {
    return "StorageConfig[root=" + root + ", options=" + new TreeSet<>(options.keySet()) + "]";
  }
}
