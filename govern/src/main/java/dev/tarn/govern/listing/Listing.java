package dev.tarn.govern.listing;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Listings as Unity Catalog's REST API cuts them into pages. The page token is the name of the last
 * entry; a size that is absent or 0 stands for the default page.
 */
public final class Listing {
  private static final int DEFAULT_PAGE = 1_000;
  private static final int MAX_PAGE = 10_000;

  private Listing() {}

  /** One page, its size in {@code max_results}; as the other. */
  public static <T> Response page(
      Request request,
      String field,
      List<T> all,
      Function<T, String> name,
      Function<T, Object> toWire) {
    return page(request, "max_results", field, all, name, toWire);
  }

  /**
   * One page. It is listed by name: whoever deletes what a page shows misses nothing of the next.
   *
   * @param sizeParameter the query parameter that holds the size
   * @param field under which the answer has the entries
   * @param name different for each
   */
  public static <T> Response page(
      Request request,
      String sizeParameter,
      String field,
      List<T> all,
      Function<T, String> name,
      Function<T, Object> toWire) {
    List<T> sorted = all.stream().sorted(Comparator.comparing(name)).toList();
    return page(
        field,
        Page.read(
            after(request),
            size(request, sizeParameter),
            (from, most) ->
                sorted.stream()
                    .filter(each -> name.apply(each).compareTo(from) > 0)
                    .limit(most)
                    .toList(),
            name,
            each -> true),
        toWire);
  }

  /** One page of a listing that finds its pages itself. */
  public static <T> Response page(String field, Page<T> page, Function<T, Object> toWire) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(field, page.entries().stream().map(toWire).toList());
    page.next().ifPresent(next -> answer.put("next_page_token", next));
    return Response.json(answer);
  }

  /** The name that a page of such a listing begins after; empty for the first. */
  public static String after(Request request) {
    return request.query("page_token").orElse("");
  }

  /** How many entries of a listing a page has at most that finds its pages itself. */
  public static int size(Request request, String sizeParameter) {
    int asked = number(request, sizeParameter);
    if (asked < 0) {
      throw TarnException.invalid("Query parameter '" + sizeParameter + "' must not be negative.");
    }
    return asked == 0 ? DEFAULT_PAGE : Math.min(asked, MAX_PAGE);
  }

  private static int number(Request request, String name) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw TarnException.invalid(
          "Query parameter '"
              + name
              + "' is not valid. Pass what a listing answered, or a number.");
    }
  }

  /** Whether a query parameter is {@code true}. */
  public static boolean flag(Request request, String name) {
    return request.query(name).map(Boolean::parseBoolean).orElse(false);
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if the query parameter is absent
   */
  public static String required(Request request, String name) {
    return request
        .query(name)
        .orElseThrow(() -> TarnException.invalid("Query parameter '" + name + "' is missing."));
  }
}
