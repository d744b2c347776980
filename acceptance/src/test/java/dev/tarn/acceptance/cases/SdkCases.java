package dev.tarn.acceptance.cases;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A stranger's program: the unmodified Databricks SDK for Java, with host and credentials from its
 * own variables. Steps come as {@link dev.tarn.acceptance.clients.ClientProcess} sends them: {@code
 * query SQL} prints all rows, {@code type SQL} the columns' types.
 */
public final class SdkCases {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private SdkCases() {}

  public static void main(String[] arguments) throws IOException {
    WorkspaceClient client = new WorkspaceClient();
    BufferedReader steps =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = steps.readLine(); line != null; line = steps.readLine()) {
      String[] parts = line.split("\t");
      StatementResponse answer =
          client
              .statementExecution()
              .executeStatement(
                  new ExecuteStatementRequest()
                      .setWarehouseId("default")
                      .setStatement(URLDecoder.decode(parts[1], StandardCharsets.UTF_8))
                      .setWaitTimeout("50s"));
      if (answer.getStatus().getState() != StatementState.SUCCEEDED) {
        OUT.println(
            '!'
                + answer.getStatus().getSqlState()
                + '\t'
                + answer.getStatus().getError().getMessage().replace('\n', ' '));
        continue;
      }
      if (parts[0].equals("type")) {
        print(
            List.of(answer.getManifest().getSchema().getColumns().iterator().next().getTypeText()));
      } else if (answer.getResult() != null && answer.getResult().getDataArray() != null) {
        answer.getResult().getDataArray().forEach(SdkCases::print);
      }
      OUT.println(".");
    }
    System.exit(0);
  }

  private static void print(Collection<String> values) {
    OUT.println(values.stream().map(SdkCases::json).collect(Collectors.joining(",", "[", "]")));
  }

  private static String json(String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
