package dev.tarn.kernel.http;

import dev.tarn.kernel.error.TarnException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler adds to the record that its call leaves in the audit log, where path, parameters
 * and status of the answer do not say all. Used by the thread that handles the call.
 */
public final class CallNotes {
  private static final int WRONG = 400;

  private final String address;
  private final String requestId;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private String service;
  private String action;
  private String session;
  private Integer status;
  private String error;

  /**
   * @param address of the client
   * @param requestId of this call among all
   */
  public CallNotes(String address, String requestId) {
    this.address = address;
    this.requestId = requestId;
  }

  public String address() {
    return address;
  }

  public String requestId() {
    return requestId;
  }

  /** Names what was called, where one path serves several actions. */
  public CallNotes action(String serviceName, String actionName) {
    service = serviceName;
    action = actionName;
    return this;
  }

  /** Names the session that the call is of. */
  public CallNotes session(String id) {
    session = id;
    return this;
  }

  /**
   * Adds to what the call is about; null adds nothing.
   *
   * @param value no secret and no value of a row
   */
  public CallNotes parameter(String name, String value) {
    if (value != null) {
      parameters.put(name, value);
    }
    return this;
  }

  /** Says that the call failed, though its answer travels with a status that does not. */
  public CallNotes failed(int httpStatus, String message) {
    status = httpStatus;
    error = message;
    return this;
  }

  /** As {@link #failed(int, String)}. */
  public CallNotes failed(TarnException failure) {
    return failed(
        Math.max(WRONG, failure.code().httpStatus()),
        failure.code().name() + ": " + failure.getMessage());
  }

  public Optional<String> service() {
    return Optional.ofNullable(service);
  }

  public Optional<String> action() {
    return Optional.ofNullable(action);
  }

  public Optional<String> session() {
    return Optional.ofNullable(session);
  }

  public Map<String, String> parameters() {
    return Map.copyOf(parameters);
  }

  public Optional<Integer> status() {
    return Optional.ofNullable(status);
  }

  public Optional<String> error() {
    return Optional.ofNullable(error);
  }
}
