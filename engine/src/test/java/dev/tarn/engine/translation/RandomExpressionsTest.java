package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.junit.jupiter.api.Test;

/**
 * Expressions put together at random from what is supported. {@code -Dtarn.expressions=100000}
 * makes a long run, {@code -Dtarn.seed=…} repeats one.
 */
class RandomExpressionsTest {
  private static final Pattern HOLE = Pattern.compile("\\{([A-Z]+)}");
  private static final int BATCH = 50;

  /**
   * Both optimizers drop what is combined with a constant null, even where it fails; Catalyst's
   * interpreter does not.
   */
  private static final String NULL = "CAST(NULL AS";

  /** By type: first what ends an expression, after the bar what nests. */
  private static final Map<String, String> GRAMMAR =
      Map.of(
          "I",
          """
          i;j;t;sm;1;-1;7;2147483647;-2147483648
          |{I} + {I};{I} - {I};{I} * {I};{I} % {I};-{I};abs({I});pmod({I}, {I});CAST({L} AS INT);CAST({P} AS INT);CAST({D} AS INT)
          ;CASE WHEN {B} THEN {I} ELSE {I} END;if({B}, {I}, {I});coalesce({I}, {I});nullif({I}, {I});length({S});year({T});month({T});day({T})
          ;datediff({T}, {T});instr({S}, {S});hour({M});minute({M});second({N});greatest({I}, {I});least({I}, {I});dayofweek({T})
          ;weekofyear({T});CAST({S} AS INT);round({I}, -1);CAST({B} AS INT);octet_length({S});ascii({S});quarter({T});dayofyear({T})
          ;size(array({I}, {I}));array_min(array({I}, {I}));element_at(array(i, {I}), 2);CASE {I} WHEN {I} THEN {I} WHEN {I} THEN {I} END
          ;nvl2({S}, {I}, {I});map('a', {I}, 'b', j)['a'];named_struct('x', {I}).x;unix_date({T});try_add({I}, {I});bit_length({S});{I} & {I};{I} ^ {I};bit_count({I});CAST(timestampdiff(DAY, {M}, {M}) AS INT);CAST(timestampdiff(MONTH, {T}, {T}) AS INT)
          """,
          "L",
          """
          l;CAST(i AS BIGINT);-1L;9223372036854775807L
          |{L} + {I};{L} - {L};{L} * {I};{I} div {I};{L} div {I};{L} % {L};-{L};abs({L});CAST({P} AS BIGINT);CAST({D} AS BIGINT);CAST({S} AS BIGINT)
          ;coalesce({L}, {I});if({B}, {L}, {I});unix_micros({M});unix_seconds({M});CAST({M} AS BIGINT);floor({D});ceil({D});round({L}, -2);greatest({L}, {I})
          """,
          "P",
          """
          p;q;r;w;0.00;1.5BD;-0.05BD;123456789.987BD
          |{P} + {P};{P} - {P};{P} * {P};{P} / {P};{P} % {P};-{P};abs({P});{P} + {I};{P} * {I};{I} / {P};CAST({I} AS DECIMAL(12,2));CAST({P} AS DECIMAL(12,3))
          ;CAST({P} AS DECIMAL(38,6));CAST({S} AS DECIMAL(10,2));round({P}, 1);round({P}, -1);round({P});CASE WHEN {B} THEN {P} ELSE {P} END;coalesce({P}, {P})
          ;nullif({P}, {P});greatest({P}, {P});least({P}, {P});ceil({P});floor({P});if({B}, {P}, {I});CAST({L} AS DECIMAL(20,0));CAST({D} AS DECIMAL(18,3));CAST({B} AS DECIMAL(3,1))
          """,
          "D",
          """
          d;e;f;0.0D;-0.0D;1.5D;CAST('NaN' AS DOUBLE);1E300D
          |{D} + {D};{D} - {D};{D} * {D};{D} / {D};{D} % {D};-{D};abs({D});CAST({I} AS DOUBLE);CAST({L} AS DOUBLE);CAST({P} AS DOUBLE);{I} / {I};sqrt({D})
          ;CASE WHEN {B} THEN {D} ELSE {D} END;coalesce({D}, {D});nullif({D}, {D});greatest({D}, {D});least({D}, {D});round({D}, 2);rint({D});sign({D});CAST({S} AS DOUBLE)
          ;nanvl({D}, {D});{D} * {I};{P} * {D};array_max(array({D}, {D}))
          """,
          "S",
          """
          s;u;v;'';'a';'Hello';'é';'10'
          |{S} || {S};concat({S}, {S});substring({S}, {I}, {I});substring({S}, 2);upper({S});lower({S});trim({S});ltrim({S});rtrim({S});replace({S}, {S}, {S})
          ;lpad({S}, 5, '*');rpad({S}, 4, 'ab');CASE WHEN {B} THEN {S} ELSE {S} END;coalesce({S}, {S});nullif({S}, {S});CAST({I} AS STRING);CAST({L} AS STRING)
          ;CAST({P} AS STRING);CAST({D} AS STRING);CAST({T} AS STRING);CAST({M} AS STRING);CAST({B} AS STRING);left({S}, 2);right({S}, 1);greatest({S}, {S});least({S}, {S})
          ;date_format({M}, 'yyyy-MM-dd HH:mm');split_part({S}, 'a', 1);concat_ws(',', {S}, {S});reverse({S});md5({S});translate({S}, 'ab', 'ba');repeat({S}, 2)
          ;array_join(array({S}, {S}), '-');array(u, {S})[1];named_struct('x', {S}).x;trim(BOTH 'a' FROM {S});hex({S});left({S}, {I});initcap({S})
          """,
          "T",
          """
          dt;du;DATE '2020-02-29';DATE '1999-12-31'
          |date_add({T}, {I});date_sub({T}, {I});add_months({T}, {I});last_day({T});trunc({T}, 'MM');trunc({T}, 'WEEK');CAST({M} AS DATE);CAST({N} AS DATE)
          ;coalesce({T}, {T});if({B}, {T}, {T});greatest({T}, {T});least({T}, {T});CAST({S} AS DATE);to_date({S});make_date({I}, {I}, {I});{T} + INTERVAL '1' MONTH
          ;{T} - INTERVAL '7' DAY;date_from_unix_date({I});nullif({T}, {T})
          """,
          "M",
          """
          ts;tz;TIMESTAMP '2020-02-29 12:34:56.789'
          |date_trunc('HOUR', {M});date_trunc('DAY', {M});date_trunc('MONTH', {M});date_trunc('WEEK', {M});CAST({T} AS TIMESTAMP);CAST({N} AS TIMESTAMP)
          ;coalesce({M}, {M});if({B}, {M}, {M});greatest({M}, {M});timestamp_seconds({I});CAST({S} AS TIMESTAMP);CAST({L} AS TIMESTAMP);timestampadd(DAY, {I}, {M});timestampadd(HOUR, {I}, {M});{M} + INTERVAL '1' MONTH;{M} - INTERVAL '30' MINUTE
          """,
          "N",
          """
          n;TIMESTAMP_NTZ '2024-03-10 02:30:00'
          |CAST({M} AS TIMESTAMP_NTZ);CAST({T} AS TIMESTAMP_NTZ);coalesce({N}, {N});if({B}, {N}, {N})
          """,
          "B",
          """
          b;true;false
          |{I} = {I};{I} < {I};{L} >= {I};{P} = {P};{P} < {P};{P} <> {I};{D} = {D};{D} < {D};{D} <=> {D};{S} = {S};{S} < {S};{S} <=> {S};{T} = {T};{T} < {T};{M} <= {M};{N} > {N}
          ;{B} AND {B};{B} OR {B};NOT {B};{I} IS NULL;{S} IS NOT NULL;{I} IN ({I}, {I}, 3);{S} IN ({S}, 'a', NULL);{D} IN ({D}, 1.5D);{I} BETWEEN {I} AND {I};{S} LIKE 'a%'
          ;{S} LIKE '%b_';startswith({S}, {S});contains({S}, {S});endswith({S}, 'c');isnan({D});{B} = {B};{B} <=> {B};coalesce({B}, {B});if({B}, {B}, {B});{S} RLIKE '^[a-z]+$'
          ;CAST({I} AS BOOLEAN);array_contains(array({I}, {I}), {I});{P} IN ({P}, 1.50BD);{L} <=> {I};{M} = {N};{T} < {M};CAST({S} AS BOOLEAN);{I} = {P};{L} < {D}
          """);

