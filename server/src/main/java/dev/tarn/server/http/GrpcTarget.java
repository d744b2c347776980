package dev.tarn.server.http;

import java.util.function.IntSupplier;

/**
 * Where calls of a gRPC service are passed on to, on this machine.
 *
 * @param port asked for each call; throws if the service cannot answer now
 * @param originHeader in which the service learns the client's address, behind the key; what a
 *     client sends under this name goes no further
 * @param originKey by which the service knows that the address comes from this server
 */
public record GrpcTarget(IntSupplier port, String originHeader, String originKey) {}
