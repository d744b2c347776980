package dev.tarn.engine.statement;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Names and texts of a statement, names completed by where the session stands. */
record SqlNames(String catalog, String schema) {
  SchemaName currentSchema() {
    return new SchemaName(catalog, schema);
  }

  SchemaName schema(TarnSqlParser.QualifiedNameContext c) {
    List<String> parts = parts(c);
    return switch (parts.size()) {
      case 1 -> new SchemaName(catalog, parts.get(0));
      case 2 -> new SchemaName(parts.get(0), parts.get(1));
      default -> throw TarnException.invalid("'" + c.getText() + "' is not catalog.schema.");
    };
  }

  EntityName entity(TarnSqlParser.QualifiedNameContext c) {
    return entity(parts(c), c.getText());
  }

  EntityName entity(List<String> parts, String text) {
    return switch (parts.size()) {
      case 1 -> new EntityName(catalog, schema, parts.get(0));
      case 2 -> new EntityName(catalog, parts.get(0), parts.get(1));
      case 3 -> new EntityName(parts.get(0), parts.get(1), parts.get(2));
      default -> throw TarnException.invalid("'" + text + "' is not catalog.schema.name.");
    };
  }

  static List<String> parts(TarnSqlParser.QualifiedNameContext c) {
    return c.name().stream().map(SqlNames::text).toList();
  }

  static String text(TarnSqlParser.NameContext c) {
    String text = c.getText();
    return c.QUOTED() == null ? text : text.substring(1, text.length() - 1).replace("``", "`");
  }

  static Optional<String> unquoted(Token string) {
    return Optional.ofNullable(string)
        .map(Token::getText)
        .map(t -> t.substring(1, t.length() - 1).replace("''", "'").replace("\\'", "'"));
  }
}
