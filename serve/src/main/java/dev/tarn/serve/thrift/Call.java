package dev.tarn.serve.thrift;

import dev.tarn.kernel.identity.Principal;
import java.net.URI;

/**
 * Who calls, and where.
 *
 * @param warehouseId of the path that was called
 * @param address scheme, host and port that the client reached us under
 */
record Call(Principal principal, String warehouseId, URI address) {}
