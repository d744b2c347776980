package dev.tarn.govern.abac;

import dev.tarn.govern.abac.PolicyDefinition.Argument;
import dev.tarn.govern.abac.PolicyDefinition.Kind;
import dev.tarn.govern.abac.PolicyDefinition.MatchedColumn;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.tags.TagPolicies;
import dev.tarn.govern.tags.Tags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Policies by attributes: row filters and column masks for all tables in a catalog or schema whose
 * tags, and whose columns' tags, they ask for.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/data-governance/unity-catalog/abac/policies">Attribute-based
 *     access control</a>
 */
public final class AccessPolicies {
  private static final int CACHED_SECURABLES = 10_000;
  private static final int MOST_NAMES = 200;
  private static final Pattern CONSTANT =
      Pattern.compile("'(?:[^'\\\\]|'')*+'|-?\\d{1,18}(?:\\.\\d{1,18})?|(?i:true|false|null)");

  private final Jdbi jdbi;
  private final Grants grants;
  private final Functions functions;
  private final Tags tags;
  private final TagPolicies governed;
  private final PoliciesStore store;
  private final Epoch.Kept<Securable, List<AccessPolicy>> found;
  private final PolicyReach reach;

  public AccessPolicies(
      MetadataDatabase database,
      Grants grants,
      Functions functions,
      Tags tags,
      TagPolicies governed,
      PoliciesStore store) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.functions = functions;
    this.tags = tags;
    this.governed = governed;
    this.store = store;
    this.found = grants.kept(CACHED_SECURABLES, Securable::fullName);
    this.reach = new PolicyReach(grants, tags, this::holding);
  }

  /**
   * Makes a policy.
   *
   * @param definition whose function is known by its name alone
   * @param replace whether there may be one of this name already
   * @throws TarnException PERMISSION_DENIED without ownership of the securable or {@code MANAGE} on
   *     it, and {@code EXECUTE} on the function; RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE
   *     if it cannot be applied, or goes by tags that are not governed
   */
  public AccessPolicy create(
      Principal by, Securable on, String name, PolicyDefinition definition, boolean replace) {
    requireManage(by, on);
    PolicyDefinition checked = checked(by, definition);
    String stored = Names.normalized(name);
    long now = System.currentTimeMillis();
    String author = by.name().toLowerCase(Locale.ROOT);
    return grants.changing(
        on,
        handle -> {
          Optional<AccessPolicy> old = find(handle, on, stored);
          if (old.isPresent() && !replace) {
            throw TarnException.alreadyExists("Policy", stored);
          }
          old.ifPresent(each -> store.delete(handle, each));
          AccessPolicy policy =
              new AccessPolicy(
                  old.map(AccessPolicy::policyId).orElseGet(() -> UUID.randomUUID().toString()),
                  on,
                  stored,
                  checked,
                  old.map(AccessPolicy::createdBy).orElse(author),
                  old.map(AccessPolicy::createdAt).orElse(now),
                  author,
                  now);
          store.insert(handle, policy);
          return policy;
        });
  }

  /** Gives a policy another definition and maybe name; else as {@link #create}. */
  public AccessPolicy update(
      Principal by, Securable on, String name, String newName, PolicyDefinition definition) {
    AccessPolicy old = get(by, on, name);
    PolicyDefinition checked = checked(by, definition);
    String stored = Names.normalized(newName);
    return grants.changing(
        on,
        handle -> {
          if (!stored.equals(old.name()) && find(handle, on, stored).isPresent()) {
            throw TarnException.alreadyExists("Policy", stored);
          }
          AccessPolicy policy =
              new AccessPolicy(
                  old.policyId(),
                  on,
                  stored,
                  checked,
                  old.createdBy(),
                  old.createdAt(),
                  by.name().toLowerCase(Locale.ROOT),
                  System.currentTimeMillis());
          store.delete(handle, find(handle, on, old.name()).orElseThrow(() -> missing(on, name)));
          store.insert(handle, policy);
          return policy;
        });
  }

  private void requireManage(Principal by, Securable on) {
    if (on.type() != SecurableType.CATALOG
        && on.type() != SecurableType.SCHEMA
        && on.type() != SecurableType.TABLE) {
      throw TarnException.invalid(
          "[POLICY_ON_SECURABLE_TYPE_NOT_SUPPORTED] Policies are on catalogs, schemas and tables,"
              + " and not on "
              + on
              + ".");
    }
    grants.requireUse(by, on);
    grants.require(by, Privilege.MANAGE, on);
    grants.requireExists(on);
  }

  private PolicyDefinition checked(Principal by, PolicyDefinition given) {
    Set<String> aliases = new HashSet<>();
    Set<String> keys = new HashSet<>();
    if (given.when() != null) {
      keys.addAll(TagCondition.parse(given.when()).keys());
    }
    for (MatchedColumn match : given.matches()) {
      keys.addAll(TagCondition.parse(match.condition()).keys());
      if (match.alias() != null && !aliases.add(PolicyResolution.alias(match.alias()))) {
        throw TarnException.invalid("The alias '" + match.alias() + "' is given twice.");
      }
    }
    for (String key : keys) {
      if (governed.find(key).isEmpty()) {
        throw TarnException.invalid(
            "The tag '"
                + key
                + "' is not governed, so that anybody who may tag could evade the policy. Have an"
                + " administrator make a tag policy for it first.");
      }
    }
    if ((given.kind() == Kind.COLUMN_MASK) != (given.onColumn() != null)) {
      throw TarnException.invalid("A column mask says ON COLUMN, and a row filter does not.");
    }
    List<String> used = new ArrayList<>();
    Optional.ofNullable(given.onColumn()).ifPresent(used::add);
    for (Argument argument : given.using()) {
      if (argument.alias() != null) {
        used.add(argument.alias());
      } else if (argument.constant() == null || !CONSTANT.matcher(argument.constant()).matches()) {
        throw TarnException.invalid(
            "'"
                + argument.constant()
                + "' is neither an alias of MATCH COLUMNS nor a constant such as 'EU' or 5.");
      }
    }
    for (String alias : used) {
      if (!aliases.contains(PolicyResolution.alias(alias))) {
        throw TarnException.invalid("'" + alias + "' is no alias of MATCH COLUMNS.");
      }
    }
    FunctionInfo function = callable(by, EntityName.parse(given.functionName()), given);
    return new PolicyDefinition(
        given.comment(),
        given.kind(),
        principals(given.to(), true),
        principals(given.except(), false),
        given.when(),
        given.matches(),
        function.name().fullName(),
        function.functionId(),
        given.onColumn(),
        given.using());
  }

  private List<String> principals(List<String> names, boolean needed) {
    if ((needed && names.isEmpty()) || names.size() > MOST_NAMES) {
      throw TarnException.invalid(
          "A policy is for 1 to "
              + MOST_NAMES
              + " users and groups. All are '"
              + Grants.EVERYBODY
              + "'.");
    }
    return names.stream()
        .map(
            name ->
                name.equalsIgnoreCase(Grants.EVERYBODY)
                    ? Grants.EVERYBODY
                    : grants.requirePrincipal(name))
        .toList();
  }

  private FunctionInfo callable(Principal by, EntityName name, PolicyDefinition given) {
    FunctionInfo function = functions.get(by, name);
    grants.requireExecute(by, name);
    var definition = function.definition();
    boolean filter = given.kind() == Kind.ROW_FILTER;
    if (definition.table() || (filter && !"BOOLEAN".equalsIgnoreCase(definition.returnType()))) {
      throw TarnException.invalid(
          "Function '"
              + name
              + "' cannot be used: a row filter returns BOOLEAN, and a mask a value.");
    }
    int arguments = given.using().size() + (filter ? 0 : 1);
    long needed = definition.parameters().stream().filter(p -> p.defaultText() == null).count();
    if (arguments < needed || arguments > definition.parameters().size()) {
      throw TarnException.invalid(
          "Function '"
              + name
              + "' takes "
              + definition.parameters().size()
              + " arguments, and would be called with "
              + arguments
              + ".");
    }
    return function;
  }

  private Optional<AccessPolicy> find(Handle handle, Securable on, String name) {
    return store.on(handle, on).stream()
        .filter(each -> each.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /**
   * @throws TarnException PERMISSION_DENIED without ownership or {@code MANAGE};
   *     RESOURCE_DOES_NOT_EXIST
   */
  public AccessPolicy get(Principal by, Securable on, String name) {
    requireManage(by, on);
    return jdbi.withHandle(handle -> find(handle, on, name)).orElseThrow(() -> missing(on, name));
  }

  /**
   * The policies on a securable, by name; conditions as for {@link #get}.
   *
   * @param inherited those of what it lies in too
   */
  public List<AccessPolicy> list(Principal by, Securable on, boolean inherited) {
    requireManage(by, on);
    return inherited ? holding(on) : jdbi.withHandle(handle -> store.on(handle, on));
  }

  /** Conditions as for {@link #get}. */
  public void delete(Principal by, Securable on, String name) {
    AccessPolicy policy = get(by, on, name);
    grants.changing(
        on,
        handle -> {
          store.delete(handle, policy);
          return null;
        });
  }

  /** What keeps tables within the reach of their policies. */
  public PolicyReach reach() {
    return reach;
  }

  private List<AccessPolicy> holding(Securable securable) {
    List<AccessPolicy> policies = new ArrayList<>();
    long now = grants.epoch();
    Optional<Securable> at = Optional.of(securable);
    while (at.isPresent()) {
      Securable level = at.get();
      policies.addAll(
          found.get(level, now, () -> jdbi.withHandle(handle -> store.on(handle, level))));
      at = level.parent();
    }
    return policies;
  }

  /**
   * A table with the filter and masks that hold for a principal: its own and those of policies.
   *
   * @param read the columns of the version of it that is read, which may be others
   * @throws TarnException PERMISSION_DENIED if it cannot be said which
   */
  public TableInfo seenBy(Principal principal, TableInfo table, Collection<String> read) {
    if (table.tableType() == TableType.VIEW) {
      return table;
    }
    List<AccessPolicy> policies = holding(Securable.table(table.name()));
    if (policies.isEmpty()) {
      return table;
    }
    Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    table.columns().forEach(each -> columns.add(each.name()));
    columns.addAll(read);
    return table.with(
        new PolicyResolution(
                table, List.copyOf(columns), tags.ofTable(table.name()), policies, read)
            .filters(principal));
  }

  /**
   * As {@link #seenBy}, for what shows more than one version of a table: also with what hides
   * columns that are gone, or that the catalog does not know of, as long as they have tags.
   *
   * @throws TarnException PERMISSION_DENIED if it cannot be said which
   */
  public TableInfo seenInAnyVersion(Principal principal, TableInfo table) {
    return table.tableType() == TableType.VIEW
        ? table
        : seenBy(principal, table, tags.ofTable(table.name()).columns().keySet());
  }

  private static TarnException missing(Securable on, String name) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "42704",
        "There is no policy '" + name + "' on " + on + ". SHOW POLICIES ON … lists them.",
        null);
  }
}
