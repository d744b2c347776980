package dev.tarn.engine.catalog;

import dev.tarn.engine.session.Definer;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.ViewContext;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.analysis.NoSuchViewException;
import org.apache.spark.sql.catalyst.analysis.ViewAlreadyExistsException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.View;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The views of one catalog as Spark's catalog API sees them. */
final class UnityViews {
  /** In lower case: the settings that say what an expression means, which a view keeps. */
  private static final Set<String> KEPT =
      Set.of(
          "spark.sql.ansi.enabled",
          "spark.sql.session.timezone",
          "spark.sql.casesensitive",
          "spark.sql.mapkeydeduppolicy",
          "spark.sql.legacy.timeparserpolicy");

  /** Spark hands a view's own metadata about as properties that begin so. */
  private static final String SPARKS_OWN = "view.";

  private static final Set<String> NO_PROPERTIES =
      Set.of(
          TableCatalog.PROP_COMMENT,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_COLLATION,
          TableCatalog.PROP_TABLE_TYPE);

  private final SessionContext context;
  private final UnityTables unity;
  private final Map<String, String> settings;

  /**
   * @param settings the server's own, which hold in every body whatever the view brings along
   */
  UnityViews(SessionContext context, UnityTables unity, Map<String, String> settings) {
    this.context = context;
    this.unity = unity;
    this.settings = Map.copyOf(settings);
  }

  Optional<TableInfo> find(Identifier ident) {
    return unity.isInformation(ident)
        ? Optional.empty()
        : unity.find(ident).filter(info -> info.tableType() == TableType.VIEW);
  }

  /** The view, for a principal who may read it, set up to be analysed with its owner's rights. */
  Optional<View> load(Identifier ident) {
    return find(ident)
        .map(
            info -> {
              context.grants().requireTable(context.reader(), Privilege.SELECT, info.name());
              return view(info);
            });
  }

  private View view(TableInfo info) {
    ViewContext kept = info.viewContext();
    Map<String, String> conf = new HashMap<>(settings);
    conf.putAll(kept.settings());
    Definer.put(context.holder(info.name(), info.owner()), conf);
    View.Builder view =
        new View.Builder()
            .withSchema(schema(info))
            .withProperties(new HashMap<>(info.properties()))
            .withQueryText(info.viewDefinition())
            .withCurrentCatalog(kept.catalog())
            .withCurrentNamespace(kept.namespace().toArray(String[]::new))
            .withSqlConfigs(conf)
            .withSchemaMode(kept.schemaMode())
            .withQueryColumnNames(kept.queryColumns().toArray(String[]::new))
            .withOwner(info.owner());
    if (info.comment() != null) {
      view.withComment(info.comment());
    }
    return view.build();
  }

  private static StructType schema(TableInfo info) {
    return new StructType(
        info.columns().stream().map(UnityViews::field).toArray(StructField[]::new));
  }

  private static StructField field(ColumnInfo column) {
    StructField field =
        new StructField(
            column.name(),
            DataType.fromJson(column.typeJson()),
            column.nullable(),
            Metadata.empty());
    return column.comment() == null ? field : field.withComment(column.comment());
  }

  /** Makes a view, or gives one that is there another definition. */
  View create(Identifier ident, View view, boolean replace) throws ViewAlreadyExistsException {
    Optional<TableInfo> existing = unity.find(ident);
    if (existing.isPresent() && !(replace && existing.get().tableType() == TableType.VIEW)) {
      throw new ViewAlreadyExistsException(ident);
    }
    NewTable definition = definition(unity.entity(ident), view);
    if (existing.isPresent()) {
      context.tables().redefine(context.principal(), definition);
    } else {
      context.tables().register(context.principal(), definition);
    }
    return view;
  }

  View replace(Identifier ident, View view) throws NoSuchViewException {
    if (find(ident).isEmpty()) {
      throw new NoSuchViewException(ident);
    }
    context.tables().redefine(context.principal(), definition(unity.entity(ident), view));
    return view;
  }

  boolean drop(Identifier ident) {
    Optional<TableInfo> info = find(ident);
    info.ifPresent(t -> context.tables().delete(context.principal(), t.name()));
    return info.isPresent();
  }

  void rename(Identifier from, Identifier to)
      throws NoSuchViewException, ViewAlreadyExistsException {
    if (find(from).isEmpty()) {
      throw new NoSuchViewException(from);
    }
    if (unity.isTaken(to)) {
      throw new ViewAlreadyExistsException(to);
    }
    context.tables().rename(context.principal(), unity.entity(from), unity.entity(to));
  }

  /** An expression could name another table once the view is read with somebody else's rights. */
  private static void requireNames(EntityName name, String body) {
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(body)));
    lexer.removeErrorListeners();
    int before = Token.EOF;
    for (Token token : lexer.getAllTokens()) {
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      if (before == SqlBaseLexer.IDENTIFIER_KW && token.getType() == SqlBaseLexer.LEFT_PAREN) {
        throw TarnException.invalid(
            "IDENTIFIER cannot be used in view '" + name + "'. Write the name itself.");
      }
      before = token.getType();
    }
  }

  private static NewTable definition(EntityName name, View view) {
    requireNames(name, view.queryText());
    Map<String, String> properties = new HashMap<>(view.properties());
    if (properties.containsKey(TableCatalog.PROP_COLLATION)) {
      throw TarnException.invalid("A view with a DEFAULT COLLATION is not supported.");
    }
    properties.keySet().removeAll(NO_PROPERTIES);
    for (String property : properties.keySet()) {
      if (property.toLowerCase(Locale.ROOT).startsWith(SPARKS_OWN)) {
        throw TarnException.invalid(
            "The property '"
                + property
                + "' of '"
                + name
                + "' cannot be set: names that begin with '"
                + SPARKS_OWN
                + "' are the server's own. Choose another name.");
      }
    }
    Map<String, String> settings = new HashMap<>();
    view.sqlConfigs()
        .forEach(
            (key, value) -> {
              if (KEPT.contains(key.toLowerCase(Locale.ROOT))) {
                settings.put(key, value);
              }
            });
    return new NewTable(
        name,
        TableType.VIEW,
        null,
        null,
        view.properties().get(TableCatalog.PROP_COMMENT),
        RegisteredTable.columns(view.schema()),
        properties,
        view.queryText(),
        new ViewContext(
            view.currentCatalog(),
            List.of(view.currentNamespace()),
            settings,
            view.schemaMode(),
            Arrays.asList(view.queryColumnNames())));
  }
}
