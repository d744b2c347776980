package dev.tarn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementSplitterTest {
  @Test
  void splitsAtSemicolons() {
    assertThat(StatementSplitter.split("select 1; select 2 ;\n\n;"))
        .containsExactly("select 1", "select 2");
    assertThat(StatementSplitter.split(" ; \n -- nothing; at all\n /* none; */ ;")).isEmpty();
  }

  @Test
  void leavesTextsNamesAndCommentsWhole() {
    assertThat(
            StatementSplitter.split(
                "select ';', \"a;'b\", `c;d`, 'it\\';s' -- e;'f\n, 1 /* g; /* h; */ ; */; select 2"))
        .containsExactly(
            "select ';', \"a;'b\", `c;d`, 'it\\';s' -- e;'f\n, 1 /* g; /* h; */ ; */", "select 2");
    assertThat(StatementSplitter.split("select r'a\\'; select 'b\\\\'; select 3"))
        .containsExactly("select r'a\\'", "select 'b\\\\'", "select 3");
  }

  @Test
  void aTextThatNeverEndsStaysOneStatement() {
    assertThat(StatementSplitter.split("select 'a; select 2")).hasSize(2);
    assertThat(StatementSplitter.split("select 1 /* a; select 2"))
        .containsExactly("select 1 /* a; select 2");
  }

  @Test
  void aLongTextIsNoTrouble() {
    String text = "'" + "x;".repeat(500_000) + "'";
    assertThat(StatementSplitter.split("select " + text + "; select 2"))
        .containsExactly("select " + text, "select 2");
  }

  @Test
  void aCompoundStatementIsOne() {
    String compound = "-- a script\nBEGIN\n  DECLARE x INT; SELECT x;\nEND";
    assertThat(StatementSplitter.split(compound)).containsExactly(compound);
  }
}
