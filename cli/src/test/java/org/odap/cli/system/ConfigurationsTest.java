package org.odap.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.cli.system.Configurations.LogNodes;
import org.odap.cli.system.Configurations.Ports;

class ConfigurationsTest {
  private static final Side ALPHA = new Side("alpha", LedgerKind.ETHEREUM);
  private static final Side BETA = new Side("beta", LedgerKind.SQL);
  private static final Ports PORTS =
      new Ports(List.of(7001, 7004), 7002, List.of(7003, 7005), List.of(7006, 7007), 7008);

  @TempDir private Path folder;

  private static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  @Test
  @Tag("CARD-3")
  void eachServiceKnowsExactlyThoseWhoMustCallIt() throws IOException {
    SystemPki alpha = SystemPki.make(folder, ALPHA, BETA, 1);
    SystemPki beta = SystemPki.make(folder, BETA, ALPHA, 1);
    Configurations files = new Configurations(folder, BETA, beta, PORTS);

    assertThat(yaml(files.log(0)).at("/server/callers").findValuesAsText("identity"))
        .containsExactly("odapgw://beta.example/gateway-1");
    assertThat(
            yaml(files.sqlLedger(0, "jdbc:h2:mem:x"))
                .at("/server/callers")
                .findValuesAsText("identity"))
        .containsExactly(
            "odapgw://beta.example/gateway-1",
            "odapclient://beta.example/gateway-1.beta.example/finance/treasury");
    JsonNode gateway = yaml(files.gateway(0, AssetNames.GIVEN, ALPHA, alpha, PORTS));
    assertThat(gateway.at("/server/callers").findValuesAsText("identity"))
        .containsExactly(
            "odapclient://beta.example/gateway-1.beta.example/finance/treasury",
            "odapgw://alpha.example/gateway-1");
    assertThat(gateway.at("/server/callers/1/services").toString())
        .isEqualTo("[\"odap.peer.v1.PeerService\"]");
    assertThat(gateway.at("/tls/trusted").findValuesAsText("organization"))
        .containsExactly("beta.example", "alpha.example");
    assertThat(yaml(files.log(0)).at("/tls/trusted").findValuesAsText("organization"))
        .containsExactly("beta.example");
  }

  @Test
  @Tag("2PC-7")
  void aBackupListensElsewhereAndItsPeersKnowIt() throws IOException {
    SystemPki alpha = SystemPki.make(folder, ALPHA, BETA, 1);
    SystemPki beta = SystemPki.make(folder, BETA, ALPHA, 1);
    Configurations files = new Configurations(folder, BETA, beta, PORTS);

    JsonNode backup = yaml(files.gateway(1, AssetNames.GIVEN, ALPHA, alpha, PORTS));

    assertThat(backup.at("/server/port").asInt()).isEqualTo(7004);
    assertThat(backup.at("/replicas/0").asText())
        .isEqualTo(beta.gateways().getFirst().certificate().toString());
    assertThat(backup.at("/replicas")).hasSize(1);
    assertThat(backup.at("/peers/0/backups/0/address").asText()).isEqualTo("127.0.0.1:7004");
    assertThat(backup.at("/peers/0/backups/0/certificate").asText())
        .isEqualTo(alpha.gateways().getLast().certificate().toString());
  }

  @Test
  @Tag("OURS-8")
  void replicasAreNamedTogetherToThoseWhoCallThemInTurn() throws IOException {
    SystemPki alpha = SystemPki.make(folder, ALPHA, BETA, 1);
    SystemPki beta = SystemPki.make(folder, BETA, ALPHA, 1);
    Configurations files = new Configurations(folder, BETA, beta, PORTS);

    JsonNode gateway = yaml(files.gateway(0, AssetNames.GIVEN, ALPHA, alpha, PORTS));

    assertThat(gateway.at("/ledgers/0/adapter/address").asText())
        .isEqualTo("127.0.0.1:7003,127.0.0.1:7005");
    assertThat(yaml(files.clientProfileOfAll()).at("/gateway/address").asText())
        .isEqualTo("127.0.0.1:7001,127.0.0.1:7004");
  }

