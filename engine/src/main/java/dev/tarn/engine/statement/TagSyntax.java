package dev.tarn.engine.statement;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.TarnException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Statements on tags.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-set-tag">SET
 *     TAG</a>
 */
record TagSyntax(SqlNames names) {
  Statement set(TarnSqlParser.SetTagsContext c) {
    return new Statement.SetTags(altered(c.taggable()), tags(c.tag()));
  }

  Statement set(TarnSqlParser.SetColumnTagsContext c) {
    return new Statement.SetTags(column(c.qualifiedName(0), c.column), tags(c.tag()));
  }

  Statement set(TarnSqlParser.SetTagContext c) {
    String value = c.value == null ? text(c.text) : SqlNames.text(c.value);
    return new Statement.SetTag(entity(c.taggable()), SqlNames.text(c.key), value);
  }

  Statement unset(TarnSqlParser.UnsetTagsContext c) {
    return new Statement.UnsetTags(altered(c.taggable()), keys(c.STRING()));
  }

  Statement unset(TarnSqlParser.UnsetColumnTagsContext c) {
    return new Statement.UnsetTags(column(c.qualifiedName(0), c.column), keys(c.STRING()));
  }

  Statement unset(TarnSqlParser.UnsetTagContext c) {
    return new Statement.UnsetTag(entity(c.taggable()), SqlNames.text(c.key));
  }

  private TaggedEntity altered(TarnSqlParser.TaggableContext c) {
    if (c.COLUMN() != null) {
      throw TarnException.invalid(
          "ALTER COLUMN stands after the table: ALTER TABLE … ALTER COLUMN … SET TAGS.");
    }
    return entity(c);
  }

  private TaggedEntity entity(TarnSqlParser.TaggableContext c) {
    if (c.CATALOG() != null) {
      return TaggedEntity.of(Securable.catalog(SqlNames.text(c.name())));
    } else if (c.SCHEMA() != null || c.DATABASE() != null) {
      return TaggedEntity.of(Securable.schema(names.schema(c.qualifiedName())));
    } else if (c.VOLUME() != null) {
      return TaggedEntity.of(Securable.volume(names.entity(c.qualifiedName())));
    } else if (c.FUNCTION() != null) {
      return TaggedEntity.of(Securable.function(names.entity(c.qualifiedName())));
    } else if (c.COLUMN() == null) {
      return TaggedEntity.of(Securable.table(names.entity(c.qualifiedName())));
    }
    List<String> parts = SqlNames.parts(c.qualifiedName());
    int last = parts.size() - 1;
    if (last == 0) {
      throw TarnException.invalid("A column is named with its table: table.column.");
    }
    return TaggedEntity.column(
        Securable.table(names.entity(parts.subList(0, last), c.qualifiedName().getText())),
        parts.get(last));
  }

  private TaggedEntity column(
      TarnSqlParser.QualifiedNameContext table, TarnSqlParser.QualifiedNameContext column) {
    return TaggedEntity.column(
        Securable.table(names.entity(table)), String.join(".", SqlNames.parts(column)));
  }

  private static Map<String, String> tags(List<TarnSqlParser.TagContext> list) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (TarnSqlParser.TagContext tag : list) {
      if (tags.put(text(tag.key), text(tag.value)) != null) {
        throw TarnException.invalid("Tag " + tag.key.getText() + " is named twice.");
      }
    }
    return tags;
  }

  private static Set<String> keys(List<TerminalNode> strings) {
    Set<String> keys = new LinkedHashSet<>();
    strings.forEach(each -> keys.add(text(each.getSymbol())));
    return keys;
  }

  private static String text(Token string) {
    Optional<String> text = SqlNames.unquoted(string);
    return text.orElse("");
  }
}
