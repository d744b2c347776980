package dev.tarn.serve.metadata;

import dev.tarn.engine.statement.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises the SHOW commands of drivers. What it does not know in full is left to the engine, so
 * that Spark's own SHOW commands keep their meaning.
 */
final class MetadataParser {
  private static final int LONGEST = 16 * 1024;

  private enum Kind {
    WORD,
    QUOTED_NAME,
    STRING
  }

  private record Token(Kind kind, String text) {}

  /** Thrown within when the text is not one of ours. */
  private static final class NotOurs extends Exception {
    private static final long serialVersionUID = 1L;

    NotOurs() {
      super(null, null, false, false);
    }
  }

  private final List<Token> tokens;
  private int at;

  private MetadataParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Optional<MetadataCommand> parse(String sql) {
    if (sql.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      MetadataParser parser = new MetadataParser(tokens(sql));
      MetadataCommand command = parser.command();
      return parser.at == parser.tokens.size() ? Optional.of(command) : Optional.empty();
    } catch (NotOurs e) {
      return Optional.empty();
    }
  }

  private MetadataCommand command() throws NotOurs {
    expect("SHOW");
    if (accept("CATALOGS")) {
      return new MetadataCommand.ShowCatalogs(like());
    } else if (accept("SCHEMAS") || accept("DATABASES")) {
      expect("IN");
      return new MetadataCommand.ShowSchemas(allCatalogs() ? null : name(), like());
    } else if (accept("TABLES")) {
      return new MetadataCommand.ShowTables(inCatalog(), likeOf("SCHEMA"), like());
    } else if (accept("COLUMNS")) {
      return new MetadataCommand.ShowColumns(
          inCatalog(), likeOf("SCHEMA"), likeOf("TABLE"), like());
    } else if (accept("FUNCTIONS")) {
      String catalog = inCatalog();
      likeOf("SCHEMA");
      like();
      return new MetadataCommand.ShowFunctions(catalog);
    } else if (accept("KEYS")) {
      return new MetadataCommand.ShowKeys(in("CATALOG"), in("SCHEMA"), in("TABLE"));
    } else if (accept("FOREIGN")) {
      expect("KEYS");
      return new MetadataCommand.ShowForeignKeys(in("CATALOG"), in("SCHEMA"), in("TABLE"));
    }
    throw new NotOurs();
  }

  private String inCatalog() throws NotOurs {
    expect("IN");
    if (allCatalogs()) {
      return null;
    }
    expect("CATALOG");
    return name();
  }

  private boolean allCatalogs() {
    if (at + 1 < tokens.size() && isWord(at, "ALL") && isWord(at + 1, "CATALOGS")) {
      at += 2;
      return true;
    }
    return false;
  }

  private String in(String kind) throws NotOurs {
    expect("IN");
    expect(kind);
    return name();
  }

  private NamePattern likeOf(String kind) throws NotOurs {
    return accept(kind) ? requiredLike() : NamePattern.ANY;
  }

  private NamePattern like() throws NotOurs {
    return at < tokens.size() ? requiredLike() : NamePattern.ANY;
  }

  private NamePattern requiredLike() throws NotOurs {
    expect("LIKE");
    Token pattern = next();
    if (pattern.kind() != Kind.STRING) {
      throw new NotOurs();
    }
    return NamePattern.of(pattern.text());
  }

  private String name() throws NotOurs {
    Token token = next();
    if (token.kind() == Kind.STRING) {
      throw new NotOurs();
    }
    return token.text();
  }

  private Token next() throws NotOurs {
    if (at >= tokens.size()) {
      throw new NotOurs();
    }
    return tokens.get(at++);
  }

  private boolean isWord(int index, String word) {
    Token token = tokens.get(index);
    return token.kind() == Kind.WORD && token.text().toUpperCase(Locale.ROOT).equals(word);
  }

  private boolean accept(String word) {
    if (at < tokens.size() && isWord(at, word)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String word) throws NotOurs {
    if (!accept(word)) {
      throw new NotOurs();
    }
  }

  private static List<Token> tokens(String sql) throws NotOurs {
    List<Token> found = new ArrayList<>();
    int i = 0;
    int end = withoutSemicolon(sql);
    while (i < end) {
      char c = sql.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '`' || c == '\'') {
        StringBuilder text = new StringBuilder();
        i = quoted(sql, i, end, c, text);
        found.add(new Token(c == '`' ? Kind.QUOTED_NAME : Kind.STRING, text.toString()));
      } else if (Character.isLetterOrDigit(c) || c == '_') {
        int start = i;
        while (i < end && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
          i++;
        }
        found.add(new Token(Kind.WORD, sql.substring(start, i)));
      } else {
        throw new NotOurs();
      }
    }
    return found;
  }

  private static int withoutSemicolon(String sql) {
    String text = sql.stripTrailing();
    return text.endsWith(";") ? text.length() - 1 : text.length();
  }

  /** Reads to the closing quote; a doubled quote, or in strings a backslash, escapes. */
  private static int quoted(String sql, int open, int end, char quote, StringBuilder text)
      throws NotOurs {
    int i = open + 1;
    while (i < end) {
      char c = sql.charAt(i);
      if (c == quote) {
        if (i + 1 >= end || sql.charAt(i + 1) != quote) {
          return i + 1;
        }
        i++;
      } else if (c == '\\' && quote == '\'' && i + 1 < end) {
        i++;
      }
      text.append(sql.charAt(i++));
    }
    throw new NotOurs();
  }
}
