package dev.tarn.govern.catalog;

import dev.tarn.govern.catalog.CatalogWire.Aspect;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a caller is shown of a securable: those that one may only browse are left out unless {@code
 * include_browse} is asked for, and then come with {@code browse_only} and less in them.
 */
public final class Visibility {
  private final Grants grants;
  private final Supplier<String> metastoreId;

  public Visibility(Grants grants, Supplier<String> metastoreId) {
    this.grants = grants;
    this.metastoreId = metastoreId;
  }

  /** For what the caller has just made or changed. */
  Aspect own() {
    return new Aspect(metastoreId.get(), false);
  }

  /**
   * @throws TarnException PERMISSION_DENIED for what may only be browsed, unless that was asked for
   */
  Aspect of(Request request, Securable securable) {
    boolean browses = grants.browsesOnly(request.principal(), securable);
    if (browses && !Listing.flag(request, "include_browse")) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: User '"
              + request.principal().name()
              + "' may only browse "
              + securable
              + ". Say include_browse=true to see what can be browsed, or ask its owner for a"
              + " privilege.",
          null);
    }
    return new Aspect(metastoreId.get(), browses);
  }

  /** Those of a listing that the caller gets. */
  <T> List<T> listed(Request request, List<T> all, Function<T, Securable> securable) {
    if (Listing.flag(request, "include_browse")) {
      return all;
    }
    return all.stream()
        .filter(each -> !grants.browsesOnly(request.principal(), securable.apply(each)))
        .toList();
  }

  /** For a listing of what is of one type in a schema. */
  Inside inside(Request request, Securable schema, SecurableType type) {
    return new Inside(
        request.principal(),
        Listing.flag(request, "include_browse"),
        grants.usesAll(request.principal(), schema, type),
        own());
  }

  /** What a caller is shown of a schema's contents, asking once what holds for all of them. */
  final class Inside {
    private final Principal principal;
    private final boolean browsing;
    private final boolean uses;
    private final Aspect whole;

    private Inside(Principal principal, boolean browsing, boolean uses, Aspect whole) {
      this.principal = principal;
      this.browsing = browsing;
      this.uses = uses;
      this.whole = whole;
    }

    /** Whether the caller gets one that the caller may see. */
    boolean lists(EntityName name, Function<EntityName, Securable> securable) {
      return browsing || uses || !grants.browsesOnly(principal, securable.apply(name));
    }

    Aspect of(EntityName name, Function<EntityName, Securable> securable) {
      return uses
          ? whole
          : new Aspect(whole.metastoreId(), grants.browsesOnly(principal, securable.apply(name)));
    }
  }

  /** For one of a listing. */
  Aspect among(Request request, Securable securable) {
    return new Aspect(metastoreId.get(), grants.browsesOnly(request.principal(), securable));
  }
}
