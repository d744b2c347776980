package dev.tarn.ingest.rescue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.json.CreateJacksonParser;
import org.apache.spark.sql.catalyst.json.JSONOptionsInRead;
import org.apache.spark.sql.catalyst.json.JacksonParser;
import org.apache.spark.sql.catalyst.util.BadRecordException;
import org.apache.spark.sql.catalyst.util.PermissiveMode$;
import org.apache.spark.sql.execution.datasources.HadoopFileLinesReader;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * JSON as Spark reads it, one object a line, and beside it what Spark would drop: fields that the
 * schema lacks and values that are not of their column's type.
 */
public final class RescuingJson extends JsonFileFormat {
  private static final long serialVersionUID = 1L;

  @Override
  public Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> buildReader(
      SparkSession spark,
      StructType data,
      StructType partitions,
      StructType required,
      Seq<Filter> filters,
      scala.collection.immutable.Map<String, String> options,
      Configuration hadoop) {
    JSONOptionsInRead parsing =
        new JSONOptionsInRead(
            options,
            ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .conf()
                .sessionLocalTimeZone(),
            Rescued.CORRUPT);
    Optional<Rescued> rescued = Rescued.of(data, partitions, required, options);
    if (rescued.isEmpty()
        || parsing.multiLine()
        || parsing.encoding().isDefined()
        || parsing.parseMode() != PermissiveMode$.MODULE$) {
      return super.buildReader(spark, data, partitions, required, filters, options, hadoop);
    }
    return new Reader(rescued.get(), parsing, new SerializableConfiguration(hadoop));
  }

  private static final class Reader
      extends AbstractFunction1<PartitionedFile, scala.collection.Iterator<InternalRow>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Rescued rescued;
    private final JSONOptionsInRead parsing;
    private final SerializableConfiguration hadoop;

    Reader(Rescued rescued, JSONOptionsInRead parsing, SerializableConfiguration hadoop) {
      this.rescued = rescued;
      this.parsing = parsing;
      this.hadoop = hadoop;
    }

    @Override
    public scala.collection.Iterator<InternalRow> apply(PartitionedFile file) {
      HadoopFileLinesReader lines =
          new HadoopFileLinesReader(file, parsing.lineSeparatorInRead(), hadoop.value());
      Rescued.closeAtEnd(lines);
      Lines reader = new Lines(rescued, parsing, file.toPath().toString());
      return lines.flatMap(line -> CollectionConverters.asScala(reader.rows(line)));
    }
  }

  /** One file's lines. */
  private static final class Lines {
    private final Rescued rescued;
    private final JSONOptionsInRead parsing;
    private final String path;
    private final StructType parsed;
    private final JacksonParser parser;
    private final com.fasterxml.jackson.core.JsonFactory json;

    Lines(Rescued rescued, JSONOptionsInRead parsing, String path) {
      this.rescued = rescued;
      this.parsing = parsing;
      this.path = path;
      this.parsed = rescued.parsed();
      this.json = parsing.buildJsonFactory();
      this.parser =
          new JacksonParser(
              parsed, parsing, true, CollectionConverters.asScala(List.<Filter>of()).toSeq());
    }

    List<InternalRow> rows(Text line) {
      List<InternalRow> rows = new ArrayList<>();
      boolean fits;
      try {
        parser
            .parse(line, (factory, text) -> CreateJacksonParser.text(factory, text), this::whole)
            .foreach(row -> rows.add(row.copy()));
        fits = fits(line);
      } catch (Exception e) {
        // Scala declares nothing.
        if (!(e instanceof BadRecordException bad)) {
          throw e;
        }
        rows.addAll(List.of(bad.partialResults().apply()));
        fits = false;
      }
      if (fits) {
        rows.replaceAll(row -> rescued.row(row, Rescued.JSON.createObjectNode(), path));
        return rows;
      }
      return rescue(line, rows);
    }

    private UTF8String whole(Text line) {
      return UTF8String.fromBytes(line.copyBytes());
    }

    private List<InternalRow> rescue(Text line, List<InternalRow> rows) {
      List<ObjectNode> objects = objects(line);
      if (objects.isEmpty() || (rows.size() != objects.size() && !rows.isEmpty())) {
        ObjectNode misfits = Rescued.JSON.createObjectNode();
        misfits.put(Rescued.CORRUPT, line.toString());
        return List.of(rescued.row(null, misfits, path));
      }
      List<InternalRow> all = new ArrayList<>();
      for (int i = 0; i < objects.size(); i++) {
        InternalRow row = rows.isEmpty() ? null : rows.get(i);
        all.add(rescued.row(row, misfits(objects.get(i), row), path));
      }
      return all;
    }

    private List<ObjectNode> objects(Text line) {
      try (JsonParser in = json.createParser(line.getBytes(), 0, line.getLength())) {
        JsonNode root = Rescued.JSON.readTree(in);
        List<ObjectNode> objects = new ArrayList<>();
        if (root instanceof ObjectNode one && in.nextToken() == null) {
          objects.add(one);
        } else if (root != null && root.isArray() && in.nextToken() == null) {
          for (JsonNode each : root) {
            if (!(each instanceof ObjectNode one)) {
              return List.of();
            }
            objects.add(one);
          }
        }
        return objects;
      } catch (IOException e) {
        return List.of();
      }
    }

    private ObjectNode misfits(ObjectNode object, InternalRow row) {
      ObjectNode misfits = Rescued.JSON.createObjectNode();
      List<String> added = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String name = field.getKey();
        if (!rescued.knows(name)) {
          if (rescued.canBeAdded(name)) {
            added.add(name);
          }
          misfits.set(name, field.getValue());
        } else if (parsed.getFieldIndex(name).isDefined()) {
          misfit(field.getValue(), row, parsed, parsed.fieldIndex(name))
              .ifPresent(misfit -> misfits.set(name, misfit));
        }
      }
      if (!added.isEmpty()) {
        rescued.columns().found(added, path);
      }
      return misfits;
    }

    private Optional<JsonNode> misfit(
        JsonNode value, InternalRow row, StructType schema, int column) {
      if (value.isNull()) {
        return Optional.empty();
      }
      if (row == null || row.isNullAt(column)) {
        return Optional.of(value);
      }
      if (!(schema.fields()[column].dataType() instanceof StructType inner)
          || !(value instanceof ObjectNode object)) {
        return Optional.empty();
      }
      ObjectNode misfits = Rescued.JSON.createObjectNode();
      InternalRow nested = row.getStruct(column, inner.length());
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (inner.getFieldIndex(field.getKey()).isDefined()) {
          misfit(field.getValue(), nested, inner, inner.fieldIndex(field.getKey()))
              .ifPresent(misfit -> misfits.set(field.getKey(), misfit));
        } else {
          misfits.set(field.getKey(), field.getValue());
        }
      }
      return misfits.isEmpty() ? Optional.empty() : Optional.of(misfits);
    }

    /** Whether the schema has every field of a line that Spark could parse. */
    private boolean fits(Text line) {
      try (JsonParser in = json.createParser(line.getBytes(), 0, line.getLength())) {
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
          if (token == JsonToken.START_OBJECT && !fits(in, rescued.all())) {
            return false;
          }
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean fits(JsonParser in, StructType schema) throws IOException {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        if (schema.getFieldIndex(name).isEmpty()) {
          return false;
        }
        if (in.nextToken() == JsonToken.START_OBJECT
            && schema.apply(name).dataType() instanceof StructType inner) {
          if (!fits(in, inner)) {
            return false;
          }
        } else {
          in.skipChildren();
        }
      }
      return true;
    }
  }
}
