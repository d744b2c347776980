package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;

import com.databricks.sdk.service.catalog.Privilege;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How one kind of securable is dealt with through the SDK.
 *
 * @param type as grants name it
 * @param privilege that is granted and taken back
 * @param get answers name, owner and comment
 */
record SecurableKind(
    String type,
    String name,
    Privilege privilege,
    Runnable create,
    Supplier<String> get,
    Supplier<List<String>> list,
    Runnable update,
    Runnable delete) {
  static <T> List<String> names(Iterable<T> all, Function<T, String> name) {
    return all(all).stream().map(name).toList();
  }
}
