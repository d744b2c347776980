package dev.tarn.govern.grants;

/** How far the workspace reaches what lies in a securable, whatever is granted. */
public enum Reach {
  NOTHING,
  /** Without changing anything. */
  READ,
  ALL
}
