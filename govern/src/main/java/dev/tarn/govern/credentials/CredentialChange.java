package dev.tarn.govern.credentials;

import java.util.Optional;

/** What is to change of a credential; what is empty stays. */
public record CredentialChange(
    Optional<String> name,
    Optional<CredentialContent> content,
    Optional<String> owner,
    Optional<String> comment,
    Optional<Boolean> readOnly,
    Optional<Boolean> isolated) {}
