package dev.tarn.govern.search;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;
import org.jdbi.v3.core.Handle;

/**
 * What a principal may see, as a filter of the index, so that searching takes no longer for what is
 * hidden. It may let through a little too much, never too little: grants decide over each hit.
 */
final class SearchScope {
  private static final List<SecurableType> ENTITIES =
      List.of(SecurableType.TABLE, SecurableType.VOLUME, SecurableType.FUNCTION);

  private final Grants grants;
  private final SearchStore store;

  SearchScope(Grants grants, SearchStore store) {
    this.grants = grants;
    this.store = store;
  }

  Query of(Handle handle, Principal principal) {
    if (principal.administrator()) {
      return new MatchAllDocsQuery();
    }
    List<String> keys = new ArrayList<>();
    List<String> scopes = new ArrayList<>();
    Set<String> catalogs = new TreeSet<>();
    store.catalogs(handle).forEach(each -> catalogs.add(each.securable().fullName()));
    for (String catalog : catalogs) {
      see(principal, Securable.catalog(catalog), keys);
    }
    for (SchemaName name : store.schemaNames(handle)) {
      Securable schema = Securable.schema(name);
      see(principal, schema, keys);
      for (SecurableType type : ENTITIES) {
        if (grants.seesAll(principal, schema, type)) {
          scopes.add(SearchIndex.scope(type, schema.fullName()));
        }
      }
    }
    Set<String> names = new TreeSet<>();
    names.add(principal.name().toLowerCase(Locale.ROOT));
    principal.groups().forEach(group -> names.add(group.toLowerCase(Locale.ROOT)));
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    query.add(in(SearchIndex.OWNER, names), Occur.SHOULD);
    names.add(Grants.EVERYBODY);
    store.grantedTo(handle, names).forEach(each -> keys.add(SearchIndex.key(each)));
    query.add(in(SearchIndex.KEY, keys), Occur.SHOULD);
    query.add(in(SearchIndex.SCOPE, scopes), Occur.SHOULD);
    return query.build();
  }

  private void see(Principal principal, Securable container, List<String> keys) {
    if (grants.sees(principal, container)) {
      keys.add(SearchIndex.key(container));
    }
  }

  private static Query in(String field, Iterable<String> values) {
    List<BytesRef> terms = new ArrayList<>();
    values.forEach(value -> terms.add(new BytesRef(value)));
    return new TermInSetQuery(field, terms);
  }
}
