package dev.tarn.platform.identity;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.datafolder.SecretFile;
import dev.tarn.platform.identity.directory.Directory;
import dev.tarn.platform.identity.directory.Groups;
import dev.tarn.platform.identity.directory.GroupsRoutes;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.directory.ServicePrincipalsRoutes;
import dev.tarn.platform.identity.directory.UsersRoutes;
import dev.tarn.platform.identity.oauth.OAuth;
import dev.tarn.platform.identity.oauth.OAuthRoutes;
import dev.tarn.platform.identity.secrets.ServicePrincipalSecrets;
import dev.tarn.platform.identity.secrets.ServicePrincipalSecretsRoutes;
import dev.tarn.platform.identity.tokens.Tokens;
import dev.tarn.platform.identity.tokens.TokensRoutes;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Who is asking: resolves tokens to principals, and holds together what identity is made of (the
 * directory of users, service principals and groups; their tokens and secrets; OAuth).
 */
public final class Identity {
  private static final String TOKEN_FILE = "admin.token";
  private static final String KEY_FILE = "oauth.key";

  private final Directory directory;
  private final Groups groups;
  private final Tokens tokens;
  private final ServicePrincipalSecrets secrets;
  private final OAuth oauth;

  public Identity(MetadataDatabase database, Path dataFolder, Clock clock) {
    Epoch epoch = database.epoch("identity_epoch");
    this.directory = new Directory(database, epoch, clock);
    this.groups = new Groups(database, epoch, clock);
    this.tokens = new Tokens(database, epoch, directory, clock);
    this.secrets = new ServicePrincipalSecrets(database, directory, clock);
    this.oauth = new OAuth(database, directory, secrets, dataFolder.resolve(KEY_FILE), clock);
  }

  /**
   * Who a personal access token or an OAuth access token belongs to.
   *
   * @throws TarnException UNAUTHENTICATED for a token that is unknown, forged, revoked or expired,
   *     or whose principal is deleted or inactive: one message for all, so that guessing learns
   *     nothing
   */
  public Principal authenticate(String bearerToken) {
    return Optional.ofNullable(bearerToken)
        .filter(token -> !token.isBlank())
        .flatMap(token -> token.indexOf('.') >= 0 ? oauth.subject(token) : tokens.owner(token))
        .flatMap(directory::find)
        .filter(PrincipalInfo::active)
        .map(Identity::principal)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.UNAUTHENTICATED,
                    "The access token is invalid, expired or revoked. Pass a valid token; the"
                        + " administrator's first one is in admin.token of the data folder."));
  }

  /**
   * A user or service principal with its groups, as it stands now.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public Principal principal(String name) {
    return principal(directory.get(name));
  }

  /**
   * Whose rights an owner's name stands for: of a user or service principal, or of a group as if it
   * were one. Empty if nobody is called so, or not any more, or is inactive.
   */
  public Optional<Principal> holder(String name) {
    Optional<PrincipalInfo> found = directory.find(name);
    if (found.isPresent()) {
      return found.filter(PrincipalInfo::active).map(Identity::principal);
    }
    return directory
        .groupsFrom(name)
        .map(groups -> new Principal(name, groups, groups.contains(Directory.ADMINISTRATORS)));
  }

  private static Principal principal(PrincipalInfo found) {
    List<String> groups = found.groupNames();
    return new Principal(
        found.name(), Set.copyOf(groups), groups.contains(Directory.ADMINISTRATORS));
  }

  /** The number by which clients know the one workspace. */
  public long workspaceId() {
    return oauth.workspaceId();
  }

  /** Whether there is a user, service principal (by application id) or group of this name. */
  public boolean exists(String name) {
    return directory.exists(name);
  }

  public Directory directory() {
    return directory;
  }

  public Groups groups() {
    return groups;
  }

  public Tokens tokens() {
    return tokens;
  }

  public ServicePrincipalSecrets secrets() {
    return secrets;
  }

  public OAuth oauth() {
    return oauth;
  }

  /**
   * @param address scheme, host and port that a client reached us under
   */
  public List<Capability> capabilities(Function<Request, URI> address) {
    return List.of(
        new UsersRoutes(directory),
        new ServicePrincipalsRoutes(directory),
        new GroupsRoutes(groups),
        new TokensRoutes(tokens),
        new ServicePrincipalSecretsRoutes(secrets),
        new OAuthRoutes(oauth, address));
  }

  /**
   * Makes the first administrator, and writes its token to {@code admin.token} in the data folder
   * (mode 0600). A later start writes a new one only if the file is gone or the administrator has
   * no token left; a revoked token never comes back.
   */
  public void bootstrapAdministrator(Path dataFolder) {
    Principal administrator = principal(directory.firstAdministrator());
    Path file = dataFolder.resolve(TOKEN_FILE);
    if (!Files.exists(file) || tokens.list(administrator).isEmpty()) {
      // File first: killed in between, the next start finds no token in the database and begins
      // again, whereas a token without its file could never be used.
      String token = Tokens.newText();
      SecretFile.write(file, token + "\n");
      tokens.register(administrator.name(), token, "first administrator");
    }
  }
}
