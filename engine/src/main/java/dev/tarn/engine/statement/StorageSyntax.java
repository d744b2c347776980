package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.credentials.Credential;
import dev.tarn.govern.credentials.CredentialChange;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.govern.credentials.CredentialKind;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.credentials.Purpose;
import dev.tarn.govern.locations.ExternalLocation;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.locations.LocationChange;
import dev.tarn.kernel.error.TarnException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Statements on storage credentials and external locations.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-location">CREATE
 *     EXTERNAL LOCATION</a>
 */
final class StorageSyntax extends TarnSqlBaseVisitor<Statement> {
  private static final List<String> DESCRIPTION = List.of("info_name", "info_value");

  /** Whether a statement begins like one of these. */
  static boolean begins(CommonTokenStream tokens) {
    return switch (tokens.LA(1)) {
      case TarnSqlLexer.CREATE, TarnSqlLexer.ALTER, TarnSqlLexer.DROP -> names(tokens, 2);
      case TarnSqlLexer.DESC, TarnSqlLexer.DESCRIBE ->
          names(tokens, 2)
              && tokens.LA(3) != Token.EOF
              && tokens.LA(3) != TarnSqlLexer.SEMICOLON
              && tokens.LA(3) != TarnSqlLexer.DOT;
      case TarnSqlLexer.COMMENT -> tokens.LA(2) == TarnSqlLexer.ON && names(tokens, 3);
      case TarnSqlLexer.SHOW ->
          switch (tokens.LA(2)) {
            case TarnSqlLexer.CREDENTIALS -> true;
            case TarnSqlLexer.STORAGE, TarnSqlLexer.SERVICE ->
                tokens.LA(3) == TarnSqlLexer.CREDENTIALS;
            case TarnSqlLexer.EXTERNAL -> tokens.LA(3) == TarnSqlLexer.LOCATIONS;
            default -> false;
          };
      default -> false;
    };
  }

  private static boolean names(CommonTokenStream tokens, int at) {
    return switch (tokens.LA(at)) {
      case TarnSqlLexer.CREDENTIAL -> true;
      case TarnSqlLexer.STORAGE, TarnSqlLexer.SERVICE ->
          tokens.LA(at + 1) == TarnSqlLexer.CREDENTIAL;
      case TarnSqlLexer.EXTERNAL -> tokens.LA(at + 1) == TarnSqlLexer.LOCATION;
      default -> false;
    };
  }

  private static Credentials credentials(SessionContext context) {
    return context.facades().credentials();
  }

  private static ExternalLocations locations(SessionContext context) {
    return context.facades().externalLocations();
  }