  @Test
  @Tag("CARD-6")
  void aReplicaOfAnAdapterSignsWithAnAccountOfItsOwn() throws IOException {
    Configurations files = new Configurations(folder, ALPHA, SystemPki.alone(folder, ALPHA), PORTS);
    ChainAccounts chain =
        new ChainAccounts(
            31_337,
            "0x12",
            1,
            new AssetNames("0x13", "0x14"),
            "0x15",
            List.of("adapter.key", "adapter-2.key"));

    Path first = files.ethereumLedger(0, "http://x", chain);
    Path second = files.ethereumLedger(1, "http://x", chain);

    assertThat(yaml(first).path("account-key-file").asText()).isEqualTo("adapter.key");
    assertThat(yaml(second).path("account-key-file").asText()).isEqualTo("adapter-2.key");
    assertThat(yaml(first).at("/server/port").asInt()).isEqualTo(7003);
    assertThat(yaml(second).at("/server/port").asInt()).isEqualTo(7005);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  @Tag("IT-3")
  void membersAskTheirLedgerAndNothingElseAndAnswerWhoCollects() throws IOException {
    MembersPlan plan = new MembersPlan(4, 1, MembersPlan.Keys.OWN, 2);
    Ports ports =
        new Ports(
            List.of(7001),
            7002,
            List.of(7003, 7004, 7005),
            List.of(7006),
            7007,
            7008,
            List.of(7011, 7012, 7013, 7014),
            LogNodes.ALONE);
    SystemPki alpha = SystemPki.make(folder, ALPHA, BETA, 0, Optional.of(plan));
    SystemPki beta = SystemPki.make(folder, BETA, ALPHA, 0, Optional.of(plan));
    Configurations files = new Configurations(folder, BETA, beta, ports);
    MemberConfigurations members = files.members().orElseThrow();
    MemberConfigurations others =
        new Configurations(folder, ALPHA, alpha, ports).members().orElseThrow();

    JsonNode adapter = yaml(files.sqlLedger(1, "jdbc:h2:mem:x"));
    JsonNode first = yaml(members.signer(1, others));
    JsonNode fourth = yaml(members.signer(4, others));
    JsonNode collector = yaml(files.attestation(Map.of("quorum", members.quorum())));

    assertThat(adapter.at("/server/callers").findValuesAsText("identity"))
        .containsExactly(
            "odapparticipant://beta.example/member-1", "odapparticipant://beta.example/member-3");
    assertThat(adapter.at("/server/callers/0/services").toString())
        .isEqualTo("[\"odap.ledger.v1.LedgerService/GetStep\"]");
    assertThat(first.at("/participant/ledger/address").asText()).isEqualTo("127.0.0.1:7004");
    assertThat(fourth.at("/participant/ledger/address").asText()).isEqualTo("127.0.0.1:7005");
    assertThat(first.at("/server/callers").findValuesAsText("identity"))
        .containsExactly("odapattestation://beta.example/attestation");
    assertThat(first.at("/participant/signing-key"))
        .isNotEqualTo(fourth.at("/participant/signing-key"));
    assertThat(fourth.at("/participant/groups")).isEqualTo(first.at("/participant/groups"));
    assertThat(collector.at("/quorum/group/participants").findValuesAsText("pubkey"))
        .isEqualTo(first.at("/participant/groups").findValuesAsText("pubkey"));
    assertThat(collector.at("/quorum/group/participants").findValuesAsText("address"))
        .containsExactly("127.0.0.1:7011", "127.0.0.1:7012", "127.0.0.1:7013", "127.0.0.1:7014");
    assertThat(yaml(files.sqlLedger(0, "jdbc:h2:mem:x")).at("/server/callers")).hasSize(2);
  }

  @Test
  @Tag("ARCH-2")
  void aGatewayKnowsWhoAttestsAndWhomItAsks() throws IOException {
    SystemPki alpha = SystemPki.make(folder, ALPHA, BETA, 0);
    SystemPki beta = SystemPki.make(folder, BETA, ALPHA, 0);
    Ports ports =
        new Ports(
            List.of(7001),
            7002,
            List.of(7003),
            List.of(7006),
            7007,
            7008,
            List.of(),
            LogNodes.ALONE);
    Configurations asking = new Configurations(folder, BETA, beta, ports, Attesting.PREFERRED);

    JsonNode gateway = yaml(asking.gateway(0, AssetNames.GIVEN, ALPHA, alpha, ports));
    JsonNode service = yaml(asking.attestation(Map.of()));
    JsonNode unasked =
        yaml(
            new Configurations(folder, BETA, beta, ports)
                .gateway(0, AssetNames.GIVEN, ALPHA, alpha, ports));

    assertThat(gateway.at("/peers/0/attestation").asText()).isEqualTo("preferred");
    assertThat(gateway.at("/attestation/service/address").asText()).isEqualTo("127.0.0.1:7008");
    assertThat(gateway.at("/attestation/service/identity").asText())
        .isEqualTo("odapattestation://beta.example/attestation");
    assertThat(service.at("/server/callers/0/identity").asText())
        .isEqualTo("odapgw://beta.example/gateway-1");
    assertThat(unasked.at("/peers/0/attestation").asText()).isEqualTo("off");
    assertThat(unasked.has("attestation")).isFalse();
  }

  @Test
  void anAddressStaysAText() throws IOException {
    SystemPki pki = SystemPki.make(folder, ALPHA, BETA, 1);
    ChainAccounts chain =
        new ChainAccounts(
            31_337, "0x12", 1, new AssetNames("0x13", "0x14"), "0x15", List.of("adapter.key"));
    JsonNode ledger =
        yaml(new Configurations(folder, ALPHA, pki, PORTS).ethereumLedger(0, "http://x", chain));

    assertThat(ledger.path("escrow").isTextual()).isTrue();
    assertThat(ledger.path("escrow").asText()).isEqualTo("0x12");
    assertThat(ledger.path("chain-id").asLong()).isEqualTo(31_337);
  }
}
