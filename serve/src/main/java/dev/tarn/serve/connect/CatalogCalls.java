package dev.tarn.serve.connect;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.connect.proto.Catalog;
import org.apache.spark.connect.proto.Expression;
import org.apache.spark.connect.proto.Filter;
import org.apache.spark.connect.proto.ListCatalogs;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.classic.SparkSession;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Calls of {@code spark.catalog}. Spark looks for a schema that is named without its catalog in its
 * own catalog first, which Tarn closes, and lists the catalogs that somebody has used.
 */
final class CatalogCalls {
  private static final String CATALOGS =
      "SELECT catalog_name AS name, comment AS description"
          + " FROM system.information_schema.catalogs ORDER BY catalog_name";

  private CatalogCalls() {}

  /** The same call in the session's own catalog. */
  static Message inCatalog(SparkSession session, Message message) {
    if (message instanceof Relation relation
        && relation.hasCatalog()
        && relation.getCatalog().hasListCatalogs()) {
      return catalogs(relation, relation.getCatalog().getListCatalogs());
    }
    if (!(message instanceof Catalog catalog)) {
      return message;
    }
    // The one field that is set is the call.
    FieldDescriptor field = catalog.getAllFields().keySet().stream().findFirst().orElse(null);
    if (field == null) {
      return message;
    }
    Message call = (Message) catalog.getField(field);
    // The current catalog is the active session's.
    Message now = session.withActive(() -> call(session, call));
    return now == call ? message : catalog.toBuilder().setField(field, now).build();
  }

  private static Message call(SparkSession session, Message call) {
    FieldDescriptor schema = field(call, "db_name");
    String name = call.getDescriptorForType().getName();
    // Spark takes what is to be the current schema for a name within the current catalog.
    if (schema == null || name.equals("SetCurrentDatabase")) {
      return call;
    }
    FieldDescriptor object = object(call);
    if (!call.hasField(schema)) {
      return name.startsWith("List") && object == null
          ? call.toBuilder().setField(schema, here(session)).build()
          : call;
    }
    String qualified = qualified(session, (String) call.getField(schema));
    if (object != null) {
      String own = qualified + "." + quoted((String) call.getField(object));
      return call.toBuilder().clearField(schema).setField(object, own).build();
    }
    return call.toBuilder().setField(schema, qualified).build();
  }

  private static FieldDescriptor object(Message call) {
    FieldDescriptor table = field(call, "table_name");
    return table == null ? field(call, "function_name") : table;
  }

  private static FieldDescriptor field(Message call, String name) {
    return call.getDescriptorForType().findFieldByName(name);
  }

  private static String here(SparkSession session) {
    var catalogs = session.sessionState().catalogManager();
    String place = quoted(catalogs.currentCatalog().name());
    for (String part : catalogs.currentNamespace()) {
      place += "." + quoted(part);
    }
    return place;
  }

  private static String qualified(SparkSession session, String schema) {
    try {
      List<String> parts =
          CollectionConverters.asJava(
              session.sessionState().sqlParser().parseMultipartIdentifier(schema));
      String catalog = session.sessionState().catalogManager().currentCatalog().name();
      return parts.size() == 1 ? quoted(catalog) + "." + quoted(parts.get(0)) : schema;
    } catch (ParseException e) {
      // Spark says what is wrong with it.
      return schema;
    }
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static Relation catalogs(Relation asked, ListCatalogs call) {
    Relation all =
        Relation.newBuilder()
            .setCommon(asked.getCommon())
            .setSql(SQL.newBuilder().setQuery(CATALOGS))
            .build();
    if (!call.hasPattern()) {
      return all;
    }
    Expression.UnresolvedFunction matches =
        Expression.UnresolvedFunction.newBuilder()
            .setFunctionName("regexp_like")
            .addArguments(
                Expression.newBuilder()
                    .setUnresolvedAttribute(
                        Expression.UnresolvedAttribute.newBuilder().setUnparsedIdentifier("name")))
            .addArguments(
                Expression.newBuilder()
                    .setLiteral(
                        Expression.Literal.newBuilder().setString(expression(call.getPattern()))))
            .build();
    return Relation.newBuilder()
        .setFilter(
            Filter.newBuilder()
                .setInput(all)
                .setCondition(Expression.newBuilder().setUnresolvedFunction(matches)))
        .build();
  }

  /** Spark's patterns know {@code *} and {@code |}. */
  private static String expression(String pattern) {
    StringBuilder expression = new StringBuilder("(?i)^(");
    for (String part : pattern.split("(?<=[*|])|(?=[*|])")) {
      expression.append(
          part.equals("*") ? ".*" : part.equals("|") ? "|" : Pattern.quote(part.strip()));
    }
    return expression.append(")$").toString();
  }
}
