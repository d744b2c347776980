package dev.tarn.govern.grants;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import dev.tarn.kernel.name.SchemaName;
import java.util.Optional;

/**
 * One thing that grants are made on.
 *
 * @param fullName {@code catalog}, {@code catalog.schema} or {@code catalog.schema.name}, in stored
 *     (lower) case
 */
public record Securable(SecurableType type, String fullName) {
  /** The root: only what concerns all catalogs is granted here, and nothing inherits from it. */
  public static final Securable METASTORE = new Securable(SecurableType.METASTORE, "metastore");

  public Securable {
    fullName = normalized(type, fullName);
  }

  public static Securable catalog(String name) {
    return new Securable(SecurableType.CATALOG, name);
  }

  public static Securable schema(SchemaName name) {
    return new Securable(SecurableType.SCHEMA, name.fullName());
  }

  public static Securable table(EntityName name) {
    return new Securable(SecurableType.TABLE, name.fullName());
  }

  public static Securable volume(EntityName name) {
    return new Securable(SecurableType.VOLUME, name.fullName());
  }

  public static Securable function(EntityName name) {
    return new Securable(SecurableType.FUNCTION, name.fullName());
  }

  public static Securable externalLocation(String name) {
    return new Securable(SecurableType.EXTERNAL_LOCATION, name);
  }

  public static Securable storageCredential(String name) {
    return new Securable(SecurableType.STORAGE_CREDENTIAL, name);
  }

  public static Securable connection(String name) {
    return new Securable(SecurableType.CONNECTION, name);
  }

  private static String normalized(SecurableType type, String fullName) {
    return switch (type) {
      // There is one metastore; clients name it by an id that grants need not know.
      case METASTORE -> "metastore";
      case CATALOG, EXTERNAL_LOCATION, STORAGE_CREDENTIAL, CONNECTION -> Names.normalized(fullName);
      case SCHEMA -> {
        String[] parts = fullName == null ? new String[0] : fullName.split("\\.", -1);
        if (parts.length != 2) {
          throw TarnException.invalid(
              "'" + fullName + "' is not the full name of a schema. Write it as catalog.schema.");
        }
        yield new SchemaName(parts[0], parts[1]).fullName();
      }
      case TABLE, VOLUME, FUNCTION -> EntityName.parse(fullName).fullName();
    };
  }

  /** The securable whose grants hold here too; empty for a catalog and what is no part of one. */
  public Optional<Securable> parent() {
    int dot = fullName.lastIndexOf('.');
    return switch (type) {
      case METASTORE, CATALOG, EXTERNAL_LOCATION, STORAGE_CREDENTIAL, CONNECTION ->
          Optional.empty();
      case SCHEMA -> Optional.of(catalog(fullName.substring(0, dot)));
      case TABLE, VOLUME, FUNCTION ->
          Optional.of(new Securable(SecurableType.SCHEMA, fullName.substring(0, dot)));
    };
  }

  /** {@code Table 'main.flights.gold'}, for messages. */
  @Override
  public String toString() {
    return type.title() + " '" + fullName + "'";
  }
}
