package dev.tarn.govern.commits;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Handler;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;

/**
 * Where Unity Catalog's Delta API lies, and how it tells of errors.
 *
 * @see <a href="https://github.com/unitycatalog/unitycatalog/blob/main/api/delta.yaml">Unity
 *     Catalog's Delta API</a>
 */
public final class DeltaApi {
  /** Before every path of it. */
  public static final String ROOT = "/api/2.1/unity-catalog/delta";

  public static final String SCHEMA = "/v1/catalogs/{catalog}/schemas/{schema}";
  public static final String TABLE = SCHEMA + "/tables/{table}";
  public static final String TABLE_CREDENTIALS = TABLE + "/credentials";
  public static final String STAGING_CREDENTIALS = "/v1/staging-tables/{table_id}/credentials";

  private DeltaApi() {}

  record Failure(Detail error) {}

  record Detail(String message, String type, int code) {}

  /**
   * @param path after {@link #ROOT}
   * @param handler whose errors are told as this API has them
   */
  public static Route route(Method method, String path, Handler handler) {
    Handler answering =
        request -> {
          try {
            return handler.handle(request);
          } catch (TarnException e) {
            int status = e.code() == ErrorCode.NOT_IMPLEMENTED ? 501 : e.code().httpStatus();
            return Response.json(
                status, new Failure(new Detail(e.getMessage(), type(e.code()), status)));
          }
        };
    return new Route(method, ROOT + path, Access.AUTHENTICATED, answering);
  }

  private static String type(ErrorCode code) {
    return switch (code) {
      case INVALID_PARAMETER_VALUE, INVALID_STATE -> "InvalidParameterValueException";
      case BAD_REQUEST, MALFORMED_REQUEST -> "BadRequestException";
      case UNAUTHENTICATED -> "NotAuthorizedException";
      case PERMISSION_DENIED -> "PermissionDeniedException";
      case CATALOG_DOES_NOT_EXIST -> "NoSuchCatalogException";
      case SCHEMA_DOES_NOT_EXIST -> "NoSuchSchemaException";
      case TABLE_DOES_NOT_EXIST -> "NoSuchTableException";
      case RESOURCE_DOES_NOT_EXIST -> "NotFoundException";
      case RESOURCE_ALREADY_EXISTS -> "AlreadyExistsException";
      case RESOURCE_CONFLICT -> "CommitVersionConflictException";
      case RESOURCE_EXHAUSTED -> "ResourceExhaustedException";
      case REQUEST_LIMIT_EXCEEDED -> "TooManyRequestsException";
      case NOT_IMPLEMENTED -> "NotImplementedException";
      default -> "InternalServerErrorException";
    };
  }
}
