package dev.tarn.server.http;

import java.util.regex.Pattern;

/** A path as logs may show it: who puts a token where an id belongs must not find it there. */
final class LoggedPath {
  private static final Pattern TOKEN =
      Pattern.compile("(dapi|dose|eyJ)[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*){0,2}");

  private LoggedPath() {}

  static String of(String path) {
    return TOKEN.matcher(path).replaceAll("$1***");
  }
}