  /** Of a kind without a secret: a statement is kept in the history as it was written. */
  @Override
  public Statement visitCreateCredential(TarnSqlParser.CreateCredentialContext c) {
    String name = SqlNames.text(c.name());
    Map<String, String> fields = new LinkedHashMap<>();
    for (TarnSqlParser.SettingContext setting : c.setting()) {
      fields.put(
          SqlNames.text(setting.key).toLowerCase(Locale.ROOT),
          SqlNames.unquoted(setting.value).orElseThrow());
    }
    CredentialKind kind =
        Arrays.stream(CredentialKind.values())
            .filter(each -> each.secret() == null && each.identity().containsAll(fields.keySet()))
            .findFirst()
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "CREATE … CREDENTIAL takes WITH (access_connector_id = '…') or WITH"
                            + " (role_arn = '…'). Statements are kept in the query history: make a"
                            + " credential that has a secret with the REST API."));
    CredentialContent content = CredentialContent.of(kind, fields);
    String comment = SqlNames.unquoted(c.comment).orElse(null);
    Purpose purpose = c.SERVICE() == null ? Purpose.STORAGE : Purpose.SERVICE;
    boolean ifNotExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists,
                () ->
                    credentials(context)
                        .create(context.principal(), name, purpose, content, comment, false)));
  }

  private static Statement changed(
      TarnSqlParser.CredentialContext c,
      Optional<String> newName,
      Optional<String> owner,
      Optional<String> comment) {
    String name = SqlNames.text(c.name());
    CredentialChange change =
        new CredentialChange(
            newName, Optional.empty(), owner, comment, Optional.empty(), Optional.empty());
    return Statement.Call.of(
        context -> credentials(context).update(context.principal(), name, change));
  }

  @Override
  public Statement visitRenameCredential(TarnSqlParser.RenameCredentialContext c) {
    return changed(
        c.credential(), Optional.of(SqlNames.text(c.newName)), Optional.empty(), Optional.empty());
  }

  @Override
  public Statement visitOwnCredential(TarnSqlParser.OwnCredentialContext c) {
    return changed(
        c.credential(),
        Optional.empty(),
        Optional.of(SqlNames.text(c.principal().name())),
        Optional.empty());
  }

  @Override
  public Statement visitDropCredential(TarnSqlParser.DropCredentialContext c) {
    String name = SqlNames.text(c.name());
    boolean ifExists = c.EXISTS() != null;
    boolean force = c.FORCE() != null;
    return Statement.Call.of(
        context ->
            Statements.ifExists(
                ifExists, () -> credentials(context).delete(context.principal(), name, force)));
  }

  @Override
  public Statement visitDescribeCredential(TarnSqlParser.DescribeCredentialContext c) {
    String name = SqlNames.text(c.credential().name());
    return new Statement.Call(
        DESCRIPTION, context -> rows(credentials(context).get(context.principal(), name)));
  }

  private static List<Row> rows(Credential credential) {
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create("Name", credential.name()));
    rows.add(RowFactory.create("Purpose", credential.purpose().name()));
    rows.add(RowFactory.create("Credential", credential.kind().field()));
    credential.identity().forEach((key, value) -> rows.add(RowFactory.create(key, value)));
    rows.add(RowFactory.create("Read Only", Boolean.toString(credential.readOnly())));
    rows.add(RowFactory.create("Owner", credential.owner()));
    rows.add(RowFactory.create("Created By", credential.createdBy()));
    rows.add(RowFactory.create("Created At", time(credential.createdAt())));
    rows.add(RowFactory.create("Comment", credential.comment()));
    return rows;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  @Override
  public Statement visitShowCredentials(TarnSqlParser.ShowCredentialsContext c) {
    Predicate<String> matches = Statements.like(SqlNames.unquoted(c.pattern));
    Optional<Purpose> purpose =
        c.STORAGE() != null
            ? Optional.of(Purpose.STORAGE)
            : Optional.ofNullable(c.SERVICE()).map(word -> Purpose.SERVICE);
    return new Statement.Call(
        List.of("name", "purpose", "comment"),
        context ->
            credentials(context).list(context.principal()).stream()
                .filter(each -> purpose.map(each.purpose()::equals).orElse(true))
                .filter(each -> matches.test(each.name()))
                .map(each -> RowFactory.create(each.name(), each.purpose().name(), each.comment()))
                .toList());
  }

  @Override
  public Statement visitCreateLocation(TarnSqlParser.CreateLocationContext c) {
    String name = SqlNames.text(c.name(0));
    String url = SqlNames.unquoted(c.url).orElseThrow();
    String credential = SqlNames.text(c.key);
    String comment = SqlNames.unquoted(c.comment).orElse(null);
    boolean ifNotExists = c.EXISTS() != null;
    return Statement.Call.of(
        context ->
            Statements.unlessExists(
                ifNotExists,
                () ->
                    locations(context)
                        .create(context.principal(), name, url, credential, comment, false)));
  }

  @Override
  public Statement visitAlterLocation(TarnSqlParser.AlterLocationContext c) {
    LocationChange change =
        new LocationChange(
            Optional.ofNullable(c.newName).map(SqlNames::text),
            SqlNames.unquoted(c.url),
            Optional.empty(),
            Optional.ofNullable(c.principal()).map(owner -> SqlNames.text(owner.name())),
            Optional.empty(),
            Optional.ofNullable(c.key).map(SqlNames::text),
            c.FORCE() != null);
    return changed(SqlNames.text(c.name(0)), change);
  }

  private static Statement changed(String location, LocationChange change) {
    return Statement.Call.of(
        context -> locations(context).update(context.principal(), location, change));
  }

  @Override
  public Statement visitDropLocation(TarnSqlParser.DropLocationContext c) {
    String name = SqlNames.text(c.name());
    boolean ifExists = c.EXISTS() != null;
    boolean force = c.FORCE() != null;
    return Statement.Call.of(
        context ->
            Statements.ifExists(
                ifExists, () -> locations(context).delete(context.principal(), name, force)));
  }

  @Override
  public Statement visitDescribeLocation(TarnSqlParser.DescribeLocationContext c) {
    String name = SqlNames.text(c.name());
    return new Statement.Call(
        List.of(
            "name",
            "url",
            "credential_name",
            "read_only",
            "owner",
            "created_by",
            "created_at",
            "comment"),
        context -> {
          ExternalLocation location = locations(context).get(context.principal(), name);
          return List.of(
              RowFactory.create(
                  location.name(),
                  location.url(),
                  locations(context).credentialName(location),
                  Boolean.toString(location.readOnly()),
                  location.owner(),
                  location.createdBy(),
                  time(location.createdAt()),
                  location.comment()));
        });
  }

  @Override
  public Statement visitShowLocations(TarnSqlParser.ShowLocationsContext c) {
    Predicate<String> matches = Statements.like(SqlNames.unquoted(c.pattern));
    return new Statement.Call(
        List.of("name", "url", "comment"),
        context ->
            locations(context).list(context.principal()).stream()
                .filter(each -> matches.test(each.name()))
                .map(each -> RowFactory.create(each.name(), each.url(), each.comment()))
                .toList());
  }

  @Override
  public Statement visitCommentOnStorage(TarnSqlParser.CommentOnStorageContext c) {
    Optional<String> comment = Optional.of(SqlNames.unquoted(c.comment).orElse(""));
    if (c.credential() != null) {
      return changed(c.credential(), Optional.empty(), Optional.empty(), comment);
    }
    return changed(
        SqlNames.text(c.name()),
        new LocationChange(
            Optional.empty(),
            Optional.empty(),
            comment,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false));
  }
}
