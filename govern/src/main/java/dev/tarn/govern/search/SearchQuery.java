package dev.tarn.govern.search;

import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * What is asked for. Every word must be somewhere; where it is decides the rank, and nothing else
 * does: not how many others have the word, which could tell of what the caller may not see.
 */
final class SearchQuery {
  private static final int LONGEST = 500;
  private static final int MOST_WORDS = 12;

  private final String text;
  private final Set<String> words;

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE for a text without words, or too long a one
   */
  SearchQuery(String given) {
    this.text = SearchText.folded(given);
    this.words = SearchText.words(given);
    if (words.isEmpty() || words.size() > MOST_WORDS || given.length() > LONGEST) {
      throw TarnException.invalid(
          "Query parameter 'q' must have from 1 to "
              + MOST_WORDS
              + " words, and at most "
              + LONGEST
              + " characters.");
    }
  }

  Set<String> words() {
    return words;
  }

  Query query(Query visible) {
    String name = text.replaceAll("\\s+", "_");
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    words.forEach(word -> query.add(anywhere(word), Occur.MUST));
    query.add(scored(2_000, new TermQuery(new Term(SearchIndex.FULL_NAME, name))), Occur.SHOULD);
    query.add(scored(1_000, new TermQuery(new Term(SearchIndex.NAME, name))), Occur.SHOULD);
    query.add(scored(300, new PrefixQuery(new Term(SearchIndex.NAME, name))), Occur.SHOULD);
    query.add(visible, Occur.FILTER);
    return query.build();
  }

  private static Query anywhere(String word) {
    List<Query> places = new ArrayList<>();
    place(places, SearchIndex.WORD, word, 60);
    place(places, SearchIndex.COLUMN, word, 30);
    place(places, SearchIndex.TAG, word, 20);
    place(places, SearchIndex.COMMENT, word, 10);
    place(places, SearchIndex.PATH, word, 6);
    if (word.length() >= 4) {
      int typos = word.length() >= 8 ? 2 : 1;
      places.add(scored(3, new FuzzyQuery(new Term(SearchIndex.WORD, word), typos, 1)));
      places.add(scored(2, new FuzzyQuery(new Term(SearchIndex.COLUMN, word), typos, 1)));
    }
    return new DisjunctionMaxQuery(places, 0);
  }

  private static void place(List<Query> places, String field, String word, int score) {
    places.add(scored(score, new TermQuery(new Term(field, word))));
    places.add(scored(score * 4 / 5f, new PrefixQuery(new Term(field, word))));
  }

  private static Query scored(float score, Query query) {
    return new BoostQuery(new ConstantScoreQuery(query), score);
  }
}
