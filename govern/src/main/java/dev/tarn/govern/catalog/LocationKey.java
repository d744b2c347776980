package dev.tarn.govern.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** How databases look up what lies inside a location, and what it lies in. */
final class LocationKey {
  private LocationKey() {}

  /** The bytes in hexadecimal: they sort as the location does, whatever the collation. */
  static String of(String location) {
    return HexFormat.of().formatHex(location.getBytes(StandardCharsets.UTF_8));
  }

  /** Below the keys of all that lies inside. */
  static String before(String location) {
    return of(location + '/');
  }

  /** Above the keys of all that lies inside. */
  static String after(String location) {
    return of(location + (char) ('/' + 1));
  }

  /** The location and all that it may lie in. */
  static List<String> upwards(String location) {
    List<String> all = new ArrayList<>();
    String at = location;
    while (true) {
      all.add(at);
      int slash = at.lastIndexOf('/');
      if (slash <= 0) {
        return all;
      }
      at = at.substring(0, slash);
    }
  }
}
