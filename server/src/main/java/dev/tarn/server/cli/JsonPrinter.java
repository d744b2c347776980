package dev.tarn.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.json.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A JSON array of objects, one a line. Numbers, booleans and nested values keep their types. */
final class JsonPrinter implements RowPrinter {
  private static final Set<String> NUMBERS =
      Set.of("BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "DECIMAL");
  private static final Set<String> NESTED = Set.of("ARRAY", "MAP", "STRUCT");

  private final PrintWriter out;
  private List<Column> columns = new ArrayList<>();
  private boolean first = true;

  JsonPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> found) {
    columns = found;
  }

  @Override
  public void row(List<String> values) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < values.size(); i++) {
      row.set(columns.get(i).name(), value(columns.get(i).typeName(), values.get(i)));
    }
    out.print(first ? "[" : ",\n ");
    out.print(row);
    first = false;
  }

  @Override
  public void end() {
    if (!columns.isEmpty()) {
      out.println(first ? "[]" : "]");
    }
  }

  private static JsonNode value(String type, String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (text == null) {
      return nodes.nullNode();
    }
    if (type.equals("BOOLEAN")) {
      return nodes.booleanNode(Boolean.parseBoolean(text));
    }
    try {
      if (NUMBERS.contains(type)) {
        return nodes.numberNode(new BigDecimal(text));
      }
      if (NESTED.contains(type)) {
        return Json.mapper().readTree(text);
      }
    } catch (NumberFormatException | JsonProcessingException e) {
      // NaN and Infinity have no JSON number; they stay text.
      return nodes.textNode(text);
    }
    return nodes.textNode(text);
  }
}
