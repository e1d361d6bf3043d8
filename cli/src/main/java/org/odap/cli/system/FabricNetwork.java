package org.odap.cli.system;

import java.nio.file.Path;

/**
 * The network of one organization that stands for a side's Fabric: where its files are, and who is
 * who on it.
 *
 * @param folder its certificates and keys
 * @param peer host:port of its peer
 */
record FabricNetwork(Path folder, String mspId, String peer) {
  static final String CHANNEL = "odap-channel";

  /** The client that acts for the gateway. */
  static final String ADAPTER = "adapter";

  static FabricNetwork of(Side side, Path folder, int port) {
    String name = side.name();
    return new FabricNetwork(
        folder.resolve("fabric-network"),
        Character.toUpperCase(name.charAt(0)) + name.substring(1) + "MSP",
        "127.0.0.1:" + port);
  }

  String account(String name) {
    return mspId + "/" + name;
  }

  Path client(String name) {
    return folder.resolve(mspId).resolve("clients").resolve(name);
  }

  Path tlsAuthorities() {
    return folder.resolve("tls-authorities.pem");
  }

  /** Certificate of an organization's authority. */
  Path authority(String organization) {
    return folder.resolve(organization).resolve("ca").resolve("ca.pem");
  }
}
