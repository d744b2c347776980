package dev.tarn.serve.thrift;

import dev.tarn.kernel.http.CallNotes;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.QueryClient;
import java.net.URI;

/**
 * Who calls, and where.
 *
 * @param warehouseId of the path that was called
 * @param client for the query history
 * @param notes for the audit log
 * @param address scheme, host and port that the client reached us under
 */
record Call(
    Principal principal, String warehouseId, URI address, QueryClient client, CallNotes notes) {}
