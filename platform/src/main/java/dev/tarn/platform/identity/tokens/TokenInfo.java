package dev.tarn.platform.identity.tokens;

/**
 * A token without its text.
 *
 * @param creationTime milliseconds since 1970
 * @param expiryTime milliseconds since 1970, or -1 if it never expires
 * @param comment or null
 */
public record TokenInfo(String tokenId, long creationTime, long expiryTime, String comment) {}
