package dev.tarn.bench.catalog;

import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.identity.Principal;
import java.io.InputStream;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A GET request that comes over no wire. */
record Query(Principal principal, Map<String, String> parameters) implements Request {
  @Override
  public String path(String name) {
    throw new NoSuchElementException(name);
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.empty();
  }

  @Override
  public InputStream body() {
    return InputStream.nullInputStream();
  }

  @Override
  public <T> T json(Class<T> type) {
    throw new NoSuchElementException(type.getName());
  }
}
