package dev.tarn.govern.locations;

import java.util.Optional;

/**
 * What is to change of a location; what is empty stays.
 *
 * @param force whether the URL may change although tables or volumes lie in the old one
 */
public record LocationChange(
    Optional<String> name,
    Optional<String> url,
    Optional<String> comment,
    Optional<String> owner,
    Optional<Boolean> readOnly,
    boolean force) {}
