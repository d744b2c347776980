package dev.tarn.ingest.rescue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.univocity.parsers.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.csv.UnivocityParser;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.BadRecordException;
import org.apache.spark.sql.catalyst.util.PermissiveMode$;
import org.apache.spark.sql.execution.datasources.HadoopFileLinesReader;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * CSV with headers, each file's columns taken by their names, and beside it what Spark would drop
 * or misplace: columns that the schema lacks, values that are not of their column's type, and more
 * values than columns.
 */
public final class RescuingCsv extends CSVFileFormat {
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
    CSVOptions parsing =
        new CSVOptions(
            options,
            false,
            ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .conf()
                .sessionLocalTimeZone(),
            Rescued.CORRUPT);
    Optional<Rescued> rescued = Rescued.of(data, partitions, required, options);
    if (rescued.isEmpty()
        || !parsing.headerFlag()
        || parsing.multiLine()
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
    private final CSVOptions parsing;
    private final SerializableConfiguration hadoop;

    Reader(Rescued rescued, CSVOptions parsing, SerializableConfiguration hadoop) {
      this.rescued = rescued;
      this.parsing = parsing;
      this.hadoop = hadoop;
    }

    @Override
    public scala.collection.Iterator<InternalRow> apply(PartitionedFile file) {
      HadoopFileLinesReader bytes =
          new HadoopFileLinesReader(file, parsing.lineSeparatorInRead(), hadoop.value());
      Rescued.closeAtEnd(bytes);
      Charset charset = Charset.forName(parsing.charset());
      scala.collection.Iterator<String> lines =
          bytes
              .map((Text line) -> new String(line.getBytes(), 0, line.getLength(), charset))
              .filter(this::isData);
      String header;
      if (file.start() > 0) {
        header = header(file, charset);
      } else {
        header = lines.hasNext() ? lines.next() : null;
      }
      if (header == null) {
        return CollectionConverters.asScala(List.<InternalRow>of().iterator());
      }
      Lines reader = new Lines(rescued, parsing, header, file.toPath().toString());
      return lines.map(reader::row);
    }

    private boolean isData(String line) {
      return !line.isBlank()
          && !(parsing.isCommentSet() && line.stripLeading().charAt(0) == parsing.comment());
    }

    /** Of a file that is read in parts, and so is not compressed. */
    private String header(PartitionedFile file, Charset charset) {
      try (var in = file.toPath().getFileSystem(hadoop.value()).open(file.toPath());
          BufferedReader lines = new BufferedReader(new InputStreamReader(in, charset))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (isData(line)) {
            return line;
          }
        }
        return null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One file's lines below its header. */
  private static final class Lines {
    private final Rescued rescued;
    private final String path;
    private final String[] header;
    private final StructType parsed;
    private final StructType inFile;

    /** Of each column that is asked for where it is in the file, or -1. */
    private final int[] places;

    private final UnivocityParser parser;
    private final CsvParser tokens;

    Lines(Rescued rescued, CSVOptions parsing, String headerLine, String path) {
      this.rescued = rescued;
      this.path = path;
      this.tokens = new CsvParser(parsing.asParserSettings());
      this.header = names(tokens.parseLine(headerLine));
      this.parsed = rescued.parsed();
      StructType columns = new StructType();
      List<String> added = new ArrayList<>();
      for (int i = 0; i < header.length; i++) {
        boolean known = rescued.knows(header[i]) && columns.getFieldIndex(header[i]).isEmpty();
        if (known) {
          columns = columns.add(rescued.all().apply(header[i]));
        } else {
          // No column's name: Spark finds values by the columns they are of.
          columns = columns.add("\0" + i, DataTypes.StringType, true);
          if (rescued.canBeAdded(header[i])) {
            added.add(header[i]);
          }
        }
      }
      if (!added.isEmpty()) {
        rescued.columns().found(added, path);
      }
      this.inFile = columns;
      this.places =
          Arrays.stream(parsed.fieldNames())
              .mapToInt(
                  name -> {
                    Option<Object> index = inFile.getFieldIndex(name);
                    return index.isEmpty() ? -1 : (Integer) index.get();
                  })
              .toArray();
      this.parser = new UnivocityParser(inFile, inFile, parsing);
    }

    /** A column without a name is called as Spark's inference calls it. */
    private static String[] names(String[] header) {
      String[] names = header == null ? new String[0] : header.clone();
      for (int i = 0; i < names.length; i++) {
        if (names[i] == null || names[i].isEmpty()) {
          names[i] = "_c" + i;
        }
      }
      return names;
    }

    InternalRow row(String line) {
      InternalRow row;
      boolean fits = true;
      try {
        row = parser.parse().apply(line).getOrElse(() -> null);
      } catch (Exception e) {
        // Scala declares nothing.
        if (!(e instanceof BadRecordException bad)) {
          throw e;
        }
        InternalRow[] partial = bad.partialResults().apply();
        row = partial.length == 0 ? null : partial[0];
        fits = false;
      }
      ObjectNode misfits = Rescued.JSON.createObjectNode();
      if (!fits) {
        rescue(line, row, misfits);
      } else if (row != null) {
        unknown(row, misfits);
      }
      return rescued.row(asked(row), misfits, path);
    }

    private void unknown(InternalRow row, ObjectNode misfits) {
      for (int i = 0; i < header.length; i++) {
        if (isUnknown(i) && !row.isNullAt(i)) {
          misfits.put(header[i], row.getUTF8String(i).toString());
        }
      }
    }

    private boolean isUnknown(int column) {
      return inFile.fields()[column].name().startsWith("\0");
    }

    private void rescue(String line, InternalRow row, ObjectNode misfits) {
      String[] values = tokens.parseLine(line);
      for (int i = 0; values != null && i < values.length; i++) {
        if (values[i] != null
            && (row == null || i >= header.length || isUnknown(i) || row.isNullAt(i))) {
          misfits.put(i < header.length ? header[i] : "_c" + i, values[i]);
        }
      }
      if (misfits.isEmpty()) {
        misfits.put(Rescued.CORRUPT, line);
      }
    }

    private InternalRow asked(InternalRow row) {
      if (row == null) {
        return null;
      }
      Object[] values = new Object[places.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = places[i] < 0 ? null : row.get(places[i], parsed.fields()[i].dataType());
      }
      return new GenericInternalRow(values);
    }
  }
}
