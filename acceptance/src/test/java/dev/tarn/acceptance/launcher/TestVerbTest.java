package dev.tarn.acceptance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tarn test} says of the reports that a build leaves. */
class TestVerbTest {
  private static final String PASSED =
      """
        <testcase name="holds" classname="dev.tarn.SomeIT" time="0.313"/>
        <testcase name="isLeftOut" classname="dev.tarn.SomeIT" time="0"><skipped/></testcase>
      """;

  /** As Surefire writes it. */
  private static final String FAILED =
      """
        <testcase name="%s" classname="dev.tarn.SomeIT" time="37.166">
          <error message="Expecting&#10;  &lt;it&gt;" type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError:\s
      Expecting
        <it>
      not to be done.
      \tat first.Of$Many.lambda$0(Many.java:1)
      \tat second.Of$Many.lambda$0(Many.java:2)
      \tat third.Of$Many.lambda$0(Many.java:3)
      \tat fourth.Of$Many.lambda$0(Many.java:4)
      \tat fifth.Of$Many.lambda$0(Many.java:5)
      \tat dev.tarn.SomeIT.%1$s(SomeIT.java:42)
      \tat dev.tarn.SomeIT.other(SomeIT.java:43)
      ]]></error>
          <system-out><![CDATA[what it printed]]></system-out>
        </testcase>
      """;

  @TempDir Path home;

  @BeforeEach
  void launcher() throws Exception {
    Files.copy(Path.of("..", "tarn"), home.resolve("tarn"));
  }

  /** Runs the verb with a build that leaves one report. */
  private List<String> run(int exitCode, int failures, List<String> cases) throws Exception {
    Path bin = Files.createDirectory(home.resolve("bin"));
    Path report = bin.resolve("report");
    Files.writeString(
        report,
        "<testsuite name=\"dev.tarn.SomeIT\" tests=\"%d\" errors=\"%d\" skipped=\"1\" failures=\"0\">\n"
                .formatted(cases.size() + 1, failures)
            + String.join("", cases)
            + "</testsuite>");
    Path mvn = bin.resolve("mvn");
    Files.writeString(
        mvn,
        """
        #!/usr/bin/env bash
        left=engine/target/surefire-reports/TEST-dev.tarn.SomeIT.xml
        mkdir -p "${left%%/*}"
        until [ "$left" -nt target/launcher/tests-started ]; do cat '%s' >"$left"; done
        """
            .formatted(report));
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("tarn").toString(), "test").redirectErrorStream(true);
    builder
        .environment()
        .merge("PATH", bin.toString(), (old, own) -> own + File.pathSeparator + old);
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(said.toString()).isEqualTo(exitCode);
    return said;
  }

  @Test
  void countsWhatPassed() throws Exception {
    assertThat(run(0, 0, List.of(PASSED))).containsExactly("1 passed, 0 failed, 1 skipped");
  }

  @Test
  void tellsHowATestFailedAndWhere() throws Exception {
    assertThat(run(1, 1, List.of(PASSED, FAILED.formatted("breaks"))))
        .containsExactly(
            "dev.tarn.SomeIT.breaks:",
            "  java.lang.AssertionError: ",
            "  Expecting",
            "    <it>",
            "  not to be done.",
            "  \tat first.Of$Many.lambda$0(Many.java:1)",
            "  \tat second.Of$Many.lambda$0(Many.java:2)",
            "  \tat third.Of$Many.lambda$0(Many.java:3)",
            "  \tat fourth.Of$Many.lambda$0(Many.java:4)",
            "  \tat dev.tarn.SomeIT.breaks(SomeIT.java:42)",
            "failed: dev.tarn.SomeIT.breaks",
            "1 passed, 1 failed, 1 skipped");
  }

  @Test
  void namesAllOfManyAtTheEnd() throws Exception {
    List<String> cases = new ArrayList<>(List.of(PASSED));
    for (int i = 0; i < 40; i++) {
      cases.add(FAILED.formatted("breaks" + i));
    }
    List<String> said = run(1, 40, cases);
    assertThat(said).hasSizeLessThan(200).endsWith("1 passed, 40 failed, 1 skipped");
    assertThat(said.subList(said.size() - 41, said.size() - 1))
        .allMatch(line -> line.matches("failed: dev\\.tarn\\.SomeIT\\.breaks\\d+"));
  }
}
