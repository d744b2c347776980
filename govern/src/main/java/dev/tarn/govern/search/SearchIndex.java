package dev.tarn.govern.search;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;

/** Entries in memory, by words. Changes are found once {@link #refresh} was called. */
final class SearchIndex implements AutoCloseable {
  static final String KEY = "key";
  static final String TYPE = "type";
  static final String SCOPE = "scope";
  static final String OWNER = "owner";
  static final String NAME = "name";
  static final String FULL_NAME = "full_name";
  static final String WORD = "word";
  static final String COLUMN = "column";
  static final String TAG = "tag";
  static final String COMMENT = "comment";
  static final String PATH = "path";

  private static final String TEXT = "text";
  private static final String TABLE_TYPE = "table_type";
  private static final String COLUMN_NAME = "column_name";
  private static final String ORDER = "order";
  private static final Sort BEST_FIRST =
      new Sort(SortField.FIELD_SCORE, new SortField(ORDER, SortField.Type.STRING));

  /** An entry that was found, with as much of it as is shown. */
  record Found(
      Securable securable, String tableType, String owner, String comment, List<String> columns) {}

  private final IndexWriter writer;
  private final SearcherManager searchers;

  SearchIndex() {
    try {
      this.writer = new IndexWriter(new ByteBuffersDirectory(), new IndexWriterConfig());
      this.searchers = new SearcherManager(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String key(Securable securable) {
    return securable.type().name() + ' ' + securable.fullName();
  }

  /** Of all of a type that lie directly in a container. */
  static String scope(SecurableType type, String container) {
    return type.name() + ' ' + container;
  }

  void put(SearchEntry entry) {
    try {
      writer.updateDocument(new Term(KEY, key(entry.securable())), document(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(Collection<Securable> securables) {
    delete(KEY, securables.stream().map(SearchIndex::key).toList());
  }

  /** Removes all that lies directly in containers. */
  void removeScopes(Collection<String> scopes) {
    delete(SCOPE, scopes);
  }

  private void delete(String field, Collection<String> values) {
    try {
      writer.deleteDocuments(values.stream().map(v -> new Term(field, v)).toArray(Term[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void refresh() {
    try {
      searchers.maybeRefreshBlocking();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The best, at most so many; those that are equally good by name. */
  List<Found> search(Query query, int most) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        List<Found> found = new ArrayList<>();
        for (ScoreDoc hit : searcher.search(query, most, BEST_FIRST).scoreDocs) {
          found.add(found(searcher.storedFields().document(hit.doc)));
        }
        return found;
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Found found(Document document) {
    return new Found(
        new Securable(SecurableType.valueOf(document.get(TYPE)), document.get(FULL_NAME)),
        document.get(TABLE_TYPE),
        document.get(OWNER),
        document.get(TEXT),
        List.of(document.getValues(COLUMN_NAME)));
  }

  private static Document document(SearchEntry entry) {
    Securable securable = entry.securable();
    String fullName = securable.fullName();
    int dot = fullName.lastIndexOf('.');
    String container = dot < 0 ? "" : fullName.substring(0, dot);
    String name = fullName.substring(dot + 1);
    Document document = new Document();
    index(document, KEY, key(securable));
    document.add(new StringField(TYPE, securable.type().name(), Field.Store.YES));
    index(document, SCOPE, scope(securable.type(), container));
    document.add(new StringField(OWNER, entry.owner(), Field.Store.YES));
    document.add(new StringField(FULL_NAME, fullName, Field.Store.YES));
    document.add(new SortedDocValuesField(ORDER, new BytesRef(shortened(fullName))));
    index(document, NAME, shortened(SearchText.folded(name)));
    words(document, WORD, List.of(name));
    words(document, PATH, List.of(container));
    words(document, COLUMN, entry.columns());
    words(document, TAG, entry.tags());
    List<String> comments = new ArrayList<>(entry.columnComments());
    if (entry.comment() != null) {
      comments.add(0, entry.comment());
      document.add(new StoredField(TEXT, entry.comment()));
    }
    words(document, COMMENT, comments);
    if (entry.tableType() != null) {
      document.add(new StoredField(TABLE_TYPE, entry.tableType()));
    }
    entry.columns().forEach(column -> document.add(new StoredField(COLUMN_NAME, column)));
    return document;
  }

  private static void words(Document document, String field, List<String> texts) {
    Set<String> words = SearchText.words(String.join(" ", texts));
    words.forEach(word -> index(document, field, word));
  }

  private static void index(Document document, String field, String value) {
    document.add(new StringField(field, value, Field.Store.NO));
  }

  /** Terms have a limit of 32,766 bytes. */
  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), 1_000));
  }

  @Override
  public void close() {
    try {
      searchers.close();
      writer.rollback();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
