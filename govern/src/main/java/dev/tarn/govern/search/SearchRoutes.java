package dev.tarn.govern.search;

import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Searching over HTTP. Databricks documents no path for it, so it is one of our own. */
public final class SearchRoutes implements Capability {
  private static final int DEFAULT_RESULTS = 20;
  private static final int MOST_RESULTS = 100;

  private final Search search;

  public SearchRoutes(Search search) {
    this.search = search;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/api/2.0/tarn/search", Access.AUTHENTICATED, this::search));
  }

  private Response search(Request request) {
    int size =
        request.query("max_results").isEmpty()
            ? DEFAULT_RESULTS
            : Math.min(Listing.size(request, "max_results"), MOST_RESULTS);
    SearchPage page =
        search.find(
            request.principal(),
            Listing.required(request, "q"),
            request.queries("types").stream()
                .flatMap(types -> Arrays.stream(types.split(",")))
                .filter(type -> !type.isBlank())
                .map(SearchRoutes::type)
                .toList(),
            size,
            request.query("page_token").orElse(""));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("results", page.results());
    page.next().ifPresent(next -> answer.put("next_page_token", next));
    return Response.json(answer);
  }

  private static SecurableType type(String text) {
    SecurableType type = SecurableType.parse(text);
    if (!Search.TYPES.contains(type)) {
      throw TarnException.invalid(
          "'types' takes catalog, schema, table, volume and function, and not '" + text + "'.");
    }
    return type;
  }
}
