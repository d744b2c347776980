package dev.tarn.platform.identity.tokens;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.Directory;
import dev.tarn.platform.identity.secrets.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Personal access tokens. Their text is known once, to whoever made them; only hashes are kept. */
public final class Tokens {
  /** As many as Databricks allows a user. */
  static final int MAX_PER_OWNER = 600;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int MAX_COMMENT = 1_000;
  private static final Duration MAX_LIFETIME = Duration.ofDays(36_500);
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private static final int MOST_KEPT = 10_000;

  private final Jdbi jdbi;
  private final Epoch epoch;
  private final Epoch.Kept<String, TokensStore.StoredToken> known;
  private final Directory directory;
  private final Clock clock;
  private final TokensStore store = new TokensStore();

  /**
   * @param epoch rises with every change of tokens and of their owners
   */
  public Tokens(MetadataDatabase database, Epoch epoch, Directory directory, Clock clock) {
    this.jdbi = database.jdbi();
    this.epoch = epoch;
    this.known = epoch.kept(MOST_KEPT);
    this.directory = directory;
    this.clock = clock;
  }

  /** Whose token this is; empty if it is unknown, revoked or expired. */
  public Optional<String> owner(String token) {
    // The lookup is by hash of 128 random bits: how long it takes tells nothing about a token.
    String hash = Secret.hash(token);
    Optional<TokensStore.StoredToken> found =
        Optional.ofNullable(known.get(hash, epoch.now(), () -> read(hash)))
            .filter(stored -> stored.expiresAt() == null || stored.expiresAt() > clock.millis());
    long today = clock.millis() / DAY_MS * DAY_MS;
    found
        .filter(stored -> stored.lastUsedDay() == null || stored.lastUsedDay() < today)
        .ifPresent(stored -> epoch.change(handle -> store.used(handle, stored.tokenId(), today)));
    return found.map(TokensStore.StoredToken::userName);
  }

  private TokensStore.StoredToken read(String hash) {
    return jdbi.withHandle(handle -> store.byHash(handle, hash)).orElse(null);
  }

  /**
   * Makes a token for its owner.
   *
   * @param comment or null
   * @param lifetime empty: it never expires
   * @throws TarnException INVALID_PARAMETER_VALUE for a lifetime that is not positive;
   *     RESOURCE_EXHAUSTED if the owner has 600 tokens
   */
  public IssuedToken create(Principal owner, String comment, Optional<Duration> lifetime) {
    return issue(owner.name(), owner.name(), newText(), comment, lifetime);
  }

  /** An administrator makes a token for somebody else. Conditions as for {@link #create}. */
  public IssuedToken createFor(
      Principal administrator, String owner, String comment, Optional<Duration> lifetime) {
    requireAdministrator(administrator, "create tokens for others");
    String name = directory.get(owner).name();
    return issue(name, administrator.name(), newText(), comment, lifetime);
  }

  /** The text of a token that {@link #register} can make valid later. */
  public static String newText() {
    return Secret.random("dapi", 16);
  }

  /** Makes a text from {@link #newText} a token that never expires. */
  public void register(String owner, String text, String comment) {
    issue(owner, owner, text, comment, Optional.empty());
  }

  private IssuedToken issue(
      String givenOwner,
      String createdBy,
      String text,
      String comment,
      Optional<Duration> lifetime) {
    lifetime
        .filter(time -> time.isNegative() || time.isZero() || time.compareTo(MAX_LIFETIME) > 0)
        .ifPresent(
            duration -> {
              throw TarnException.invalid(
                  "The lifetime of a token must be positive, and at most 36,500 days. Leave it out"
                      + " for no expiry.");
            });
    requireComment(comment);
    String owner = directory.get(givenOwner).name();
    long now = clock.millis();
    TokenInfo info =
        new TokenInfo(
            UUID.randomUUID().toString(),
            now,
            lifetime.map(duration -> now + duration.toMillis()).orElse(-1L),
            comment);
    epoch.change(
        handle -> {
          store.deleteExpired(handle, owner, now - DAY_MS);
          if (store.count(handle, owner, now) >= MAX_PER_OWNER) {
            throw new TarnException(
                ErrorCode.RESOURCE_EXHAUSTED,
                "User '"
                    + owner
                    + "' has "
                    + MAX_PER_OWNER
                    + " tokens, which is the most. Revoke some of them first.");
          }
          store.add(handle, Secret.hash(text), owner, createdBy, info);
        });
    return new IssuedToken(text, info);
  }

  private static void requireComment(String comment) {
    if (comment != null && (comment.length() > MAX_COMMENT || comment.indexOf('\0') >= 0)) {
      throw TarnException.invalid(
          "A comment has at most " + MAX_COMMENT + " characters, and no NUL.");
    }
  }

  /** The principal's own tokens, the oldest first. */
  public List<TokenInfo> list(Principal principal) {
    return jdbi.withHandle(handle -> store.of(handle, principal.name()));
  }

  /**
   * Everybody's tokens, the oldest first; administrators only.
   *
   * @param createdById lets through tokens that the principal with this id made
   * @param createdBy lets through tokens that this principal made
   */
  public List<ManagedToken> listAll(
      Principal administrator, Optional<Long> createdById, Optional<String> createdBy) {
    requireAdministrator(administrator, "list tokens of others");
    return jdbi.withHandle(store::all).stream()
        .filter(t -> createdById.isEmpty() || createdById.get().equals(t.createdById()))
        .filter(t -> createdBy.isEmpty() || createdBy.get().equalsIgnoreCase(t.createdByUsername()))
        .toList();
  }

  /**
   * Anybody's token; administrators only.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public ManagedToken get(Principal administrator, String tokenId) {
    requireAdministrator(administrator, "look up tokens of others");
    if (!isId(tokenId)) {
      throw unknown(tokenId);
    }
    return jdbi.withHandle(handle -> store.managed(handle, tokenId))
        .orElseThrow(() -> unknown(tokenId));
  }

  /**
   * Changes the comment. One's own token, or anybody's by an administrator.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST, also for somebody else's token
   */
  public void comment(Principal principal, String tokenId, String comment) {
    requireComment(comment);
    epoch.change(
        handle -> {
          requireOwn(handle, principal, tokenId);
          store.comment(handle, tokenId, comment);
        });
  }

  /** Makes a token worthless at once. Conditions as for {@link #comment}. */
  public void revoke(Principal principal, String tokenId) {
    epoch.change(
        handle -> {
          requireOwn(handle, principal, tokenId);
          store.delete(handle, tokenId);
        });
  }

  private void requireOwn(Handle handle, Principal principal, String tokenId) {
    Optional.ofNullable(tokenId)
        .filter(Tokens::isId)
        .flatMap(id -> store.owner(handle, id))
        .filter(owner -> principal.administrator() || owner.equals(principal.name()))
        .orElseThrow(() -> unknown(tokenId));
  }

  private static boolean isId(String text) {
    return text != null && ID.matcher(text).matches();
  }

  private static TarnException unknown(String tokenId) {
    // Whoever mistakes the token's text for its id must not find it in an error.
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        (isId(tokenId) ? "Token '" + tokenId + "'" : "The token")
            + " does not exist. /api/2.0/token/list has the ids of yours.");
  }

  private static void requireAdministrator(Principal principal, String what) {
    if (!principal.administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "User '" + principal.name() + "' may not " + what + ". Ask an administrator.");
    }
  }
}
