package dev.tarn.platform.identity.tokens;

/**
 * A token as administrators see it.
 *
 * @param creationTime milliseconds since 1970
 * @param expiryTime milliseconds since 1970, or -1 if it never expires
 * @param comment or null
 * @param createdByUsername who made it; the owner, unless an administrator did on behalf of
 * @param createdById null if that principal is gone
 * @param lastUsedDay start of the day (UTC) of the last use, in milliseconds since 1970, or null
 */
public record ManagedToken(
    String tokenId,
    long creationTime,
    long expiryTime,
    String comment,
    Long createdById,
    String createdByUsername,
    long ownerId,
    Long lastUsedDay) {}
