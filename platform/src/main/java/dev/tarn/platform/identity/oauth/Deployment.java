package dev.tarn.platform.identity.oauth;

import dev.tarn.platform.database.MetadataDatabase;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Which Tarn this is: all servers that share a metadata database are one. Access tokens name it as
 * their audience, so that those of another Tarn are worthless here.
 */
final class Deployment {
  private final Jdbi jdbi;
  private volatile UUID id;

  Deployment(MetadataDatabase database) {
    this.jdbi = database.jdbi();
  }

  /** Made at the first call, and the same ever after. */
  UUID id() {
    if (id == null) {
      id =
          jdbi.inTransaction(
              handle -> {
                handle
                    .createUpdate(
                        "INSERT INTO deployment (singleton, deployment_id) VALUES (1, :id)"
                            + " ON CONFLICT DO NOTHING")
                    .bind("id", UUID.randomUUID().toString())
                    .execute();
                return UUID.fromString(
                    handle
                        .createQuery("SELECT deployment_id FROM deployment")
                        .mapTo(String.class)
                        .one());
              });
    }
    return id;
  }

  /** A positive number that fits into a double, for clients that want workspaces to be numbers. */
  long workspaceId() {
    return id().getMostSignificantBits() >>> 11;
  }
}
