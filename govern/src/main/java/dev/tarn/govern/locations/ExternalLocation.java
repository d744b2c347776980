package dev.tarn.govern.locations;

/**
 * A part of storage outside the managed one that may be used by those to whom it is granted. Times
 * are in milliseconds since 1970.
 *
 * @param url without trailing slash, nothing in it percent-encoded
 * @param comment or null
 * @param credentialId of the credential that it is reached with; null for the server's own settings
 * @param readOnly whether nothing may be written there
 * @param isolated whether only the workspaces that it is bound to may use it
 */
public record ExternalLocation(
    String locationId,
    String name,
    String url,
    String owner,
    String comment,
    boolean readOnly,
    String credentialId,
    boolean isolated,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {}