  private final Random random = new Random();

  private String expression(String type, int depth) {
    String[] halves = GRAMMAR.get(type).replace("\n", "").split("(?<!\\|)\\|(?!\\|)", 2);
    String[] choices = halves[depth == 0 ? 0 : 1].split(";");
    Matcher holes = HOLE.matcher(choices[random.nextInt(choices.length)]);
    StringBuilder text = new StringBuilder();
    while (holes.find()) {
      boolean leaf = depth <= 1 || random.nextInt(3) == 0;
      holes.appendReplacement(
          text, Matcher.quoteReplacement(expression(holes.group(1), leaf ? 0 : depth - 1)));
    }
    holes.appendTail(text);
    return "(" + text + ")";
  }

  @Test
  void bothAnswerAlike() throws Exception {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    int count = Integer.getInteger("tarn.expressions", 500);
    random.setSeed(seed);
    List<String> types = List.copyOf(new TreeSet<>(GRAMMAR.keySet()));
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> refusals = new TreeMap<>();
    int translated = 0;
    try (Differential utc = new Differential("UTC", 40, seed);
        Differential away = new Differential("America/New_York", 40, seed)) {
      for (int done = 0; done < count && wrong.size() < 20; done += BATCH) {
        Differential differential = random.nextInt(4) == 0 ? away : utc;
        List<String> batch =
            Stream.generate(() -> expression(types.get(random.nextInt(types.size())), 3))
                .limit(BATCH)
                .toList();
        for (String text : batch) {
          try {
            Expression e = differential.analyse(List.of(text)).get(0);
            Differential.Outcome outcome = differential.compare(text, e);
            translated++;
            if (outcome.sql().contains(NULL)) {
              continue;
            }
            outcome.differences().stream()
                .limit(1)
                .forEach(
                    difference -> wrong.add(text + "\n as " + outcome.sql() + "\n " + difference));
          } catch (Untranslatable refused) {
            refusals.merge(refused.getMessage(), 1, Integer::sum);
          } catch (Exception e) {
            if (!(e instanceof AnalysisException)) {
              throw e;
            }
          }
        }
      }
    }
    assertThat(String.join("\n", wrong)).as("seed " + seed).isEmpty();
    assertThat(translated).as("translated, but for " + refusals).isGreaterThan(count / 2);
  }
}
