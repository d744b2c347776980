package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.catalog.CatalogsAPI;
import com.databricks.sdk.service.tags.TagPoliciesAPI;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Calls every method of every service of the SDK's package {@code catalog}, found by reflection, of
 * things that do not exist.
 */
final class MethodSteps {
  private static final Set<String> PACKAGES =
      Set.of(CatalogsAPI.class.getPackageName(), TagPoliciesAPI.class.getPackageName());
  private static final int NESTED = 3;

  private final WorkspaceClient client;

  MethodSteps(WorkspaceClient client) {
    this.client = client;
  }

  /** Prints {@code Service.method<tab>error code}, or {@code ok}, for each. */
  void everyMethod() throws ReflectiveOperationException {
    for (Method getter : sorted(WorkspaceClient.class)) {
      if (getter.getParameterCount() == 0
          && PACKAGES.contains(getter.getReturnType().getPackageName())) {
        Object service = getter.invoke(client);
        for (Method method : sorted(getter.getReturnType())) {
          if (isRequest(method)) {
            print(
                getter.getReturnType().getSimpleName().replaceFirst("API$", "")
                    + '.'
                    + method.getName(),
                answer(service, method));
          }
        }
      }
    }
  }

  private static List<Method> sorted(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  /** Others only write the same request in another way. */
  private static boolean isRequest(Method method) {
    return !method.getName().equals("impl")
        && (method.getParameterCount() == 0
            || (method.getParameterCount() == 1
                && !method.getParameterTypes()[0].isEnum()
                && PACKAGES.contains(method.getParameterTypes()[0].getPackageName())));
  }

  private static String answer(Object service, Method method) throws ReflectiveOperationException {
    Object[] arguments =
        method.getParameterCount() == 0
            ? new Object[0]
            : new Object[] {filled(method.getParameterTypes()[0], NESTED)};
    try {
      if (method.invoke(service, arguments) instanceof Iterable<?> pages) {
        Iterator<?> entries = pages.iterator();
        entries.hasNext();
      }
      return "ok";
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof DatabricksError error) {
        return error.getErrorCode();
      }
      return e.getCause().toString();
    } catch (DatabricksError e) {
      return e.getErrorCode();
    }
  }

  private static Object filled(Class<?> type, int deep) throws ReflectiveOperationException {
    Object made = type.getDeclaredConstructor().newInstance();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.getName().equals("pageToken")) {
        field.setAccessible(true);
        field.set(made, value(field, deep));
      }
    }
    return made;
  }

  private static Object value(Field field, int deep) throws ReflectiveOperationException {
    Class<?> type = field.getType();
    if (type == String.class) {
      String owner = field.getDeclaringClass().getSimpleName();
      if (field.getName().equals("name") && owner.endsWith("ServiceRequest")) {
        return owner.contains("Mcp")
            ? "mcp-services/sdk_nothing"
            : owner.contains("Provider")
                ? "model-provider-services/sdk_nothing"
                : "model-services/sdk_nothing";
      }
      return switch (field.getName()) {
        case "securableType", "onSecurableType", "parentSecurableType" -> "catalog";
        case "entityType" -> "tables";
        case "fullName", "tableName", "entityName" -> "main.default.sdk_nothing";
        case "fullNameArg" -> "main.default.sdk_nothing.sdk_nothing";
        default -> "sdk_nothing";
      };
    }
    if (type == Long.class) {
      return 7L;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return deep > 0 && PACKAGES.contains(type.getPackageName()) ? filled(type, deep - 1) : null;
  }
}
