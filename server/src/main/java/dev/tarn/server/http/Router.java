package dev.tarn.server.http;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Route;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the route of a request path. A literal segment wins over {@code {name}}, and that over a
 * trailing {@code {name...}}. A route whose path ends in a slash answers without the slash too.
 *
 * <p>Paths are matched before percent-decoding, so that {@code %2F} in a name stays in the name.
 */
final class Router {

  /**
   * What answers a path.
   *
   * @param parameters decoded values by name
   */
  record Match(Route route, Map<String, String> parameters) {}

  private record Compiled(Route route, List<String> names) {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    Node parameter;
    final Map<Method, Compiled> here = new EnumMap<>(Method.class);
    final Map<Method, Compiled> rest = new EnumMap<>(Method.class);
  }

  private final Node root = new Node();

  Router(List<Route> routes) {
    routes.forEach(this::add);
  }

  private void add(Route route) {
    String path = route.path();
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("Route '" + path + "' must start with '/'.");
    }
    String rest = null;
    if (path.endsWith("...}")) {
      int open = path.lastIndexOf('{');
      rest = path.substring(open + 1, path.length() - "...}".length());
      path = path.substring(0, path.charAt(open - 1) == '/' ? open - 1 : open);
    }
    List<String> names = new ArrayList<>();
    Node node = root;
    for (String segment : path.isEmpty() ? List.<String>of() : segments(path)) {
      if (segment.startsWith("{") && segment.endsWith("}")) {
        names.add(segment.substring(1, segment.length() - 1));
        node.parameter = node.parameter == null ? new Node() : node.parameter;
        node = node.parameter;
      } else {
        node = node.literals.computeIfAbsent(segment, s -> new Node());
      }
    }
    if (rest != null) {
      names.add(rest);
    }
    Compiled previous =
        (rest == null ? node.here : node.rest)
            .putIfAbsent(route.method(), new Compiled(route, List.copyOf(names)));
    if (previous != null) {
      throw new IllegalArgumentException(
          "Two routes answer " + route.method() + " " + route.path() + ".");
    }
  }

  /** The route of a method and an undecoded path, or empty. */
  Optional<Match> match(Method method, String path) {
    List<String> segments = segments(path);
    List<String> values = new ArrayList<>();
    Compiled found = find(root, segments, 0, method, values, false);
    if (found == null && method == Method.HEAD) {
      values.clear();
      found = find(root, segments, 0, Method.GET, values, false);
    }
    if (found == null) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < found.names().size(); i++) {
      parameters.put(found.names().get(i), decoded(values.get(i)));
    }
    return Optional.of(new Match(found.route(), parameters));
  }

  /** The methods a path answers, by name; none if there is no such path. */
  Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    for (Method method : Method.values()) {
      if (match(method, path).isPresent()) {
        methods.add(method.name());
      }
    }
    return methods;
  }

  private static Compiled find(
      Node node,
      List<String> segments,
      int index,
      Method method,
      List<String> values,
      boolean slashAdded) {
    if (index == segments.size()) {
      Compiled here = node.here.get(method);
      if (here != null) {
        return here;
      }
      if (!slashAdded && node.literals.containsKey("")) {
        Compiled withSlash = find(node.literals.get(""), segments, index, method, values, true);
        if (withSlash != null) {
          return withSlash;
        }
      }
    } else {
      String segment = segments.get(index);
      Node literal = node.literals.get(segment);
      if (literal != null) {
        Compiled found = find(literal, segments, index + 1, method, values, false);
        if (found != null) {
          return found;
        }
      }
      if (node.parameter != null && !segment.isEmpty()) {
        values.add(segment);
        Compiled found = find(node.parameter, segments, index + 1, method, values, false);
        if (found != null) {
          return found;
        }
        values.remove(values.size() - 1);
      }
    }
    return rest(node, segments, index, method, values);
  }

  /** {@code /files{path...}} hands on the rest with its slash, {@code /files/{path...}} without. */
  private static Compiled rest(
      Node node, List<String> segments, int index, Method method, List<String> values) {
    Compiled rest = node.rest.get(method);
    if (rest == null) {
      return null;
    }
    boolean withSlash = !rest.route().path().contains("/{" + last(rest.names()) + "...}");
    String remaining = String.join("/", segments.subList(index, segments.size()));
    values.add(withSlash && index < segments.size() ? "/" + remaining : remaining);
    return rest;
  }

  private static String last(List<String> names) {
    return names.get(names.size() - 1);
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  /** Percent-decodes UTF-8, strictly; a plus sign is itself. */
  private static String decoded(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    byte[] in = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.put(in[i]);
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw badEncoding();
      }
      out.put((byte) (high * 16 + low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException e) {
      throw badEncoding();
    }
  }

  private static TarnException badEncoding() {
    return TarnException.invalid(
        "The path of the request is not valid percent-encoded UTF-8. Encode each part of it.");
  }
}
