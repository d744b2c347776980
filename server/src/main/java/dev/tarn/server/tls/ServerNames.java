package dev.tarn.server.tls;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** The names and addresses that clients may reach this server under. */
final class ServerNames {
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9_*]([a-z0-9_.-]{0,252})");

  private ServerNames() {}

  /**
   * The loopback names, this machine's name, and what the settings name.
   *
   * @param bindAddress where the server listens; a wildcard brings the addresses of the machine's
   *     interfaces
   */
  static Set<String> of(String bindAddress, Optional<URI> publicUrl) {
    Set<String> names = new TreeSet<>(List.of("localhost", "127.0.0.1", "::1"));
    add(names, machine());
    if (WILDCARDS.contains(bindAddress)) {
      addInterfaces(names);
    } else {
      add(names, bindAddress);
    }
    publicUrl.map(URI::getHost).ifPresent(host -> add(names, host));
    return names;
  }

  private static void add(Set<String> names, String name) {
    String plain = name.replaceAll("^\\[|\\]$", "").replaceFirst("%.*$", "");
    plain = plain.toLowerCase(Locale.ROOT);
    if (isAddress(plain) || DNS_NAME.matcher(plain).matches()) {
      names.add(plain);
    }
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // A machine whose name does not resolve cannot be reached under it.
    }
  }

  private static void addInterfaces(Set<String> names) {
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          if (!address.getAddress().isLinkLocalAddress()) {
            add(names, address.getAddress().getHostAddress());
          }
        }
      }
    } catch (SocketException e) {
      LoggerFactory.getLogger(ServerNames.class)
          .warn("The addresses of this machine cannot be listed: {}", e.toString());
    }
  }

  static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }

  /** One spelling for each address: certificates give IPv6 back in another than they took. */
  static String canonical(String name) {
    if (isAddress(name)) {
      try {
        return InetAddress.getByName(name).getHostAddress();
      } catch (UnknownHostException e) {
        return name;
      }
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
