package dev.tarn.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a script at semicolons, but not at those within texts, quoted names or comments. A SQL
 * script that begins with BEGIN or DECLARE is one statement.
 */
final class StatementSplitter {
  /** What a semicolon may hide in; raw texts know no escapes, bracketed comments nest. */
  private static final Pattern OPAQUE =
      Pattern.compile(
          "(?i:(?<![A-Za-z0-9_])r)(?:'[^']*'|\"[^\"]*\")"
              + "|'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"|`[^`]*`|--[^\\n]*",
          Pattern.DOTALL);

  private static final Pattern COMPOUND = Pattern.compile("(?is)\\s*BEGIN\\b.*");

  private StatementSplitter() {}

  static List<String> split(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    StringBuilder visible = new StringBuilder();
    Matcher opaque = OPAQUE.matcher(script);
    int at = 0;
    while (at < script.length()) {
      char c = script.charAt(at);
      int end = at + 1;
      boolean comment = false;
      if (script.startsWith("/*", at)) {
        end = endOfComment(script, at);
        comment = !script.startsWith("/*+", at);
      } else if (opaque.region(at, script.length()).lookingAt()) {
        end = opaque.end();
        comment = script.startsWith("--", at);
      } else if (c == ';' && !COMPOUND.matcher(visible).matches()) {
        finish(statements, statement, visible);
        at = end;
        continue;
      }
      statement.append(script, at, end);
      if (!comment) {
        visible.append(script, at, end);
      }
      at = end;
    }
    finish(statements, statement, visible);
    return statements;
  }

  private static void finish(
      List<String> statements, StringBuilder statement, StringBuilder visible) {
    if (!visible.toString().isBlank()) {
      statements.add(statement.toString().strip());
    }
    statement.setLength(0);
    visible.setLength(0);
  }

  private static int endOfComment(String script, int start) {
    int depth = 0;
    int at = start;
    while (at < script.length()) {
      if (script.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (script.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return script.length();
  }
}
