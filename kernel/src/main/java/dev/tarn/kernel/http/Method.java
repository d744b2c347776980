package dev.tarn.kernel.http;

/** The HTTP methods that routes answer. */
public enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  PATCH,
  DELETE
}
