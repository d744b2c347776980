package dev.tarn.serve.thrift;

import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.thrift.Enums.TOperationType;
import java.time.Instant;

/** What Thrift remembers of a statement beside what the statement is itself. */
final class Operation {
  /** What the client can read. */
  enum Form {
    COLUMNS,
    ARROW,
    /** Arrow inline, or behind links if there is much of it. */
    ARROW_OR_LINKS
  }

  private final String id;
  private final Principal principal;
  private final String sessionId;
  private final TOperationType type;
  private final Form form;
  private final Instant startedAt;
  private long nextRow;
  private volatile boolean timedOut;

  Operation(
      String id,
      Principal principal,
      String sessionId,
      TOperationType type,
      Form form,
      Instant startedAt) {
    this.id = id;
    this.principal = principal;
    this.sessionId = sessionId;
    this.type = type;
    this.form = form;
    this.startedAt = startedAt;
  }

  String id() {
    return id;
  }

  Principal principal() {
    return principal;
  }

  String sessionId() {
    return sessionId;
  }

  TOperationType type() {
    return type;
  }

  Form form() {
    return form;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** The row that a fetch of what comes next begins with. */
  synchronized long nextRow() {
    return nextRow;
  }

  synchronized void nextRow(long row) {
    nextRow = row;
  }

  boolean timedOut() {
    return timedOut;
  }

  void timeOut() {
    timedOut = true;
  }
}
