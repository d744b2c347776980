package dev.tarn.govern.allowlists;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * What users may have loaded into shared compute: scripts, jars, Maven coordinates. Tarn loads none
 * for anybody, whatever is listed; the lists are kept for the tools that set them.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/artifactallowlists">Databricks REST:
 *     artifact allowlists</a>
 */
public final class ArtifactAllowlists {
  private static final int MOST = 1_000;
  private static final int LONGEST = 1_000;

  private final Jdbi jdbi;
  private final Grants grants;

  public ArtifactAllowlists(MetadataDatabase database, Grants grants) {
    this.jdbi = database.jdbi();
    this.grants = grants;
  }

  /**
   * @throws TarnException PERMISSION_DENIED without {@code MANAGE ALLOWLIST} on the metastore
   */
  public Allowlist get(Principal principal, ArtifactType type) {
    grants.require(principal, Privilege.MANAGE_ALLOWLIST, Securable.METASTORE);
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT * FROM artifact_allowlists WHERE artifact_type = :type")
                    .bind("type", type.name())
                    .map(
                        (rows, context) ->
                            new Allowlist(
                                type,
                                List.of(Json.read(rows.getString("prefixes"), String[].class)),
                                Optional.of(
                                    new Allowlist.Setting(
                                        rows.getString("set_by"), rows.getLong("set_at")))))
                    .findOne())
        .orElseGet(() -> new Allowlist(type, List.of(), Optional.empty()));
  }

  /**
   * Puts a list in the place of the one before.
   *
   * @throws TarnException as {@link #get}; INVALID_PARAMETER_VALUE for a prefix that is empty or
   *     too long, or for too many
   */
  public Allowlist set(Principal principal, ArtifactType type, List<String> prefixes) {
    grants.require(principal, Privilege.MANAGE_ALLOWLIST, Securable.METASTORE);
    if (prefixes.size() > MOST
        || prefixes.stream().anyMatch(each -> each.isBlank() || each.length() > LONGEST)) {
      throw TarnException.invalid(
          "An allowlist has at most "
              + MOST
              + " artifacts, each a prefix of 1 to "
              + LONGEST
              + " characters.");
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO artifact_allowlists (artifact_type, prefixes, set_by, set_at)"
                        + " VALUES (:type, :prefixes, :by, :at) ON CONFLICT (artifact_type) DO"
                        + " UPDATE SET prefixes = excluded.prefixes, set_by = excluded.set_by,"
                        + " set_at = excluded.set_at")
                .bind("type", type.name())
                .bind("prefixes", Json.string(prefixes))
                .bind("by", principal.name().toLowerCase(Locale.ROOT))
                .bind("at", System.currentTimeMillis())
                .execute());
    return get(principal, type);
  }
}
