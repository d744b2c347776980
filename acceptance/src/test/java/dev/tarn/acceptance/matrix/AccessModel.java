package dev.tarn.acceptance.matrix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Unity Catalog's rules of access, written down a second time and as plainly as they are
 * documented, to be held against what Tarn answers. Knows nothing of Tarn's own code.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges">privileges</a>
 */
final class AccessModel {
  /** A privilege of a user or group on one thing; names of things are dotted paths. */
  record Grant(String principal, String privilege, Thing on) {
    /** As SQL writes it. */
    String sql() {
      return "GRANT " + privilege + " ON " + on.type() + " " + on.path() + " TO `" + principal
          + "`";
    }
  }

  /** Something that can be granted on. */
  record Thing(String type, String path) {
    static Thing catalog(String path) {
      return new Thing("CATALOG", path);
    }

    static Thing schema(String path) {
      return new Thing("SCHEMA", path);
    }

    Thing catalog() {
      return catalog(path.substring(0, path.indexOf('.')));
    }

    Thing schema() {
      return schema(path.substring(0, path.lastIndexOf('.')));
    }

    /** Itself, then what it lies in, outwards. */
    List<Thing> outwards() {
      return switch (type) {
        case "CATALOG" -> List.of(this);
        case "SCHEMA" -> List.of(this, catalog());
        case "EXTERNAL LOCATION", "STORAGE CREDENTIAL", "CONNECTION" -> List.of(this);
        default -> List.of(this, schema(), catalog());
      };
    }
  }

  static final String EVERYBODY = "account users";

  private final Map<String, Set<String>> members;
  private final Map<Thing, String> owners = new HashMap<>();
  private final List<Grant> grants = new ArrayList<>();

  /**
   * @param members of each group: users and other groups
   */
  AccessModel(Map<String, Set<String>> members) {
    this.members = members;
  }

  void granted(Grant grant) {
    grants.add(grant);
  }

  void owned(Thing thing, String owner) {
    owners.put(thing, owner);
  }

  /** The user, the groups it is in by whatever way, and everybody. */
  private Set<String> names(String user) {
    Set<String> names = new HashSet<>(Set.of(user, EVERYBODY));
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<String, Set<String>> group : members.entrySet()) {
        if (group.getValue().stream().anyMatch(names::contains)) {
          more |= names.add(group.getKey());
        }
      }
    }
    return names;
  }

  boolean owns(String user, Thing thing) {
    Set<String> names = names(user);
    return thing.outwards().stream().anyMatch(t -> names.contains(owners.getOrDefault(t, "")));
  }

  /** Held here or inherited from what the thing lies in, granted or owned. */
  boolean holds(String user, String privilege, Thing thing) {
    Set<String> names = names(user);
    return owns(user, thing)
        || grants.stream()
            .filter(g -> thing.outwards().contains(g.on()) && names.contains(g.principal()))
            .anyMatch(
                g ->
                    g.privilege().equals(privilege)
                        || (g.privilege().equals("ALL PRIVILEGES") && !privilege.equals("MANAGE")));
  }

  /** Whether the way to what lies in a schema is open. */
  boolean uses(String user, Thing thing) {
    return holds(user, "USE CATALOG", thing.catalog()) && holds(user, "USE SCHEMA", thing.schema());
  }

  boolean can(String user, String privilege, Thing thing) {
    return uses(user, thing) && holds(user, privilege, thing);
  }

  /** Whether it may be looked at: browsed, or reached with a privilege that works on it. */
  boolean sees(String user, Thing thing) {
    return switch (thing.type()) {
      case "CATALOG" -> any(user, thing, "BROWSE", "USE CATALOG", "MANAGE");
      case "SCHEMA" ->
          holds(user, "BROWSE", thing)
              || (holds(user, "USE CATALOG", thing.catalog())
                  && any(user, thing, "USE SCHEMA", "MANAGE"));
      case "EXTERNAL LOCATION" ->
          any(
              user,
              thing,
              "BROWSE",
              "READ FILES",
              "WRITE FILES",
              "CREATE EXTERNAL TABLE",
              "CREATE EXTERNAL VOLUME",
              "MANAGE");
      case "STORAGE CREDENTIAL" ->
          any(user, thing, "READ FILES", "WRITE FILES", "CREATE EXTERNAL LOCATION", "MANAGE");
      case "CONNECTION" -> any(user, thing, "USE CONNECTION", "MANAGE");
      default ->
          holds(user, "BROWSE", thing)
              || (uses(user, thing)
                  && switch (thing.type()) {
                    case "FUNCTION", "MODEL" -> any(user, thing, "EXECUTE", "MANAGE");
                    case "VOLUME" -> any(user, thing, "READ VOLUME", "WRITE VOLUME", "MANAGE");
                    default -> any(user, thing, "SELECT", "MODIFY", "MANAGE");
                  });
    };
  }

  /** Whether it is listed: it is seen, and so is what it lies in. */
  boolean lists(String user, Thing thing) {
    return thing.outwards().stream().allMatch(t -> sees(user, t));
  }

  private boolean any(String user, Thing thing, String... privileges) {
    return List.of(privileges).stream().anyMatch(p -> holds(user, p, thing));
  }

  @Override
  public String toString() {
    return grants.stream().map(Grant::sql).toList() + " and owned " + owners;
  }
}
