package dev.tarn.server.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.json.Json;
import java.util.Map;
import java.util.function.Function;

/** Says in JSON too what is wrong with requests that get to no handler. */
final class ProtocolErrors implements ServerErrorHandler {
  private final Function<Throwable, HttpResponse> thrown;

  /**
   * @param thrown answers what a service threw; null to leave it to Armeria
   */
  ProtocolErrors(Function<Throwable, HttpResponse> thrown) {
    this.thrown = thrown;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return thrown.apply(cause);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      ServiceRequestContext context,
      ServiceConfig config,
      RequestHeaders headers,
      HttpStatus status,
      String description,
      Throwable cause) {
    ErrorCode code =
        status.isClientError()
            ? ErrorCode.MALFORMED_REQUEST
            : status.equals(HttpStatus.NOT_IMPLEMENTED)
                ? ErrorCode.NOT_IMPLEMENTED
                : status.code() == ErrorCode.TEMPORARILY_UNAVAILABLE.httpStatus()
                    ? ErrorCode.TEMPORARILY_UNAVAILABLE
                    : ErrorCode.INTERNAL_ERROR;
    return AggregatedHttpResponse.of(
        status,
        MediaType.JSON,
        Json.bytes(
            Map.of(
                "error_code",
                code.name(),
                "message",
                "The server cannot take this request: "
                    + (description == null ? status.reasonPhrase() : description)
                    + ".")));
  }
}
