package dev.tarn.server.http;

import dev.tarn.kernel.http.CallNotes;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call as it is about to be answered.
 *
 * @param method of HTTP
 * @param path undecoded
 * @param route what answers it; empty if nothing does, or it did not come so far
 * @param pathParameters decoded values by name
 * @param json the body, if a handler read it as JSON
 * @param user who calls, if that is known
 * @param address of the client
 * @param error what went wrong; null if nothing did
 */
public record ServedCall(
    String method,
    String path,
    Optional<Route> route,
    Map<String, String> pathParameters,
    Map<String, List<String>> query,
    byte[] json,
    CallNotes notes,
    Optional<String> user,
    String address,
    String userAgent,
    String requestId,
    int status,
    String error) {}
