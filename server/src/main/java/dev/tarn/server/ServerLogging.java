package dev.tarn.server;

import java.net.URI;
import java.nio.file.Path;
import org.apache.logging.log4j.core.LoggerContext;

/**
 * Sends every library's log to files of bounded size under {@code logs} of the data folder, so that
 * the console has only what Tarn itself prints.
 */
final class ServerLogging {
  private static final String CONFIGURATION = "classpath:tarn-log4j2.properties";

  private ServerLogging() {}

  /** Does nothing where somebody has configured Log4j already, as tests do. */
  static void into(Path dataFolder) {
    if (System.getProperty("log4j2.configurationFile") != null
        || ServerLogging.class.getResource("/log4j2-test.properties") != null) {
      return;
    }
    System.setProperty("tarn.log.dir", dataFolder.resolve("logs").toString());
    System.setProperty("log4j2.configurationFile", CONFIGURATION);
    System.setProperty("log4j2.shutdownHookEnabled", "false");
    LoggerContext context = LoggerContext.getContext(false);
    if (!context.getConfiguration().getName().equals("tarn")) {
      // Something logged before this: it started Log4j with another configuration.
      context.setConfigLocation(URI.create(CONFIGURATION));
    }
  }
}
