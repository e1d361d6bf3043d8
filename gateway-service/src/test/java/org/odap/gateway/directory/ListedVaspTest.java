package org.odap.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.resource.v1.DirectoryGateway;
import org.odap.api.resource.v1.GetVaspResponse;
import org.odap.gateway.GatewayConfig.Binding;
import org.odap.gateway.directory.ListedVasp.Replica;

/** What of a directory's word is taken: each rule broken once (ARCH 6, 9.3). */
@Tag("ARCH-8")
class ListedVaspTest {
  @TempDir Path folder;
  private ListedBeta beta;

  @BeforeEach
  void list() {
    beta = new ListedBeta(folder);
  }

  @Test
  void aGatewayIsKnownWithItsBackupsAfterIt() {
    ListedVasp vasp = ListedVasp.of(beta.vasp(), now());

    assertThat(vasp.mistakes()).isEmpty();
    List<Replica> replicas = vasp.gateways().get(ListedBeta.GATEWAY);
    assertThat(replicas)
        .extracting(Replica::pubkey)
        .containsExactly(beta.key("gateway-1"), beta.key("backup-1"));
    assertThat(replicas.getFirst().target().address()).isEqualTo("primary.beta.example:7000");
    assertThat(replicas.getFirst().binding()).isEqualTo(Binding.GRPC);
    assertThat(replicas.getFirst().chain()).isEqualTo(beta.chain("gateway-1"));
    assertThat(vasp.trust().members().get(ListedBeta.GATEWAY))
        .containsExactlyInAnyOrder(beta.key("gateway-1"), beta.key("backup-1"));
    assertThat(vasp.trust().services()).containsExactly("odap.peer.v1.PeerService");
  }

  @Test
  void theEntityNeedNotBeAmongAGatewaysIssuers() {
    String all = beta.gateway().getCertificate();
    String own = all.substring(0, all.indexOf("-----BEGIN", 1));

    ListedVasp vasp = read(beta.gateway().toBuilder().setCertificate(own).setBinding("json"));

    assertThat(vasp.mistakes()).isEmpty();
    Replica replica = vasp.gateways().get(ListedBeta.GATEWAY).getFirst();
    assertThat(replica.chain()).as("evidence needs it").isEqualTo(beta.chain("gateway-1"));
    assertThat(replica.binding()).isEqualTo(Binding.JSON);
  }

  static List<Arguments> broken() {
    return List.of(
        row(
            "of another organization",
            (beta, one) -> one.setGateway("odapgw://gamma.example/gateway-1")),
        row(
            "not a gateway's identity",
            (beta, one) ->
                beta.listed("odapclient://beta.example/gateway-1.beta.example/office/bob", "bob")),
        row("expected: a URI", (beta, one) -> one.setGateway("gateway-1")),
        row("certificate: none", (beta, one) -> one.clearCertificate()),
        row("certificate: holds no", (beta, one) -> one.setCertificate("none")),
        row(
            "certificate: of odapgw://beta.example/gateway-2",
            (beta, one) ->
                beta.listed("odapgw://beta.example/gateway-2", "gateway-2")
                    .setGateway(ListedBeta.GATEWAY)),
        row("certificate: of another key", (beta, one) -> one.setPubkey(beta.backup().getPubkey())),
        row(
            "does not chain to the entity certificate of beta.example",
            (beta, one) -> beta.issuedByAnother().toBuilder()),
        row("expected: host:port", (beta, one) -> one.setEndpoint("https://beta.example")),
        row("binding", (beta, one) -> one.setBinding("soap")));
  }

  private static Arguments row(
      String why,
      BiFunction<ListedBeta, DirectoryGateway.Builder, DirectoryGateway.Builder> change) {
    return arguments(named(why, change), why);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aGatewayThatBreaksARuleIsNone(
      BiFunction<ListedBeta, DirectoryGateway.Builder, DirectoryGateway.Builder> change,
      String why) {
    ListedVasp vasp = read(change.apply(beta, beta.gateway().toBuilder()));

    assertThat(vasp.gateways()).isEmpty();
    assertThat(vasp.trust().members()).isEmpty();
    assertThat(vasp.mistakes()).singleElement().asString().contains(why);
  }

  @Test
  void aCertificateThatHasRunOutIsNone() {
    GetVaspResponse told = beta.vasp();
    long later =
        beta.chain("gateway-1").getFirst().getNotAfter().toInstant().toEpochMilli() + 1_000;
    assertThat(ListedVasp.of(told, later).gateways()).isEmpty();
  }

  @Test
  void withoutEntityCertificateNobodyIsVouchedFor() {
    ListedVasp vasp =
        ListedVasp.of(beta.vasp().toBuilder().setEntityCertificate("none").build(), now());
    assertThat(vasp.gateways()).isEmpty();
    assertThat(vasp.entity()).isEmpty();
    assertThat(vasp.mistakes()).isNotEmpty();
  }

  @Test
  void aBackupOfNobodyIsNoneAndOneOfAnotherIdentityIsAGatewayOfItsOwn() {
    assertThat(read(beta.backup().toBuilder()).gateways()).isEmpty();

    String second = "odapgw://beta.example/gateway-2";
    ListedVasp vasp =
        ListedVasp.of(
            beta.vasp().toBuilder()
                .addGateways(
                    beta.listed(second, "gateway-2")
                        .setBackup(true)
                        .setBackupOf(ListedBeta.GATEWAY))
                .build(),
            now());
    assertThat(vasp.gateways().get(second)).hasSize(1);
    assertThat(vasp.gateways().get(ListedBeta.GATEWAY))
        .extracting(Replica::pubkey)
        .doesNotContain(beta.key("gateway-2"));
  }

  private ListedVasp read(DirectoryGateway.Builder gateway) {
    return ListedVasp.of(
        beta.vasp().toBuilder().clearGateways().addGateways(gateway).build(), now());
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
