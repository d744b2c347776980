package dev.tarn.govern.tags;

import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Governed tags: keys that administrators define, with the values that they may have. Only
 * administrators put them on things and take them off, since policies may go by them.
 *
 * @see <a href="https://docs.databricks.com/aws/en/admin/governed-tags">Governed tags</a>
 */
public final class TagPolicies {
  private static final int CACHED_POLICIES = 1_000;
  private static final int MOST_VALUES = 50;

  private final Jdbi jdbi;
  private final Grants grants;
  private final BiPredicate<Handle, String> relied;
  private final TagPoliciesStore store = new TagPoliciesStore();
  private final Epoch.Kept<String, Optional<TagPolicy>> found;

  /**
   * @param relied whether something goes by the tag, which has to stay governed then
   */
  public TagPolicies(MetadataDatabase database, Grants grants, BiPredicate<Handle, String> relied) {
    this.relied = relied;
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.found = grants.kept(CACHED_POLICIES);
  }

  /**
   * Makes a tag governed. Where it is on things already it stays there, whatever its values.
   *
   * @param description or null
   * @param values that it may have; empty if any will do
   * @throws TarnException PERMISSION_DENIED unless by an administrator; RESOURCE_ALREADY_EXISTS
   */
  public TagPolicy create(Principal by, String key, String description, List<String> values) {
    requireAdministrator(by, "CREATE");
    long now = System.currentTimeMillis();
    TagPolicy policy =
        new TagPolicy(
            UUID.randomUUID().toString(), TagText.key(key), description, checked(values), now, now);
    return grants.changing(
        handle -> {
          if (store.find(handle, key).isPresent()) {
            throw TarnException.alreadyExists("Tag policy", key);
          }
          store.insert(handle, policy);
          return policy;
        });
  }

  private static void requireAdministrator(Principal by, String permission) {
    if (!by.administrator()) {
      throw TarnException.permissionDenied(by.name(), permission, "tag policies");
    }
  }

  private static List<String> checked(List<String> values) {
    values.forEach(TagText::value);
    if (new HashSet<>(values).size() != values.size() || values.size() > MOST_VALUES) {
      throw TarnException.invalid(
          "A tag policy allows at most " + MOST_VALUES + " values, each named once.");
    }
    return values;
  }

  /** Everybody may know which tags are governed, and what they may say. */
  public List<TagPolicy> list() {
    return jdbi.withHandle(store::list);
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public TagPolicy get(String key) {
    return find(key).orElseThrow(() -> missing(key));
  }

  /** The policy of a key; empty if the tag is not governed. */
  public Optional<TagPolicy> find(String key) {
    return found.get(key, grants.epoch(), () -> jdbi.withHandle(handle -> store.find(handle, key)));
  }

  /**
   * Changes what is given; things that have a value which is no longer allowed keep it.
   *
   * @throws TarnException PERMISSION_DENIED unless by an administrator; RESOURCE_DOES_NOT_EXIST
   */
  public TagPolicy update(
      Principal by, String key, Optional<String> description, Optional<List<String>> values) {
    requireAdministrator(by, "MANAGE");
    values.ifPresent(TagPolicies::checked);
    return grants.changing(
        handle -> {
          TagPolicy old = store.find(handle, key).orElseThrow(() -> missing(key));
          TagPolicy changed =
              new TagPolicy(
                  old.policyId(),
                  key,
                  description.orElse(old.description()),
                  values.orElse(old.values()),
                  old.createdAt(),
                  System.currentTimeMillis());
          store.update(handle, changed);
          return changed;
        });
  }

  /**
   * Lets a tag be anybody's again; where it is it stays.
   *
   * @throws TarnException PERMISSION_DENIED unless by an administrator; RESOURCE_DOES_NOT_EXIST;
   *     RESOURCE_CONFLICT if policies go by it
   */
  public void delete(Principal by, String key) {
    requireAdministrator(by, "MANAGE");
    grants.changing(
        handle -> {
          store.find(handle, key).orElseThrow(() -> missing(key));
          if (relied.test(handle, key)) {
            throw new TarnException(
                ErrorCode.RESOURCE_CONFLICT,
                "2BP01",
                "Policies go by tag '"
                    + key
                    + "', which anybody who may tag could evade if it were not governed. Drop them"
                    + " first.",
                null);
          }
          store.delete(handle, key);
          return null;
        });
  }

  /**
   * Whether the principal may put the tag on something, or take it off.
   *
   * @throws TarnException PERMISSION_DENIED if it is governed and the principal no administrator
   */
  void requireAssign(Handle handle, Principal by, String key) {
    if (store.find(handle, key).isPresent() && !by.administrator()) {
      throw TarnException.permissionDenied(by.name(), "ASSIGN", "governed tag '" + key + "'");
    }
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  void requireAllowed(Handle handle, String key, String value) {
    Optional<TagPolicy> policy = store.find(handle, key);
    if (policy.isPresent() && !policy.get().allows(value)) {
      throw TarnException.invalid(
          "Governed tag '"
              + key
              + "' cannot have the value '"
              + value
              + "'. It takes: "
              + String.join(", ", policy.get().values())
              + ".");
    }
  }

  private static TarnException missing(String key) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST, "There is no tag policy of the key '" + key + "'.");
  }
}
