package dev.tarn.kernel.http;

import java.util.List;

/** A folder's worth of the platform, as the server sees it: the routes it answers. */
public interface Capability {
  List<Route> routes();
}
