package dev.tarn.platform.identity;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Users, their groups, and the personal access tokens they come with. Names of users and groups are
 * kept in lower case and share one namespace, since grants are made to either.
 */
public final class Identity {
  /** Members administer the metastore. */
  public static final String ADMINISTRATORS = "admins";

  /** Everybody is in these; they have no member rows. */
  private static final Set<String> EVERYBODY = Set.of("account users", "users");

  private static final String FIRST_ADMINISTRATOR = "admin";
  private static final String TOKEN_FILE = "admin.token";
  private static final int MAX_NAME = 255;

  private final Jdbi jdbi;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final IdentityStore store = new IdentityStore();

  public Identity(MetadataDatabase database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Who a token belongs to.
   *
   * @throws TarnException UNAUTHENTICATED for a token that is unknown, revoked or expired: one
   *     message for all, so that guessing learns nothing
   */
  public Principal authenticate(String bearerToken) {
    // The lookup is by hash of 128 random bits: how long it takes tells nothing about a token.
    return Optional.ofNullable(bearerToken)
        .filter(token -> !token.isBlank())
        .flatMap(token -> jdbi.withHandle(handle -> store.token(handle, hash(token))))
        .filter(token -> token.expiresAt() == null || token.expiresAt() > clock.millis())
        .map(token -> principal(token.userName()))
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.UNAUTHENTICATED,
                    "The access token is invalid, expired or revoked. Pass a valid token; the"
                        + " administrator's first one is in admin.token of the data folder."));
  }

  /**
   * A user with its groups, as it stands now.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public Principal principal(String userName) {
    User user = user(userName);
    return new Principal(
        user.userName(), Set.copyOf(user.groups()), user.groups().contains(ADMINISTRATORS));
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public User user(String userName) {
    String name = lower(userName);
    return jdbi.withHandle(handle -> store.user(handle, name))
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    "User '" + userName + "' does not exist. An administrator can create it."));
  }

  /** Whether there is a user or group of this name. */
  public boolean exists(String name) {
    String stored = lower(name);
    return EVERYBODY.contains(stored)
        || jdbi.withHandle(handle -> store.isUser(handle, stored) || store.isGroup(handle, stored));
  }

  /** All users, the oldest first; administrators only. */
  public List<User> listUsers(Principal administrator) {
    requireAdministrator(administrator, "list users");
    return jdbi.withHandle(store::users);
  }

  /**
   * Makes a user, who sees nothing until something is granted.
   *
   * @param groups made if they do not exist; {@code admins} makes an administrator
   * @throws TarnException PERMISSION_DENIED unless called by an administrator;
   *     RESOURCE_ALREADY_EXISTS if a user or group has the name
   */
  public void createUser(Principal administrator, String userName, List<String> groups) {
    requireAdministrator(administrator, "create users");
    addUser(userName, groups);
  }

  private void addUser(String userName, List<String> groups) {
    String name = requireName(userName);
    List<String> members =
        groups.stream().map(Identity::requireName).filter(g -> !EVERYBODY.contains(g)).toList();
    jdbi.useTransaction(
        handle -> {
          if (EVERYBODY.contains(name) || store.isGroup(handle, name)) {
            throw TarnException.alreadyExists("Group", name);
          }
          if (!store.addUser(handle, name, clock.millis())) {
            throw TarnException.alreadyExists("User", name);
          }
          for (String group : members) {
            if (store.isUser(handle, group)) {
              throw TarnException.alreadyExists("User", group);
            }
            store.addGroup(handle, group, clock.millis());
            store.addMember(handle, group, name);
          }
        });
  }

  private static String requireName(String name) {
    String stored = lower(name).strip();
    if (stored.isEmpty()
        || stored.length() > MAX_NAME
        || stored.chars().anyMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\')
        || stored.equals(".")
        || stored.equals("..")) {
      throw TarnException.invalid(
          "A name of a user or group has 1 to 255 characters, none of them '/', '\\' or a control"
              + " character.");
    }
    return stored;
  }

  private static String lower(String name) {
    return name == null ? "" : name.toLowerCase(Locale.ROOT);
  }

  private static void requireAdministrator(Principal principal, String what) {
    if (!principal.administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "User '" + principal.name() + "' may not " + what + ". Ask an administrator.");
    }
  }

  /**
   * Makes a token for its owner.
   *
   * @param comment or null
   * @param lifetime empty: it never expires
   */
  public IssuedToken createToken(Principal owner, String comment, Optional<Duration> lifetime) {
    return issue(owner, newSecret(), comment, lifetime);
  }

  private String newSecret() {
    byte[] secret = new byte[16];
    random.nextBytes(secret);
    return "dapi" + HexFormat.of().formatHex(secret);
  }

  private IssuedToken issue(
      Principal owner, String token, String comment, Optional<Duration> lifetime) {
    lifetime
        .filter(duration -> duration.isNegative() || duration.isZero())
        .ifPresent(
            duration -> {
              throw TarnException.invalid(
                  "The lifetime of a token must be positive. Leave it out for no expiry.");
            });
    User user = user(owner.name());
    long now = clock.millis();
    TokenInfo info =
        new TokenInfo(
            UUID.randomUUID().toString(),
            now,
            lifetime.map(duration -> now + duration.toMillis()).orElse(-1L),
            comment);
    jdbi.useTransaction(handle -> store.addToken(handle, hash(token), user.userName(), info));
    return new IssuedToken(token, info);
  }

  /** An administrator makes a token for somebody else. Conditions as for {@link #createToken}. */
  public IssuedToken createTokenFor(
      Principal administrator, String userName, String comment, Optional<Duration> lifetime) {
    requireAdministrator(administrator, "create tokens for others");
    return createToken(principal(userName), comment, lifetime);
  }

  /** The principal's own tokens, the oldest first. */
  public List<TokenInfo> listTokens(Principal principal) {
    return jdbi.withHandle(handle -> store.tokensOf(handle, lower(principal.name())));
  }

  /**
   * Makes a token worthless at once. One's own, or anybody's by an administrator.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST, also for somebody else's token
   */
  public void revokeToken(Principal principal, String tokenId) {
    jdbi.useTransaction(
        handle -> {
          store
              .ownerOfToken(handle, String.valueOf(tokenId))
              .filter(o -> principal.administrator() || o.equals(lower(principal.name())))
              .orElseThrow(
                  () ->
                      new TarnException(
                          ErrorCode.RESOURCE_DOES_NOT_EXIST,
                          "Token '"
                              + tokenId
                              + "' does not exist. /api/2.0/token/list has the ids of yours."));
          store.deleteToken(handle, tokenId);
        });
  }

  /**
   * Makes the first administrator, and writes its token to {@code admin.token} in the data folder
   * (mode 0600). A later start writes a new one only if the file is gone or the administrator has
   * no token left; a revoked token never comes back.
   */
  public void bootstrapAdministrator(Path dataFolder) {
    if (!jdbi.withHandle(handle -> store.isUser(handle, FIRST_ADMINISTRATOR))) {
      addUser(FIRST_ADMINISTRATOR, List.of(ADMINISTRATORS));
    }
    Principal administrator = principal(FIRST_ADMINISTRATOR);
    Path file = dataFolder.resolve(TOKEN_FILE);
    if (!Files.exists(file) || listTokens(administrator).isEmpty()) {
      // File first: killed in between, the next start finds no token in the database and begins
      // again, whereas a token without its file could never be used.
      String token = newSecret();
      writeSecret(file, token);
      issue(administrator, token, "first administrator", Optional.empty());
    }
  }

  private static void writeSecret(Path file, String token) {
    // Complete or absent: a half-written file after kill -9 would lock the administrator out.
    Path half = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(half);
      Files.createFile(
          half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(half, token + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The administrator's token cannot be written to '"
              + file
              + "'. Check that the data folder can be written and the disk is not full.",
          e);
    }
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
