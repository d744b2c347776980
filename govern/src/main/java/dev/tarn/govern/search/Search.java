package dev.tarn.govern.search;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds catalogs, schemas, tables, views, volumes and functions by words of their names, columns,
 * tags and comments. Nobody finds what they may not see, nor learns from a rank, a number of
 * results or the time that it exists.
 */
public final class Search {
  private static final Logger LOG = LoggerFactory.getLogger(Search.class);

  /** What can be found. */
  public static final Set<SecurableType> TYPES =
      Set.of(
          SecurableType.CATALOG,
          SecurableType.SCHEMA,
          SecurableType.TABLE,
          SecurableType.VOLUME,
          SecurableType.FUNCTION);

  private static final int MOST_RESULTS = 100;
  private static final int MOST_IN_ALL = 1_000;
  private static final int CACHED_PRINCIPALS = 1_000;

  /** A catalog of so many tables or fewer is read while the first search waits. */
  private static final int SOON_READ = 1_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final SearchStore store = new SearchStore();
  private final SearchScope scope;
  private final Epoch.Kept<Principal, Query> visible;
  private final FollowedIndex followed;

  public Search(MetadataDatabase database, Grants grants) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.scope = new SearchScope(grants, store);
    this.visible = grants.kept(CACHED_PRINCIPALS);
    this.followed = new FollowedIndex(jdbi, grants, store);
  }

  /**
   * Reads a large catalog on a thread of its own, so that the first search finds it read; a search
   * that comes meanwhile waits for it.
   */
  public void prepare() {
    Thread thread = new Thread(this::read, "search-index");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      if (jdbi.withHandle(store::tables) > SOON_READ) {
        followed.at(grants.epoch());
      }
    } catch (RuntimeException e) {
      LOG.warn("The index for searching could not be built; the first search tries again.", e);
    }
  }

  /**
   * Finds what has all words, the best first: whose name is what is asked for, or begins with it,
   * has the words in its name, its columns' names, its tags, its comments; at last with typing
   * errors.
   *
   * @param text some words, or a name
   * @param types of what; empty for all
   * @param size of the page, from 1 to 100
   * @param token what the page before said to go on with; empty for the first
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public SearchPage find(
      Principal principal, String text, Collection<SecurableType> types, int size, String token) {
    SearchQuery asked = new SearchQuery(text);
    if (size < 1 || size > MOST_RESULTS) {
      throw TarnException.invalid("A page of a search has from 1 to " + MOST_RESULTS + " results.");
    }
    int from = position(token);
    long now = grants.epoch();
    FollowedIndex.Built index = followed.at(now);
    Query filter = visible.get(principal, now, () -> jdbi.withHandle(h -> scope.of(h, principal)));
    Query query = asked.query(types.isEmpty() ? filter : ofTypes(filter, types));
    int wanted = Math.min(from + size, MOST_IN_ALL) + 1;
    List<SearchIndex.Found> found =
        seen(principal, index.index(), index.epoch() < now, query, wanted);
    int to = Math.min(Math.min(from + size, MOST_IN_ALL), found.size());
    List<SearchHit> hits = new ArrayList<>();
    for (SearchIndex.Found each : found.subList(Math.min(from, to), to)) {
      hits.add(hit(principal, asked, each));
    }
    boolean more = found.size() > to && to < MOST_IN_ALL;
    return new SearchPage(hits, more ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  private static int position(String token) {
    try {
      int position = token.isEmpty() ? 0 : Integer.parseInt(token);
      if (position >= 0) {
        return Math.min(position, MOST_IN_ALL);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw TarnException.invalid("'page_token' is not valid. Pass what a search answered.");
  }

  private static Query ofTypes(Query filter, Collection<SecurableType> types) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    types.forEach(
        type -> any.add(new TermQuery(new Term(SearchIndex.TYPE, type.name())), Occur.SHOULD));
    return new BooleanQuery.Builder()
        .add(filter, Occur.FILTER)
        .add(any.build(), Occur.FILTER)
        .build();
  }

  /**
   * So many, of those that the principal may see now and that still exist.
   *
   * @param behind whether the index may have what is gone
   */
  private List<SearchIndex.Found> seen(
      Principal principal, SearchIndex index, boolean behind, Query query, int wanted) {
    int most = wanted + 20;
    while (true) {
      List<SearchIndex.Found> all = index.search(query, most);
      List<SearchIndex.Found> seen = new ArrayList<>();
      for (SearchIndex.Found each : all) {
        if (seen.size() < wanted
            && grants.sees(principal, each.securable())
            && (!behind || grants.isRegistered(each.securable()))) {
          seen.add(each);
        }
      }
      if (seen.size() >= wanted || all.size() < most) {
        return seen;
      }
      most *= 4;
    }
  }

  private SearchHit hit(Principal principal, SearchQuery asked, SearchIndex.Found found) {
    Securable securable = found.securable();
    String fullName = securable.fullName();
    return new SearchHit(
        securable.type().name(),
        fullName,
        fullName.substring(fullName.lastIndexOf('.') + 1),
        found.tableType(),
        found.owner(),
        found.comment(),
        found.columns().stream().filter(column -> has(asked, column)).toList(),
        grants.browsesOnly(principal, securable));
  }

  private static boolean has(SearchQuery asked, String column) {
    return SearchText.words(column).stream()
        .anyMatch(word -> asked.words().stream().anyMatch(word::startsWith));
  }
}
