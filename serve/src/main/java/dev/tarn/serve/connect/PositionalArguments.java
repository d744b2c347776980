package dev.tarn.serve.connect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.connect.proto.Expression;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SqlCommand;
import org.sparkproject.connect.protobuf.Message;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;

/**
 * Values for the question marks of a statement. Spark 4.2 keeps them in a hash map of their places
 * and takes them out in that map's order, so that from five on every value lands in another's
 * place. Here they are put so that they come out as the client gave them, and the relation with
 * which Spark answers is put back.
 */
@SuppressWarnings("deprecation")
final class PositionalArguments {
  private PositionalArguments() {}

  /** As Spark has to be told. */
  static Message arranged(Message message) {
    if (message instanceof SqlCommand command && !command.hasInput()) {
      // Spark does the same with what clients before 4.0 send; here it comes too late.
      SQL sql =
          SQL.newBuilder()
              .setQuery(command.getSql())
              .putAllArgs(command.getArgsMap())
              .putAllNamedArguments(command.getNamedArgumentsMap())
              .addAllPosArgs(command.getPosArgsList())
              .addAllPosArguments(command.getPosArgumentsList())
              .build();
      return SqlCommand.newBuilder()
          .setInput(Relation.newBuilder().setSql((SQL) arranged(sql)))
          .build();
    }
    if (!(message instanceof SQL sql)
        || sql.getPosArgsCount() + sql.getPosArgumentsCount() == 0
        || sql.getNamedArgumentsCount() > 0) {
      return message;
    }
    List<Expression> given = new ArrayList<>(sql.getPosArgumentsList());
    if (given.isEmpty()) {
      sql.getPosArgsList()
          .forEach(value -> given.add(Expression.newBuilder().setLiteral(value).build()));
    }
    int[] order = order(given.size());
    Expression[] arranged = new Expression[order.length];
    for (int i = 0; i < order.length; i++) {
      arranged[order[i]] = given.get(i);
    }
    return with(sql, arranged);
  }

  /** As the client gave them. */
  static Message given(Message message) {
    if (!(message instanceof SQL sql) || sql.getPosArgumentsCount() == 0) {
      return message;
    }
    int[] order = order(sql.getPosArgumentsCount());
    Expression[] given = new Expression[order.length];
    for (int i = 0; i < order.length; i++) {
      given[i] = sql.getPosArguments(order[i]);
    }
    return with(sql, given);
  }

  private static SQL with(SQL sql, Expression[] values) {
    return sql.toBuilder()
        .clearPosArgs()
        .clearPosArguments()
        .addAllPosArguments(Arrays.asList(values))
        .build();
  }

  /** The places in the order in which a map of them is walked through. */
  @SuppressWarnings("unchecked")
  private static int[] order(int count) {
    Map<String, Integer> places = Map$.MODULE$.empty();
    for (int i = 0; i < count; i++) {
      places = places.updated("_pos_" + i, i);
    }
    int[] order = new int[count];
    Iterator<Integer> walk = places.valuesIterator();
    for (int i = 0; i < count; i++) {
      order[i] = walk.next();
    }
    return order;
  }
}
