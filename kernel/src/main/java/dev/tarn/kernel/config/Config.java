package dev.tarn.kernel.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Settings from {@code tarn.yaml}, {@code TARN_…} variables and flags, in rising order. A
 * capability binds its own section to a record; a setting that the record does not know is refused
 * by name, so that a typo never passes silently.
 */
public final class Config {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .registerModule(new Jdk8Module())
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final ObjectNode root;

  private Config(ObjectNode root) {
    this.root = root;
  }

  /**
   * @param file {@code tarn.yaml}; may be absent
   * @param environment {@code TARN_ENGINE_SPARK_MASTER=…} sets {@code engine.spark_master}: the
   *     first word names the section, the rest the setting
   * @param flags dotted settings given on the command line, such as {@code server.port}
   */
  public static Config load(Path file, Map<String, String> environment, Map<String, String> flags) {
    ObjectNode root = YAML.createObjectNode();
    if (Files.exists(file)) {
      try {
        JsonNode read = YAML.readTree(Files.readString(file));
        if (read instanceof ObjectNode object) {
          root.setAll(object);
        } else if (read != null && !read.isMissingNode() && !read.isNull()) {
          throw TarnException.invalid(
              file + " must hold sections of settings, not a list or text.");
        }
      } catch (IOException e) {
        throw TarnException.invalid(file + " cannot be read as YAML: " + e.getMessage());
      }
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("TARN_")) {
            String[] words =
                name.substring("TARN_".length()).toLowerCase(Locale.ROOT).split("_", 2);
            if (words.length == 2) {
              set(root, words[0], words[1], value);
            }
          }
        });
    flags.forEach(
        (name, value) -> {
          int dot = name.indexOf('.');
          set(root, name.substring(0, dot), name.substring(dot + 1), value);
        });
    return new Config(root);
  }

  private static void set(ObjectNode root, String section, String setting, String value) {
    root.withObjectProperty(section).put(setting, value);
  }

  /**
   * Binds a section to its record. Absent settings arrive as null; the record's compact constructor
   * puts its defaults in.
   */
  public <T extends Record> T bind(String section, Class<T> type) {
    JsonNode node = root.has(section) ? root.get(section) : YAML.createObjectNode();
    try {
      return YAML.treeToValue(node, type);
    } catch (JsonMappingException e) {
      StringBuilder setting = new StringBuilder(section);
      e.getPath().forEach(part -> setting.append('.').append(part.getFieldName()));
      if (e instanceof MismatchedInputException mismatch
          && mismatch.getTargetType() != null
          && Map.class.isAssignableFrom(mismatch.getTargetType())) {
        // Jackson would show the value, which may be a secret.
        throw TarnException.invalid("Setting '" + setting + "' must be names with values.");
      }
      throw TarnException.invalid("Setting '" + setting + "': " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw TarnException.invalid("Setting '" + section + "': " + e.getOriginalMessage());
    }
  }
}
