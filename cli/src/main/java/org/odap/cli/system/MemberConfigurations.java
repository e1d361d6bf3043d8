package org.odap.cli.system;

import static org.odap.cli.system.Configurations.caller;
import static org.odap.cli.system.Configurations.service;
import static org.odap.cli.system.YamlFile.ordered;
import static org.odap.cli.system.YamlFile.target;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.odap.cli.system.Configurations.Ports;
import org.odap.cli.system.MembersPlan.Keys;
import org.odap.runtime.rpc.RpcTarget;

/** The configuration files of one ledger's members and of who collects their signatures (IT). */
final class MemberConfigurations {
  /** What the key is called that members make together. */
  static final String KEY_ID = "members-1";

  private final Path folder;
  private final Side side;
  private final MembersPki pki;
  private final Ports ports;

  /**
   * Those of one side.
   *
   * @param folder where all files go, each side's in a folder of its own
   */
  MemberConfigurations(Path folder, Side side, MembersPki pki, Ports ports) {
    this.folder = folder.resolve(side.name());
    this.side = side;
    this.pki = pki;
    this.ports = ports;
  }

  /** A member's signer, which takes the signatures of the other ledger's members. */
  Path signer(int number, MemberConfigurations other) {
    MemberKeys own = pki.members().get(number - 1);
    Map<String, Object> content =
        service(
            own.tls(),
            ports.members().get(number - 1),
            List.of(caller(side.attestation(), "odap.threshold.v1.ParticipantService")));
    Path data = folder.resolve(Side.memberName(number));
    content.put(
        "participant",
        ordered(
            "ledger",
            target(ports.memberLedger(side, pki.plan().adapterOf(number))),
            "signing-key",
            own.signingKey().toString(),
            "encryption-key",
            own.encryptionKey().toString(),
            "data-directory",
            data.toString(),
            "encryption",
            ordered(
                "active-key", "at-rest", "keys", List.of(key("at-rest", Side.memberName(number)))),
            "groups",
            List.of(group(false)),
            "counterparties",
            List.of(ordered("group", other.group(false))),
            // Outside the InterTrust mode nobody announces an asset in answer to a signed lock.
            "answers-only",
            pki.plan().keys() == Keys.DEALT));
    return written(Side.memberName(number), content);
  }

  /** What the attestation service is to be told to collect members' signatures. */
  Map<String, Object> quorum() {
    return ordered(
        "group",
        group(true),
        "data-directory",
        folder.resolve("quorum-data").toString(),
        "dealing-secret",
        key("dealing", "quorum"),
        "signing-timeout",
        "4s");
  }

  /** What its gateway is to know of the ledger's members. */
  Map<String, Object> forGateway() {
    Map<String, Object> quorum =
        ordered("service", target(ports.attestation(side)), "deadline", "6s");
    if (pki.plan().keys() == Keys.OWN) {
      quorum.put("key-id", KEY_ID);
    }
    return quorum;
  }

  /** What the other gateway is to know of them where it deals them keys. */
  Map<String, Object> forOthers() {
    return ordered("participants", List.of(group(false)));
  }

  private Map<String, Object> group(boolean addressed) {
    return ordered(
        "dlt-system",
        side.dltSystem(),
        "faulty-max",
        pki.plan().faultyMax(),
        "participants",
        IntStream.rangeClosed(1, pki.members().size())
            .mapToObj(number -> member(number, addressed))
            .toList());
  }

  private Map<String, Object> member(int number, boolean addressed) {
    MemberKeys keys = pki.members().get(number - 1);
    Map<String, Object> member =
        ordered(
            "identity",
            keys.identity().uri(),
            "pubkey",
            keys.signingPublicKey(),
            "encryption-key",
            keys.encryptionPublicKey());
    if (addressed) {
      RpcTarget signer = ports.member(side, number);
      member.put("address", signer.address());
    }
    return member;
  }

  private Map<String, Object> key(String id, String whose) {
    Path file = folder.resolve("pki").resolve(whose + "-" + id + ".key");
    SecretFile.make(file);
    return ordered("id", id, "file", file.toString());
  }

  private Path written(String name, Map<String, Object> content) {
    Path file = folder.resolve(name + ".yaml");
    YamlFile.write(file, content);
    return file;
  }
}
