package dev.tarn.server.cli;

/** What a script can rely on. */
public final class ExitCodes {
  public static final int OK = 0;

  /** The statement or the pipeline failed. */
  public static final int FAILED = 1;

  /** The command line was wrong. */
  public static final int USAGE = 2;

  /** No server was reached, or it did not take the token. */
  public static final int NO_ACCESS = 3;

  /** The server could not start. */
  public static final int NO_START = 4;

  private ExitCodes() {}
}
