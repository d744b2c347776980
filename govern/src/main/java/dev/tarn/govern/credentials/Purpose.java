package dev.tarn.govern.credentials;

/** What a credential is for. */
public enum Purpose {
  STORAGE,
  SERVICE
}
