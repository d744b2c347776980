package dev.tarn.serve.connect;

import dev.tarn.engine.policy.TableOptions;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.connect.proto.AnalyzePlanRequest;
import org.apache.spark.connect.proto.CreateDataFrameViewCommand;
import org.apache.spark.connect.proto.LocalRelation;
import org.apache.spark.connect.proto.Read;
import org.apache.spark.connect.proto.WriteOperation;
import org.apache.spark.connect.proto.WriteOperationV2;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;

/**
 * What a client may send, as a list of the protocol's messages, checked before Spark looks at any
 * of them. What is not on the list is refused, so that neither code nor a path reaches Spark, and
 * nothing that a later version of the protocol adds. Names of tables are checked where they are
 * resolved, as for every other client.
 *
 * @see <a href="https://github.com/apache/spark/tree/v4.2.0/sql/connect/common/src/main/protobuf">
 *     the protocol</a>
 */
final class MessagePolicy {
  private static final String PACKAGE = "spark.connect.";

  private static final Set<String> ALLOWED =
      Set.of(
          // requests
          "ExecutePlanRequest",
          "ExecutePlanRequest.RequestOption",
          "ReattachOptions",
          "ResultChunkingOptions",
          "AnalyzePlanRequest",
          "AnalyzePlanRequest.Schema",
          "AnalyzePlanRequest.Explain",
          "AnalyzePlanRequest.TreeString",
          "AnalyzePlanRequest.IsLocal",
          "AnalyzePlanRequest.IsStreaming",
          "AnalyzePlanRequest.SparkVersion",
          "AnalyzePlanRequest.DDLParse",
          "AnalyzePlanRequest.JsonToDDL",
          "AnalyzePlanRequest.SameSemantics",
          "AnalyzePlanRequest.SemanticHash",
          "AnalyzePlanRequest.GetStorageLevel",
          "ConfigRequest",
          "ConfigRequest.Operation",
          "ConfigRequest.Set",
          "ConfigRequest.Get",
          "ConfigRequest.GetWithDefault",
          "ConfigRequest.GetOption",
          "ConfigRequest.GetAll",
          "ConfigRequest.Unset",
          "ConfigRequest.IsModifiable",
          "KeyValue",
          "ArtifactStatusesRequest",
          "InterruptRequest",
          "ReattachExecuteRequest",
          "ReleaseExecuteRequest",
          "ReleaseExecuteRequest.ReleaseAll",
          "ReleaseExecuteRequest.ReleaseUntil",
          "ReleaseSessionRequest",
          "FetchErrorDetailsRequest",
          "GetStatusRequest",
          "GetStatusRequest.OperationStatusRequest",
          "UserContext",
          "Plan",
          // relations
          "Relation",
          "RelationCommon",
          "Origin",
          "PythonOrigin",
          "JvmOrigin",
          "StackTraceElement",
          "Read",
          "Read.NamedTable",
          "Project",
          "Filter",
          "Join",
          "Join.JoinDataType",
          "AsOfJoin",
          "LateralJoin",
          "NearestByJoin",
          "SetOperation",
          "Sort",
          "Limit",
          "Offset",
          "Tail",
          "Aggregate",
          "Aggregate.Pivot",
          "Aggregate.GroupingSets",
          "SQL",
          "LocalRelation",
          "Sample",
          "Deduplicate",
          "Range",
          "SubqueryAlias",
          "Repartition",
          "RepartitionByExpression",
          "ToDF",
          "ToSchema",
          "WithColumns",
          "WithColumnsRenamed",
          "WithColumnsRenamed.Rename",
          "WithRelations",
          "WithWatermark",
          "Drop",
          "Hint",
          "Unpivot",
          "Unpivot.Values",
          "Transpose",
          "Parse",
          "CollectMetrics",
          "ShowString",
          "HtmlString",
          "UnresolvedTableValuedFunction",
          "NAFill",
          "NADrop",
          "NAReplace",
          "NAReplace.Replacement",
          "StatSummary",
          "StatCrosstab",
          "StatDescribe",
          "StatCov",
          "StatCorr",
          "StatApproxQuantile",
          "StatFreqItems",
          "StatSampleBy",
          "StatSampleBy.Fraction",
          // the catalog, by names
          "Catalog",
          "CurrentDatabase",
          "SetCurrentDatabase",
          "ListDatabases",
          "ListTables",
          "ListViews",
          "ListFunctions",
          "ListColumns",
          "GetDatabase",
          "GetTable",
          "GetFunction",
          "GetTableProperties",
          "GetCreateTableString",
          "DatabaseExists",
          "TableExists",
          "FunctionExists",
          "DropTempView",
          "CurrentCatalog",
          "SetCurrentCatalog",
          "ListCatalogs",
          "DropTable",
          "CreateDatabase",
          "DropDatabase",
          "TruncateTable",
          // expressions
          "Expression",
          "ExpressionCommon",
          "Expression.Literal",
          "Expression.Literal.Decimal",
          "Expression.Literal.CalendarInterval",
          "Expression.Literal.Array",
          "Expression.Literal.Map",
          "Expression.Literal.Struct",
          "Expression.Literal.SpecializedArray",
          "Expression.Literal.Time",
          "Bools",
          "Ints",
          "Longs",
          "Floats",
          "Doubles",
          "Strings",
          "Expression.UnresolvedAttribute",
          "Expression.UnresolvedFunction",
          "Expression.ExpressionString",
          "Expression.UnresolvedStar",
          "Expression.Alias",
          "Expression.Cast",
          "Expression.UnresolvedRegex",
          "Expression.SortOrder",
          "Expression.LambdaFunction",
          "Expression.UnresolvedNamedLambdaVariable",
          "Expression.Window",
          "Expression.Window.WindowFrame",
          "Expression.Window.WindowFrame.FrameBoundary",
          "Expression.UnresolvedExtractValue",
          "Expression.UpdateFields",
          "Expression.DirectShufflePartitionID",
          "CallFunction",
          "NamedArgumentExpression",
          "MergeAction",
          "MergeAction.Assignment",
          "SubqueryExpression",
          "SubqueryExpression.TableArgOptions",
          // types
          "DataType",
          "DataType.NULL",
          "DataType.Binary",
          "DataType.Boolean",
          "DataType.Byte",
          "DataType.Short",
          "DataType.Integer",
          "DataType.Long",
          "DataType.Float",
          "DataType.Double",
          "DataType.Decimal",
          "DataType.String",
          "DataType.Char",
          "DataType.VarChar",
          "DataType.Date",
          "DataType.Time",
          "DataType.Timestamp",
          "DataType.TimestampNTZ",
          "DataType.CalendarInterval",
          "DataType.YearMonthInterval",
          "DataType.DayTimeInterval",
          "DataType.Array",
          "DataType.Struct",
          "DataType.StructField",
          "DataType.Map",
          "DataType.Variant",
          // commands
          "Command",
          "SqlCommand",
          "WriteOperation",
          "WriteOperation.SaveTable",
          "WriteOperationV2",
          "MergeIntoTableCommand",
          "CreateDataFrameViewCommand");

