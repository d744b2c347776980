package dev.tarn.engine.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is translated, as forms of SQL: {@code {I} + {I}} is an expression with two holes for whole
 * numbers. Every line of the table of functions is in one of them; they are compared over edge
 * values as they are, and put together at random.
 *
 * <p>The types of holes, each with literals, the plainest first: {@code I} whole numbers to their
 * extremes, {@code J} small ones, {@code L} BIGINT, {@code P} decimals, {@code C} short decimals,
 * {@code D} floating-point numbers, {@code E} those that add up exactly, {@code S} text, {@code T}
 * dates, {@code M} moments, {@code N} local times, {@code B} conditions, {@code X} bytes, {@code A}
 * arrays of INT, {@code Z} arrays of STRING, {@code K} maps from STRING to INT, {@code R} structs
 * of an INT {@code a} and a STRING {@code b}.
 */
public final class Grammar {
  /** All types. */
  public static final String TYPES = "IJLPCDESTMNBXAZKR";

  private static final Map<Character, List<String>> LITERALS =
      split(
          Map.ofEntries(
              Map.entry('I', "1;-1;7;2147483647;-2147483648"),
              Map.entry('J', "1;0;2;-3;12"),
              Map.entry('L', "1L;-1L;86400L;9223372036854775807L"),
              Map.entry('P', "1.5BD;0.00;-0.05BD;123456789.987BD"),
              Map.entry('C', "1.00BD;0.00BD;-0.05BD;12.34BD"),
              Map.entry(
                  'D',
                  "1.5D;0.0D;-0.0D;0.1D;1E300D;CAST('NaN' AS DOUBLE);CAST('-Infinity' AS DOUBLE)"),
              Map.entry('E', "1.5D;0.25D;-2.0D;1024.0D"),
              Map.entry('S', "'a';'';'Hello';'é';'10';'日本';'a%b';' x ';'2020-02-29'"),
              Map.entry('T', "DATE '2020-02-29';DATE '1999-12-31';DATE '1969-12-31'"),
              Map.entry(
                  'M',
                  "TIMESTAMP '2020-02-29 12:34:56.789';TIMESTAMP '1969-12-31 23:59:59.999999'"),
              Map.entry(
                  'N', "TIMESTAMP_NTZ '2024-03-10 02:30:00';TIMESTAMP_NTZ '1900-01-01 00:00:00'"),
              Map.entry('B', "true;false"),
              Map.entry('X', "X'41';X'';X'00FF'"),
              Map.entry('A', "array(1, NULL, 3)"),
              Map.entry('Z', "array('b', 'a', NULL)"),
              Map.entry('K', "map('a', 1, 'b', NULL)"),
              Map.entry('R', "named_struct('a', 1, 'b', 'x')")));

