package dev.tarn.serve.warehouses;

/** What one may do with a warehouse; each includes those before it. Names are the wire's. */
public enum PermissionLevel {
  CAN_VIEW("Can see the warehouse and its settings"),
  CAN_USE("Can run statements on the warehouse and start it"),
  CAN_MONITOR("Can use the warehouse and see the queries that others ran on it"),
  CAN_MANAGE("Can do everything with the warehouse, and give permissions on it"),
  IS_OWNER("Owns the warehouse, and can do everything with it");

  private final String description;

  PermissionLevel(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  boolean includes(PermissionLevel other) {
    return compareTo(other) >= 0;
  }
}