  private static final String CODE =
      "Code does not run inside Tarn, since it could go around the grants. Use SQL expressions and"
          + " functions.";
  private static final String FILES =
      "Paths go around the grants. Read tables by name, and files of volumes in SQL with"
          + " read_files('/Volumes/…').";
  private static final String STREAMS = "Write streams as pipelines.";
  private static final String CACHE = "Keep intermediate rows in a table.";

  /** What people use that is not there, and what to use instead. */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("CommonInlineUserDefinedFunction", CODE),
          Map.entry("CommonInlineUserDefinedTableFunction", CODE),
          Map.entry("CommonInlineUserDefinedDataSource", CODE),
          Map.entry("TypedAggregateExpression", CODE),
          Map.entry("MapPartitions", CODE),
          Map.entry("GroupMap", CODE),
          Map.entry("CoGroupMap", CODE),
          Map.entry("ApplyInPandasWithState", CODE),
          Map.entry("DataType.UDT", CODE),
          Map.entry("AddArtifactsRequest", CODE),
          Map.entry("Read.DataSource", FILES),
          Map.entry("CreateTable", "Create tables with CREATE TABLE or saveAsTable."),
          Map.entry("CreateExternalTable", "Create tables with CREATE TABLE or saveAsTable."),
          Map.entry("WriteStreamOperationStart", STREAMS),
          Map.entry("StreamingQueryCommand", STREAMS),
          Map.entry("StreamingQueryManagerCommand", STREAMS),
          Map.entry("StreamingQueryListenerBusCommand", STREAMS),
          Map.entry("PipelineCommand", STREAMS),
          Map.entry("AnalyzePlanRequest.Persist", CACHE),
          Map.entry("AnalyzePlanRequest.Unpersist", CACHE),
          Map.entry("CacheTable", CACHE),
          Map.entry("UncacheTable", CACHE),
          Map.entry("ClearCache", CACHE),
          Map.entry("CheckpointCommand", CACHE),
          Map.entry("CachedLocalRelation", "Send smaller local rows, or write them to a table."),
          Map.entry(
              "ChunkedCachedLocalRelation", "Send smaller local rows, or write them to a table."));

  private static final Set<String> RESERVED_PROPERTIES =
      Set.of("location", "path", "provider", "owner", "external", "is_managed_location");

  private MessagePolicy() {}

  /**
   * Refuses a request, with everything in it.
   *
   * @throws TarnException PERMISSION_DENIED or INVALID_PARAMETER_VALUE
   */
  static void check(Message request) {
    Deque<Message> open = new ArrayDeque<>();
    open.push(request);
    while (!open.isEmpty()) {
      Message message = open.pop();
      checkOne(message);
      message.getAllFields().forEach((field, value) -> push(open, field, value));
    }
  }

  private static void push(Deque<Message> open, FieldDescriptor field, Object value) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (field.isRepeated()) {
      ((Collection<?>) value).forEach(each -> open.push((Message) each));
    } else {
      open.push((Message) value);
    }
  }

  private static void checkOne(Message message) {
    var type = message.getDescriptorForType();
    String name = type.getFullName().replaceFirst("^" + PACKAGE, "");
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw refused(name + " with fields that this version does not know", "Use Spark 4.2.");
    }
    // An entry of a map belongs to the message around it.
    if (!type.getOptions().getMapEntry() && !ALLOWED.contains(name)) {
      throw refused(name, INSTEAD.getOrDefault(name, "Use SQL and tables by their names."));
    }
    if (message instanceof Read read && read.getIsStreaming()) {
      throw refused("Reading a stream", STREAMS);
    } else if (message instanceof Read.NamedTable table) {
      checkOptions("reading a table", table.getOptionsMap().keySet(), TableOptions.OF_READING);
    } else if (message instanceof WriteOperation write) {
      if (write.getSaveTypeCase() == WriteOperation.SaveTypeCase.PATH) {
        throw refused("Writing to a path", "Write to a table with saveAsTable.");
      }
      checkProvider(write.getSource());
      checkOptions("writing a table", write.getOptionsMap().keySet(), TableOptions.OF_WRITING);
    } else if (message instanceof WriteOperationV2 write) {
      checkProvider(write.getProvider());
      checkOptions("writing a table", write.getOptionsMap().keySet(), TableOptions.OF_WRITING);
      checkProperties(write.getTablePropertiesMap().keySet());
    } else if (message instanceof CreateDataFrameViewCommand view && view.getIsGlobal()) {
      throw refused(
          "A global temporary view, which every session of the server would see,",
          "Use a temporary view.");
    } else if (message instanceof LocalRelation rows) {
      LocalRows.check(rows);
    } else if (message instanceof AnalyzePlanRequest.JsonToDDL json) {
      LocalRows.checkSchema(json.getJsonString());
    }
  }

  /** Tables are Delta's; other formats would be written where their options say. */
  private static void checkProvider(String provider) {
    if (!provider.isEmpty() && !provider.equalsIgnoreCase("delta")) {
      throw refused("The format '" + provider + "'", "Tables are Delta tables: leave it out.");
    }
  }

  private static void checkOptions(String where, Collection<String> given, Set<String> allowed) {
    for (String option : given) {
      if (!allowed.contains(option.toLowerCase(Locale.ROOT))) {
        throw refused(
            "The option '" + option + "' of " + where,
            "Available are: " + String.join(", ", allowed.stream().sorted().toList()) + ".");
      }
    }
  }

  private static void checkProperties(Collection<String> properties) {
    for (String property : properties) {
      String lower = property.toLowerCase(Locale.ROOT);
      if (RESERVED_PROPERTIES.contains(lower) || lower.startsWith("option.")) {
        throw refused(
            "The table property '" + property + "'", "Tarn chooses where and how a table lies.");
      }
    }
  }

  static TarnException refused(String what, String instead) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: " + what + " is not available through Spark Connect. " + instead,
        null);
  }
}