  private static final Map<Character, List<String>> FORMS =
      split(
          Map.ofEntries(
              Map.entry(
                  'I',
                  """
              {I} + {J};{I} - {J};{I} * {J};{I} + {I};- {I};abs({I});{I} % nullif({I}, 0);pmod({I}, 7);pmod({J}, {J})
              CAST({L} AS INT);CAST({C} AS INT);CAST({E} AS INT);CAST({S} AS INT);CAST({J} AS TINYINT);CAST({J} AS SMALLINT)
              CASE WHEN {B} THEN {I} ELSE {J} END;if({B}, {I}, {I});coalesce({I}, {I});nullif({I}, {I});greatest({I}, {I});least({I}, {J})
              CASE {I} WHEN {I} THEN {I} WHEN {J} THEN {I} END;round({I}, -1);round({I}, 2);{I} & {I};{I} | {I};{I} ^ {I};~{I};shiftright({I}, {J})
              try_add({I}, {J});datediff({T}, {T});unix_date({T});{R}.a;array({I}, {J})[1];element_at(array({J}, {I}), -1);array_min({A});array_max({A})
              {K}['a'];element_at({K}, {S});CAST(timestampdiff(DAY, {M}, {M}) AS INT);transform(array({I}), x -> x)[0];ceil({I});+{I}
              """),
              Map.entry(
                  'J',
                  """
              length({S});char_length({S});year({T});month({T});day({T});dayofyear({T});dayofweek({T});weekday({T});weekofyear({T});quarter({T})
              extract(YEAROFWEEK FROM {T});extract(DAYOFWEEK_ISO FROM {T});instr({S}, {S});locate('b', {S});position('a' IN {S});hour({M});minute({M});second({M});hour({N});second({N})
              ascii({S});octet_length({S});bit_length({S});size({A});size({Z});size({K});bit_count({I});{J} % 5;{J} + 1;CAST({B} AS INT);nvl2({S}, {J}, {J})
              map('a', {J}, 'b', 1)['a'];coalesce({J}, 0);nullif({J}, {J});if({B}, {J}, {J});CAST(timestampdiff(MONTH, {T}, {T}) AS INT);size(split({S}, ','));nvl({J}, 1);ifnull({J}, 2)
              """),
              Map.entry(
                  'L',
                  """
              CAST({I} AS BIGINT);{L} + {J};{L} - {J};{L} * {J};{I} div nullif({J}, 0);{L} div nullif({L}, 0);{L} % nullif({L}, 0);- {L};abs({L});{L} & {L};{L} | {I};shiftright({L}, {J});~{L}
              CAST({P} AS BIGINT);CAST({E} AS BIGINT);CAST({S} AS BIGINT);coalesce({L}, {I});if({B}, {L}, {I});unix_micros({M});unix_millis({M});unix_seconds({M});unix_timestamp({M});to_unix_timestamp({M})
              CAST({M} AS BIGINT);floor({E});ceil({E});round({L}, -2);greatest({L}, {I});least({L}, {L});pmod({L}, 7L);timestampdiff(HOUR, {M}, {M});timestampdiff(YEAR, {M}, {T});timestampdiff(WEEK, {T}, {T})
              """),
              Map.entry(
                  'P',
                  """
              {P} + {P};{P} - {C};{P} * {C};{P} / nullif({C}, 0);{P} % nullif({C}, 0);- {P};abs({P});{P} + {I};{P} * {J};{I} / nullif({C}, 0);CAST({I} AS DECIMAL(12,2));CAST({P} AS DECIMAL(38,6))
              CAST({S} AS DECIMAL(10,2));round({P}, 1);round({P}, -1);round({P});CASE WHEN {B} THEN {P} ELSE {C} END;coalesce({P}, {P});nullif({P}, {P});greatest({P}, {P});least({P}, {C});if({B}, {P}, {I})
              CAST({L} AS DECIMAL(20,0));CAST({E} AS DECIMAL(18,3));CAST({B} AS DECIMAL(3,1));ceil({P});floor({P});extract(SECOND FROM {M})
              """),
              Map.entry(
                  'C',
                  """
              {C} + {C};{C} - {C};{C} * {C};{C} / 4;- {C};abs({C});round({C}, 1);{C} + {J};CAST({J} AS DECIMAL(10,2));coalesce({C}, 0.00BD);if({B}, {C}, {C});ceil({C});floor({C});{C} % 3
              """),
              Map.entry(
                  'D',
                  """
              {D} + {D};{D} - {D};{D} * {D};{D} / nullif({D}, 0);{D} % nullif({D}, 0);- {D};abs({D});CAST({I} AS DOUBLE);CAST({L} AS DOUBLE);CAST({P} AS DOUBLE);{I} / nullif({I}, 0);sqrt({D})
              CASE WHEN {B} THEN {D} ELSE {D} END;coalesce({D}, {D});nullif({D}, {D});greatest({D}, {D});least({D}, {D});round({E}, 2);rint({D});sign({D});signum({I});CAST({S} AS DOUBLE);CAST({D} AS FLOAT)
              nanvl({D}, {D});{D} * {J};{C} * {D};array_max(array({D}, {D}));months_between({T}, {T});array_min(array({D}, {D}));if({B}, {D}, {E})
              """),
              Map.entry(
                  'E',
                  """
              {E} + {E};{E} - {E};{E} * 0.5D;- {E};abs({E});CAST({J} AS DOUBLE);coalesce({E}, 0.0D);if({B}, {E}, {E});round({E}, 1);rint({E});greatest({E}, {E})
              """),
              Map.entry(
                  'S',
                  """
              {S} || {S};concat({S}, {S}, {S});substring({S}, {J}, {J});substring({S}, 2);upper({S});lower({S});trim({S});ltrim({S});rtrim({S});trim(BOTH 'ab' FROM {S});trim(LEADING {S} FROM {S});trim(TRAILING 'x' FROM {S})
              replace({S}, {S}, {S});replace({S}, 'a', 'xy');lpad({S}, 5, '*');rpad({S}, 4, 'ab');rpad({S}, {J});CASE WHEN {B} THEN {S} ELSE {S} END;coalesce({S}, {S});nullif({S}, {S});CAST({I} AS STRING);CAST({L} AS STRING)
              CAST({P} AS STRING);CAST({E} AS STRING);CAST({T} AS STRING);CAST({M} AS STRING);CAST({N} AS STRING);CAST({B} AS STRING);left({S}, 2);right({S}, 1);left({S}, {J});greatest({S}, {S});least({S}, {S})
              date_format({M}, 'yyyy-MM-dd HH:mm');date_format({T}, 'MMM d, yyyy');split_part({S}, 'a', 1);split_part({S}, ',', -1);concat_ws(',', {S}, {S});concat_ws({S}, {S}, {S});reverse({S});md5({S});sha1({S});sha2({S}, 256)
              translate({S}, 'ab', 'ba');translate({S}, {S}, {S});repeat({S}, 2);space({J});chr({J} + 65);hex({S});array_join({Z}, '-');array({S}, {S})[1];{R}.b;element_at({Z}, 1);from_unixtime({J} * 86400)
              regexp_replace({S}, '[aeiou]', '*');regexp_extract({S}, '([a-z]+)([A-Z0-9]?)', 1);split({S}, ',')[0];{Z}[0];if({B}, {S}, 'z');array_max({Z});array_min({Z});concat({S}, CAST({J} AS STRING))
              """),
              Map.entry(
                  'T',
                  """
              date_add({T}, {J});date_sub({T}, {J});{T} + {J};add_months({T}, {J});last_day({T});trunc({T}, 'MM');trunc({T}, 'WEEK');trunc({T}, 'quarter');trunc({T}, 'YEAR');CAST({M} AS DATE);CAST({N} AS DATE)
              coalesce({T}, {T});if({B}, {T}, {T});greatest({T}, {T});least({T}, {T});CAST({S} AS DATE);to_date({S});make_date(2020 + {J}, 2, 28);{T} + INTERVAL '1' MONTH;{T} - INTERVAL '7' DAY;date_from_unix_date({J});nullif({T}, {T})
              """),
              Map.entry(
                  'M',
                  """
              date_trunc('HOUR', {M});date_trunc('DAY', {M});date_trunc('MONTH', {M});date_trunc('WEEK', {M});date_trunc('SECOND', {M});CAST({T} AS TIMESTAMP);CAST({N} AS TIMESTAMP);coalesce({M}, {M});if({B}, {M}, {M});greatest({M}, {M})
              timestamp_seconds({I});timestamp_millis({L});timestamp_micros({L});CAST({S} AS TIMESTAMP);CAST({J} AS TIMESTAMP);timestampadd(DAY, {J}, {M});timestampadd(HOUR, {J}, {M});timestampadd(MONTH, {J}, {M});{M} + INTERVAL '1' MONTH
              {M} - INTERVAL '30' MINUTE;{M} + INTERVAL '1' DAY;to_timestamp('2020-01-0' || CAST(pmod({J}, 10) AS STRING), 'yyyy-MM-dd');nullif({M}, {M})
              """),
              Map.entry(
                  'N',
                  """
              CAST({M} AS TIMESTAMP_NTZ);CAST({T} AS TIMESTAMP_NTZ);coalesce({N}, {N});if({B}, {N}, {N});{N} + INTERVAL '5' MONTH;{N} + INTERVAL '1 02:03:04' DAY TO SECOND;timestampadd(DAY, {J}, {N});least({N}, {N})
              """),
              Map.entry(
                  'B',
                  """
              {I} = {I};{I} < {I};{I} > {J};{L} >= {I};{P} = {P};{P} < {P};{C} <> {J};{D} = {D};{D} < {D};{D} <=> {D};{S} = {S};{S} < {S};{S} <=> {S};{S} >= {S};{T} = {T};{T} < {T};{M} <= {M};{N} > {N};{X} = {X}
              {B} AND {B};{B} OR {B};NOT {B};{I} IS NULL;{S} IS NOT NULL;{P} IS NULL;{A} IS NULL;{I} IN ({I}, {I}, 3);{S} IN ({S}, 'a', NULL);{D} IN ({D}, 1.5D);{T} IN ({T}, DATE '2020-02-29');{I} NOT IN (1, {J});{I} BETWEEN {I} AND {I}
              {S} BETWEEN {S} AND {S};{S} LIKE 'a%';{S} LIKE '%b_';{S} LIKE '_';{S} NOT LIKE '%a%';{S} LIKE ANY ('a%', '%b');{S} LIKE ALL ('a%', '%c');{S} NOT LIKE ANY ('a%', '%b');{S} NOT LIKE ALL ('a%', '%b');{S} ILIKE 'A%'
              startswith({S}, {S});contains({S}, {S});endswith({S}, 'c');isnan({D});{B} = {B};{B} <=> {B};coalesce({B}, {B});if({B}, {B}, {B});{S} RLIKE '^[a-z]+$';{S} RLIKE 'b';CAST({I} AS BOOLEAN);CAST({D} AS BOOLEAN);CAST({C} AS BOOLEAN)
              array_contains({A}, {I});array_contains({Z}, {S});{P} IN ({P}, 1.50BD);{L} <=> {I};{M} = {N};{T} < {M};{I} = {P};{L} < {D};exists({A}, x -> x > {J});{T} - {T} > INTERVAL '10' DAY;{M} - {M} > INTERVAL '1' DAY
              """),
              Map.entry('X', "CAST({S} AS BINARY);coalesce({X}, {X});if({B}, {X}, {X})"),
              Map.entry(
                  'A',
                  """
              array({I}, {J});sort_array({A});sort_array({A}, false);filter({A}, x -> x > {J});transform({A}, x -> x % 7);coalesce({A}, {A});if({B}, {A}, {A});map_values({K});transform({A}, x -> coalesce(x, {I}))
              """),
              Map.entry(
                  'Z',
                  """
              array({S}, {S});sort_array({Z});split({S}, ',');split({S}, '\\\\.');map_keys({K});filter({Z}, x -> x >= {S});transform({Z}, x -> concat(x, {S}));coalesce({Z}, {Z})
              """),
              Map.entry(
                  'K',
                  "map('a', {I}, 'b', {J});map({S}, {I});coalesce({K}, {K});if({B}, {K}, {K})"),
              Map.entry(
                  'R',
                  "named_struct('a', {I}, 'b', {S});struct({J} AS a, {S} AS b);coalesce({R}, {R});if({B}, {R}, {R})")));

