package org.odap.ledger.fabric.chaincode;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;

/**
 * How a chaincode service is set up, by the environment variables that administrators of Fabric
 * know. Every mistake is told at once. Unlike Fabric's own samples a service has no plain
 * connection unless it is asked for by name.
 */
record ServiceEnvironment(InetSocketAddress address, Optional<Tls> tls) {
  static final String ADDRESS = "CHAINCODE_SERVER_ADDRESS";
  static final String PACKAGE_ID = "CORE_CHAINCODE_ID_NAME";
  static final String TLS_DISABLED = "CHAINCODE_TLS_DISABLED";
  static final String TLS_KEY = "CHAINCODE_TLS_KEY";
  static final String TLS_CERTIFICATE = "CHAINCODE_TLS_CERT";
  static final String CLIENT_CA_CERTIFICATE = "CHAINCODE_CLIENT_CA_CERT";
  private static final String SHIM_TLS = "CORE_PEER_TLS_ENABLED";

  /** Files in PEM form; a peer has to show a certificate of the client CA. */
  record Tls(Path key, Path certificate, Path clientCaCertificate) {}

  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  static ServiceEnvironment read(Map<String, String> environment) {
    List<String> mistakes = new ArrayList<>();
    Optional<InetSocketAddress> address = address(environment, mistakes);
    if (value(environment, PACKAGE_ID).isEmpty()) {
      mistakes.add(PACKAGE_ID + ": value: nothing (expected: the installed package's id)");
    }
    if (value(environment, SHIM_TLS).equalsIgnoreCase("true")) {
      mistakes.add(
          SHIM_TLS
              + ": value: true (expected: nothing, and "
              + TLS_KEY
              + " with its companions: they have the peer's certificate checked too)");
    }
    Optional<Tls> tls = tls(environment, mistakes);
    try {
      ClockTolerance.fromEnvironment(environment);
    } catch (IllegalArgumentException e) {
      mistakes.add(e.getMessage());
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", mistakes));
    }
    return new ServiceEnvironment(address.orElseThrow(), tls);
  }

  ChaincodeServerProperties serverProperties() {
    ChaincodeServerProperties properties = new ChaincodeServerProperties();
    properties.setServerAddress(address);
    tls.ifPresent(files -> {
      properties.setTlsEnabled(true);
      properties.setKeyFile(files.key().toString());
      properties.setKeyCertChainFile(files.certificate().toString());
      properties.setTrustCertCollectionFile(files.clientCaCertificate().toString());
    });
    return properties;
  }

  private static Optional<InetSocketAddress> address(
      Map<String, String> environment, List<String> mistakes) {
    Matcher parts = HOST_AND_PORT.matcher(value(environment, ADDRESS));
    if (parts.matches() && Integer.parseInt(parts.group(2)) <= PORT_MAX) {
      return Optional.of(new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2))));
    }
    mistakes.add(
        ADDRESS + ": value: " + value(environment, ADDRESS) + " (expected: <host>:<port>)");
    return Optional.empty();
  }

  private static Optional<Tls> tls(Map<String, String> environment, List<String> mistakes) {
    String disabled = value(environment, TLS_DISABLED);
    List<String> files = List.of(TLS_KEY, TLS_CERTIFICATE, CLIENT_CA_CERTIFICATE);
    if (disabled.equals("true")) {
      files.stream()
          .filter(name -> !value(environment, name).isEmpty())
          .forEach(name ->
              mistakes.add(
                  name
                      + ": value: "
                      + value(environment, name)
                      + " (expected: nothing, as "
                      + TLS_DISABLED
                      + " is true)"));
      return Optional.empty();
    }
    if (!disabled.isEmpty() && !disabled.equals("false")) {
      mistakes.add(TLS_DISABLED + ": value: " + disabled + " (expected: true or false)");
    }
    for (String name : files) {
      if (value(environment, name).isEmpty()) {
        mistakes.add(
            name
                + ": value: nothing (expected: a PEM file, or "
                + TLS_DISABLED
                + "=true for a plain connection)");
      } else if (!Files.isReadable(file(environment, name))) {
        mistakes.add(name + ": value: " + value(environment, name) + " (expected: a file to read)");
      }
    }
    return Optional.of(
        new Tls(
            file(environment, TLS_KEY),
            file(environment, TLS_CERTIFICATE),
            file(environment, CLIENT_CA_CERTIFICATE)));
  }

  private static Path file(Map<String, String> environment, String name) {
    return Path.of(value(environment, name));
  }

  private static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "");
  }
}
