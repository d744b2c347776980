package dev.tarn.platform.identity.directory;

/** What acts: a person, or a program with an identity of its own. */
public enum PrincipalType {
  USER("User"),
  SERVICE_PRINCIPAL("ServicePrincipal");

  private final String resource;

  PrincipalType(String resource) {
    this.resource = resource;
  }

  /** The name of its SCIM resource. */
  public String resource() {
    return resource;
  }
}