  /** Forms without a translation: Spark evaluates them within DuckDB. */
  private static final Map<Character, List<String>> CALLED =
      split(
          Map.ofEntries(
              Map.entry(
                  'I',
                  "try_cast({S} AS INT);try_cast({D} AS INT);try_multiply({I}, {I});try_element_at({A}, {J});hash({S}, {I});get({A}, {J})"),
              Map.entry(
                  'J',
                  "levenshtein({S}, {S});size(array_distinct({A}));json_array_length('[1,2]');find_in_set({S}, 'a,b');cardinality({K})"),
              Map.entry('L', "xxhash64({S}, {J});crc32({X});try_cast({P} AS BIGINT)"),
              Map.entry(
                  'P',
                  "try_divide({P}, {P});bround({C}, 1);try_cast({S} AS DECIMAL(10,2));try_add({P}, {P})"),
              Map.entry('C', "try_divide({C}, {C});bround({C})"),
              Map.entry(
                  'D',
                  "exp({E});ln(abs({E}) + 1);pow({E}, 2);atan2({E}, {E});cbrt({E});try_cast({S} AS DOUBLE);hypot({E}, {E});round({D}, 1);degrees({E})"),
              Map.entry(
                  'S',
                  "initcap({S});soundex({S});format_number({C}, 2);to_json({R});to_json({A});base64({X});CAST({D} AS STRING);CAST({A} AS STRING);CAST({R} AS STRING);elt(2, {S}, {S});overlay({S} PLACING 'x' FROM 1);substring_index({S}, ',', 1);format_string('%s-%d', {S}, {J});regexp_replace({S}, '(a)(b)?', '$1x');get_json_object('{\"a\":1}', '$.a');typeof({P});upper({S})"),
              Map.entry(
                  'T',
                  "next_day({T}, 'MO');try_cast({S} AS DATE);try_to_date({S}, 'yyyy-MM-dd');array_max(array({T}, {T}))"),
              Map.entry(
                  'M',
                  "from_utc_timestamp({M}, 'Asia/Tokyo');to_utc_timestamp({M}, 'America/New_York');try_cast({S} AS TIMESTAMP);{M} + make_dt_interval({J})"),
              Map.entry('N', "try_cast({S} AS TIMESTAMP_NTZ);{N} + make_ym_interval(0, {J})"),
              Map.entry(
                  'B',
                  "arrays_overlap({A}, {A});{A} = {A};{R} = {R};{A} < {A};{S} RLIKE '(?i)a';{S} LIKE {S};forall({A}, x -> x > {J});map_contains_key({K}, {S});{R} IN ({R});try_cast({S} AS BOOLEAN)"),
              Map.entry(
                  'X', "unhex('4142');to_binary({S}, 'utf-8');substring({X}, 1, 1);{X} || {X}"),
              Map.entry(
                  'A',
                  "array_distinct({A});array_union({A}, {A});array_except({A}, {A});slice({A}, 1, 2);flatten(array({A}, {A}));reverse({A});array_append({A}, {I});array_remove({A}, {I});sequence(1, pmod({J}, 5) + 1)"),
              Map.entry(
                  'Z',
                  "array_distinct({Z});array_sort({Z});array_compact({Z});regexp_extract_all({S}, '([a-z])', 1);array_intersect({Z}, {Z})"),
              Map.entry(
                  'K',
                  "map_filter({K}, (k, v) -> v > {J});transform_values({K}, (k, v) -> v + 1);map_from_arrays(array('p', 'q'), array({I}, {J}))"),
              Map.entry(
                  'R',
                  "struct({R}.a AS a, {S} AS b);from_json('{\"a\":1,\"b\":\"x\"}', 'a INT, b STRING')")));

