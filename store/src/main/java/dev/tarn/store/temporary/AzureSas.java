package dev.tarn.store.temporary;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A shared access signature for one folder of Azure's store, or for a whole container. One for a
 * folder works with accounts that have a hierarchical namespace; others refuse it.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas">Create a
 *     service SAS</a>
 */
final class AzureSas {
  private static final String VERSION = "2020-12-06";
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>abfss?)://(?<container>[^@/]+)@(?<account>[^./:]+)[^/]*(?<path>/.*)?");

  private AzureSas() {}

  /** Whether a location lies in Azure's store. */
  static boolean covers(String url) {
    return URL.matcher(url).matches();
  }

  /**
   * @param url a location that {@link #covers}
   * @param key of the account, in base 64
   * @param permissions letters as Azure defines them
   * @return what is put after the question mark of addresses
   */
  static String sign(String url, String key, String permissions, Instant from, Instant until) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("No location in Azure's store: " + url);
    }
    String path = parts.group("path") == null ? "" : parts.group("path").replaceAll("/+$", "");
    long depth = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).count();
    String protocol = parts.group("scheme").equals("abfss") ? "https" : "https,http";
    String resource = depth == 0 ? "c" : "d";
    String toSign =
        String.join(
            "\n",
            List.of(
                permissions,
                time(from),
                time(until),
                "/blob/" + parts.group("account") + "/" + parts.group("container") + path,
                "", // Identifier of a stored policy.
                "", // Addresses of clients.
                protocol,
                VERSION,
                resource,
                "", // Snapshot.
                "", // Encryption scope.
                "", // Headers of answers: five.
                "",
                "",
                "",
                ""));
    Map<String, String> query = new LinkedHashMap<>();
    query.put("sp", permissions);
    query.put("st", time(from));
    query.put("se", time(until));
    query.put("spr", protocol);
    query.put("sv", VERSION);
    query.put("sr", resource);
    if (depth > 0) {
      query.put("sdd", Long.toString(depth));
    }
    query.put("sig", signature(key, toSign));
    return query.entrySet().stream()
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String signature(String key, String toSign) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks HmacSHA256", e);
    }
  }
}
