package dev.tarn.engine.statement;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.List;
import java.util.regex.Pattern;

/** Statements of Databricks SQL that are known and not supported, and what to use instead. */
final class Unsupported {
  private record Rule(Pattern start, String advice) {}

  private static final String NAME = "(?:`[^`]*+`|[^\\s`]++)++";
  private static final int LONGEST_START = 1_000;
  private static final String BY_PIPELINE =
      "What a pipeline makes its updates refresh: POST /api/2.0/pipelines/{pipeline_id}/updates.";
  private static final String COLLATION =
      "Leave DEFAULT COLLATION out, and give columns theirs: name STRING COLLATE UTF8_LCASE.";

  private static final List<Rule> RULES =
      List.of(
          rule("ANALYZE TABLE", "Delta keeps statistics of every file as it is written."),
          rule("SHOW USERS", "The REST API lists users: GET /api/2.0/preview/scim/v2/Users."),
          rule("SHOW GROUPS", "The REST API lists groups: GET /api/2.0/preview/scim/v2/Groups."),
          rule("CACHE", "Keep what is used often as a table or a materialized view."),
          rule("UNCACHE TABLE", "Nothing is cached by statement."),
          rule("CLEAR CACHE", "Nothing is cached by statement."),
          rule("CREATE PROCEDURE", "Send the script itself, from BEGIN to END."),
          rule("CREATE OR REPLACE PROCEDURE", "Send the script itself, from BEGIN to END."),
          rule("CALL", "Send the script itself, from BEGIN to END."),
          rule("MSCK REPAIR", "Delta's log knows the partitions of a table."),
          rule(
              "(CREATE|CREATE OR REPLACE|REPLACE) TABLE( IF NOT EXISTS)? "
                  + NAME
                  + "( DEEP)? CLONE",
              "Delta copies no files for a clone: use CREATE TABLE … SHALLOW CLONE …, which shares"
                  + " them, or CREATE TABLE … AS SELECT * FROM …, which copies the rows."),
          rule("REFRESH (MATERIALIZED VIEW|STREAMING TABLE)", BY_PIPELINE),
          rule(
              "ALTER (MATERIALIZED VIEW|STREAMING TABLE) "
                  + NAME
                  + " (ADD|ALTER|DROP) (SCHEDULE|TRIGGER)",
              BY_PIPELINE),
          rule(
              "CREATE CATALOG( IF NOT EXISTS)? " + NAME + " USING SHARE",
              "Shares are not mounted: CREATE CONNECTION to the system that the provider shares from and"
                  + " CREATE FOREIGN CATALOG … USING CONNECTION read it in place, or load what is"
                  + " shared into tables of your own."),
          rule("CREATE CATALOG( IF NOT EXISTS)? " + NAME + " DEFAULT COLLATION", COLLATION),
          rule("ALTER CATALOG " + NAME + " DEFAULT COLLATION", COLLATION),
          rule(
              "ALTER (CATALOG|SCHEMA|DATABASE|TABLE) "
                  + NAME
                  + " (ENABLE|DISABLE|INHERIT) PREDICTIVE OPTIMIZATION",
              "Nothing optimises tables by itself: run OPTIMIZE and VACUUM."),
          rule("DENY", "Nobody may do anything until it is granted: take it back with REVOKE."),
          rule("LIST", "The Files API lists volumes: GET /api/2.0/fs/directories/Volumes/…."));

  private Unsupported() {}

  private static Rule rule(String words, String advice) {
    return new Rule(
        Pattern.compile(
            "\\s*+" + words.replace(" ", "\\s++") + "\\s.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
        advice);
  }

  /**
   * @throws TarnException SQLSTATE 0A000 if the statement is one of these
   */
  static void refuse(String sql) {
    String start = sql.substring(0, Math.min(sql.length(), LONGEST_START)) + ' ';
    for (Rule rule : RULES) {
      if (rule.start().matcher(start).matches()) {
        throw new TarnException(
            ErrorCode.BAD_REQUEST,
            "0A000",
            "[UNSUPPORTED_STATEMENT] This statement is not supported. " + rule.advice(),
            null);
      }
    }
  }
}
