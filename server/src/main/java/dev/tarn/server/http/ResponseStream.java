package dev.tarn.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A response body on its way out. Up to one chunk is sent whole, with its length; more is streamed,
 * and a write waits until the client has taken the chunk before it.
 */
final class ResponseStream extends OutputStream {
  private static final int CHUNK = 64 << 10;

  private final ResponseHeaders headers;
  private final CompletableFuture<HttpResponse> response;
  private final Runnable onProgress;
  private byte[] chunk = new byte[4 << 10];
  private int size;
  private long sent;
  private HttpResponseWriter writer;

  /**
   * @param response completed with the response once its start is known
   * @param onProgress called after each chunk that the client took
   */
  ResponseStream(
      ResponseHeaders headers, CompletableFuture<HttpResponse> response, Runnable onProgress) {
    this.headers = headers;
    this.response = response;
    this.onProgress = onProgress;
  }

  @Override
  public void write(int b) throws IOException {
    if (size == chunk.length) {
      write(new byte[] {(byte) b}, 0, 1);
    } else {
      chunk[size++] = (byte) b;
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    while (length > 0) {
      if (size == CHUNK) {
        sendChunk();
      }
      int part = Math.min(length, CHUNK - size);
      if (size + part > chunk.length) {
        chunk = java.util.Arrays.copyOf(chunk, Math.min(CHUNK, Math.max(size + part, CHUNK / 4)));
      }
      System.arraycopy(bytes, offset, chunk, size, part);
      size += part;
      offset += part;
      length -= part;
    }
  }

  /** Sends what there is, so that a slow producer's rows are seen as they come. */
  @Override
  public void flush() throws IOException {
    if (size > 0) {
      sendChunk();
    }
  }

  private void sendChunk() throws IOException {
    if (writer == null) {
      writer = HttpResponse.streaming();
      writer.write(headers);
      response.complete(writer);
    }
    byte[] data = java.util.Arrays.copyOf(chunk, size);
    if (!writer.tryWrite(HttpData.wrap(data))) {
      throw new IOException("The client went away.");
    }
    sent += size;
    size = 0;
    try {
      writer.whenConsumed().get();
    } catch (ExecutionException e) {
      throw new IOException("The client went away.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The server stops.", e);
    }
    onProgress.run();
  }

  @Override
  public void close() throws IOException {
    if (writer == null) {
      sent = size;
      response.complete(
          HttpResponse.of(
              headers.toBuilder().contentLength(size).build(), HttpData.copyOf(chunk, 0, size)));
    } else {
      flush();
      writer.close();
    }
  }

  /** Whether the head of the response is out, so that an error can only cut it off. */
  boolean started() {
    return writer != null;
  }

  /** Breaks the response off, so that the client sees that it is not whole. */
  void abort() {
    writer.abort(AbortedStreamException.get());
  }

  long bytes() {
    return sent;
  }
}
