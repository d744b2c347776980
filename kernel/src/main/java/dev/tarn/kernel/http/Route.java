package dev.tarn.kernel.http;

/**
 * One path that Tarn answers.
 *
 * @param path literal path; {@code {name}} takes one segment, a trailing {@code {name...}} the rest
 */
public record Route(Method method, String path, Access access, Handler handler) {
  public static Route get(String path, Access access, Handler handler) {
    return new Route(Method.GET, path, access, handler);
  }

  public static Route post(String path, Access access, Handler handler) {
    return new Route(Method.POST, path, access, handler);
  }

  public static Route put(String path, Access access, Handler handler) {
    return new Route(Method.PUT, path, access, handler);
  }

  public static Route patch(String path, Access access, Handler handler) {
    return new Route(Method.PATCH, path, access, handler);
  }

  public static Route delete(String path, Access access, Handler handler) {
    return new Route(Method.DELETE, path, access, handler);
  }
}
