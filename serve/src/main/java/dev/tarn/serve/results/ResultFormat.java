package dev.tarn.serve.results;

/** How rows are written. Names are the wire's. */
public enum ResultFormat {
  /** An array of rows, each an array of texts or nulls. */
  JSON_ARRAY("application/json"),
  /** A complete Arrow IPC stream per chunk. */
  ARROW_STREAM("application/vnd.apache.arrow.stream"),
  /** RFC 4180, a header row in the first chunk only, NULL as {@code null}. */
  CSV("text/csv");

  private final String contentType;

  ResultFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }
}
