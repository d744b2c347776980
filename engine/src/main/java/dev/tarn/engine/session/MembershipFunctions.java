package dev.tarn.engine.session;

import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Function1;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * {@code is_account_group_member} and {@code is_member}: whether whoever runs the statement is in a
 * group, directly or through others. In a view they ask of its reader, not of its owner.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/functions/is_account_group_member">
 *     is_account_group_member</a>
 */
public final class MembershipFunctions {
  private static final List<String> EVERYBODY = List.of(Grants.EVERYBODY, "users");

  private MembershipFunctions() {}

  public static void inject(SparkSessionExtensions extensions) {
    for (String name : List.of("is_account_group_member", "is_member")) {
      Function1<Seq<Expression>, Expression> builder =
          arguments -> call(name, List.copyOf(CollectionConverters.asJava(arguments)));
      extensions.injectFunction(
          new Tuple3<>(
              FunctionIdentifier.apply(name),
              new ExpressionInfo(MembershipFunctions.class.getName(), name),
              builder));
    }
  }

  /** Known as soon as the statement is analysed, so that both executors read a constant. */
  private static Expression call(String name, List<Expression> arguments) {
    if (arguments.size() != 1
        || !arguments.get(0).foldable()
        || !(arguments.get(0).dataType() instanceof StringType)) {
      throw TarnException.invalid(
          name + " takes the name of one group, as a constant: " + name + "('analysts').");
    }
    UTF8String group = (UTF8String) arguments.get(0).eval(null);
    SparkSession spark = (SparkSession) org.apache.spark.sql.SparkSession.active();
    Object answer =
        group == null ? null : isMember(SessionRegistry.of(spark).principal(), group.toString());
    // A column is called as it was written, and not true.
    return new Alias(
        new Literal(answer, DataTypes.BooleanType),
        name + "(" + group + ")",
        NamedExpression.newExprId(),
        CollectionConverters.asScala(List.<String>of()).toSeq(),
        Option.empty(),
        CollectionConverters.asScala(List.<String>of()).toSeq());
  }

  private static boolean isMember(Principal principal, String group) {
    String name = group.toLowerCase(Locale.ROOT);
    return EVERYBODY.contains(name)
        || principal.groups().stream().anyMatch(g -> g.toLowerCase(Locale.ROOT).equals(name));
  }
}
