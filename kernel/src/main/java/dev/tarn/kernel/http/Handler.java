package dev.tarn.kernel.http;

/** Answers one request. A {@code TarnException} becomes the error body that clients know. */
@FunctionalInterface
public interface Handler {
  Response handle(Request request) throws Exception;
}
