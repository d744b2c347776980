package dev.tarn.process.updates;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The SQL of a pipeline, its {@code ${…}} replaced by the pipeline's configuration. */
final class Definitions {
  private Definitions() {}

  static List<UpdateRequest.SourceFile> resolved(UpdateRequest request) {
    List<UpdateRequest.SourceFile> resolved = new ArrayList<>();
    for (UpdateRequest.SourceFile file : request.files()) {
      resolved.add(
          new UpdateRequest.SourceFile(file.path(), substituted(file, request.configuration())));
    }
    return resolved;
  }

  private static String substituted(
      UpdateRequest.SourceFile file, Map<String, String> configuration) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int at = file.text().indexOf("${"); at >= 0; at = file.text().indexOf("${", from)) {
      int end = file.text().indexOf('}', at);
      if (end < 0) {
        break;
      }
      String name = file.text().substring(at + 2, end);
      String value = configuration.get(name);
      if (value == null) {
        throw new TarnException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "42704",
            file.path()
                + ":"
                + line(file.text(), at)
                + ": ${"
                + name
                + "} has no value. Add '"
                + name
                + "' to the pipeline's configuration.",
            null);
      }
      text.append(file.text(), from, at).append(value);
      from = end + 1;
    }
    return text.append(file.text().substring(from)).toString();
  }

  static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  /** Changes whenever anything does that could change what the pipeline makes. */
  static String digest(UpdateRequest request, List<UpdateRequest.SourceFile> resolved) {
    return digest(
        request.catalog(),
        request.schema(),
        request.runAs().name(),
        new TreeMap<>(request.configuration()).toString(),
        resolved.toString());
  }

  static String digest(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
