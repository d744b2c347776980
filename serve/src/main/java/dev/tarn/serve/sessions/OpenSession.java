package dev.tarn.serve.sessions;

import java.util.Map;

/**
 * Body of a request to open a session.
 *
 * @param warehouseId the path may name it instead
 * @param sessionConfs settings, as SET would make them
 */
public record OpenSession(
    String warehouseId, String catalog, String schema, Map<String, String> sessionConfs) {}