  /** Aggregates whose value does not depend on the order of rows. */
  static final List<String> AGGREGATES =
      split(
          """
          count(*);count({S});sum({J});min({S});max({T});avg({C});count(DISTINCT {I});sum({I});sum({C});sum({P});sum({E});avg({J});avg({E});avg({I});min({M});max({C});min({I});max({P});min({N});max({B});min({L});max({S})
          count({J}, {S});count(DISTINCT {S}, {J});sum(DISTINCT {J});try_sum({L});sum({L});bool_or({B});every({B});count_if({B});sum({J}) FILTER (WHERE {B});count(*) FILTER (WHERE {B});avg(DISTINCT {C});sum({J} + 1);sum({C} * {C})
          stddev_samp({J});stddev_pop({E});var_samp({J});var_pop({E});bit_and({I});bit_or({L});bit_xor({I});sort_array(collect_list({S}));sort_array(collect_set({J}));sort_array(collect_set({S}), false);percentile({J}, 0.3);median({E})
          corr({E}, {J});covar_samp({E}, {J});covar_pop({E}, {J});sum({J}) + count(*);sum({C}) / nullif(count(*), 0);coalesce(max({S}), 'none');sum(CASE WHEN {B} THEN {C} ELSE 0 END);max_by({S}, id);min_by({I}, id);approx_count_distinct({I});sort_array(collect_list({I}))
          skewness({E});kurtosis({J});mode({J}) IS NULL;max({D}) IS NULL;count(DISTINCT {D});regr_count({E}, {J})
          """);

  /** Functions of a window whose value depends only on rows that are equal in its order. */
  static final List<String> PEERS = split("rank();dense_rank();percent_rank();cume_dist()");

  /** Functions of a window in which every row has its own place. */
  static final List<String> PLACED =
      split(
          "row_number();lag({I});lead({S}, 2);ntile(3);lag({C}, 1, {C});lead({T}, -1);lag({J}) IGNORE NULLS");

  /** Functions of a window with a frame in which every row has its own place. */
  static final List<String> FRAMED =
      split(
          "sum({J});count(*);first_value({I});last_value({S});nth_value({T}, 2);first_value({S}, true);avg({C});min({S});max({T});sum({C});count({B});min({J});avg({J});sum({E});max({L})");

  private Grammar() {}

  public static List<String> literals(char type) {
    return LITERALS.get(type);
  }

  /** How expressions of a type are put together from others. */
  public static List<String> forms(char type) {
    return FORMS.get(type);
  }

  /** The forms, and those that Spark evaluates within DuckDB. */
  static List<String> allForms(char type) {
    List<String> all = new ArrayList<>(forms(type));
    all.addAll(CALLED.getOrDefault(type, List.of()));
    return all;
  }

  private static Map<Character, List<String>> split(Map<Character, String> texts) {
    return texts.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> split(e.getValue())));
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split("[;\n]"))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
