package org.odap.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.ledger.fabric.development.membership.CertificateAuthority;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Failure.Kind;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.network.PeerConfig;
import org.odap.runtime.identity.Pem;

/**
 * How a network fails that can be made to without touching its nodes, asked of the network itself:
 * what is read from its answers rests on their words, which a release may change.
 */
@Tag("CARD-6")
abstract class FailureRows {
  @TempDir Path folder;
  private IdentityFiles identity;

  /** The network to ask. */
  protected abstract NetworkFile network();

  @BeforeEach
  void enroll() {
    identity = network().enroll(folder, "rows-" + UUID.randomUUID(), "client", "odap.admin");
  }

  private Peer peer() {
    return peer(network().peer(), network().channel(), List.of(), identity);
  }

  private static Peer peer(
      PeerConfig config, String channel, List<String> endorsers, IdentityFiles as) {
    return new Peer(config, channel, endorsers, as);
  }

  private Invocation call(String function, String... arguments) {
    return Invocation.of(network().chaincode(), function, arguments);
  }

  private Invocation defineClass() {
    return call("DefineClass", "rows-" + UUID.randomUUID(), "UNIQUE");
  }

  private static Kind kindOf(ThrowingCallable call) {
    return Failures.of(catchThrowableOfType(GatewayException.class, call)).kind();
  }

  @Test
  void aChaincodesRefusalIsItsOwnWords() {
    try (Peer peer = peer()) {
      Invocation refused = call("DefineClass", "Not A Class", "UNIQUE");
      GatewayException evaluated =
          catchThrowableOfType(GatewayException.class, () -> peer.evaluate(refused));
      EndorseException endorsed =
          catchThrowableOfType(EndorseException.class, () -> peer.endorse(refused));
      assertThat(Failures.of(evaluated)).isEqualTo(Failures.of(endorsed));
      assertThat(Failures.of(endorsed).kind()).isEqualTo(Kind.REFUSED);
      assertThat(Failures.of(endorsed).words()).startsWith("FIELD_INVALID: ");
      assertThat(kindOf(() -> peer.endorse(call("Nothing")))).isEqualTo(Kind.REFUSED);
      assertThat(kindOf(() -> peer.endorse(call("DefineClass")))).isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void anIdentityThatTheNetworkDoesNotKnowIsPermanent() throws IOException {
    Path foreign = folder.resolve("foreign");
    CertificateAuthority authority =
        CertificateAuthority.create(foreign, network().mspId(), "another authority");
    authority.issueIdentity(foreign, network().mspId(), "client", "nobody", Optional.empty());
    IdentityFiles nobody =
        new IdentityFiles(
            network().mspId(), foreign.resolve("signcerts"), foreign.resolve("keystore"));
    try (Peer peer = peer(network().peer(), network().channel(), List.of(), nobody)) {
      assertThat(kindOf(() -> peer.endorse(defineClass()))).isEqualTo(Kind.PERMANENT);
    }
  }

  @Test
  void anUnknownChaincodeChannelOrOrganizationIsPermanent() {
    try (Peer peer = peer();
        Peer elsewhere = peer(network().peer(), "no-such-channel", List.of(), identity);
        Peer demanding =
            peer(network().peer(), network().channel(), List.of("NobodyMSP"), identity)) {
      assertThat(kindOf(() -> peer.endorse(Invocation.of("no-such-chaincode", "x"))))
          .isEqualTo(Kind.PERMANENT);
      assertThat(kindOf(() -> elsewhere.endorse(defineClass()))).isEqualTo(Kind.PERMANENT);
      assertThat(kindOf(() -> demanding.endorse(defineClass()))).isEqualTo(Kind.PERMANENT);
    }
  }

  @Test
  void ofTransactionsThatMeetOneIsValidAndTheOthersAreTriedAgain() throws Exception {
    try (Peer peer = peer();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Invocation same = defineClass();
      List<Endorsed> endorsed = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        endorsed.add(peer.endorse(same));
      }
      List<Callable<TxValidationCode>> submissions = new ArrayList<>();
      for (Endorsed transaction : endorsed) {
        submissions.add(() -> {
          peer.submit(transaction);
          return peer.status(transaction.transactionId(), Duration.ofSeconds(20)).getCode();
        });
      }
      List<TxValidationCode> codes = new ArrayList<>();
      for (Future<TxValidationCode> code : threads.invokeAll(submissions)) {
        codes.add(code.get());
      }
      assertThat(codes).filteredOn(code -> code == TxValidationCode.VALID).hasSize(1);
      assertThat(codes)
          .filteredOn(code -> code != TxValidationCode.VALID)
          .allSatisfy(code -> assertThat(Failures.of(code).kind()).isEqualTo(Kind.TRY_AGAIN));
    }
  }

  @Test
  void theSameBytesTwiceCountOnce() throws Exception {
    try (Peer peer = peer()) {
      Endorsed endorsed = peer.endorse(defineClass());
      peer.submit(endorsed);
      long block = blockOf(peer, endorsed);
      peer.submit(endorsed);
      // The second is in a later block by the time that one is valid.
      Endorsed after = peer.endorse(defineClass());
      peer.submit(after);
      assertThat(blockOf(peer, after)).isGreaterThan(block);
      assertThat(blockOf(peer, endorsed)).isEqualTo(block);
    }
  }

  private static long blockOf(Peer peer, Endorsed endorsed) throws CommitStatusException {
    var status = peer.status(endorsed.transactionId(), Duration.ofSeconds(20));
    assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
    return status.getBlockNumber();
  }

  @Test
  void theStatusOfATransactionThatWasNeverOrderedIsUnknownAtTheDeadline() throws Exception {
    try (Peer peer = peer()) {
      String id = peer.endorse(defineClass()).transactionId();
      assertThat(kindOf(() -> peer.status(id, Duration.ofMillis(500)))).isEqualTo(Kind.UNKNOWN);
    }
  }

  @Test
  void whoSpeaksForThePeerIsToldFromAPeerThatIsDown() throws IOException {
    CertificateAuthority other =
        CertificateAuthority.create(folder.resolve("tls"), "NobodyMSP", "another TLS authority");
    Path trusted = folder.resolve("other-tls.pem");
    Files.writeString(trusted, Pem.text(other.certificate()));
    PeerConfig known = network().peer();
    try (Peer mistrusting =
            peer(with(known, known.address(), trusted), network().channel(), List.of(), identity);
        Peer nobody =
            peer(
                with(known, "127.0.0.1:1", known.trusted()),
                network().channel(),
                List.of(),
                identity)) {
      assertThat(kindOf(() -> mistrusting.evaluate(call("GetTime")))).isEqualTo(Kind.PERMANENT);
      assertThat(kindOf(() -> nobody.evaluate(call("GetTime")))).isEqualTo(Kind.TRY_AGAIN);
    }
  }

  private static PeerConfig with(PeerConfig known, String address, Path trusted) {
    return new PeerConfig(
        address,
        trusted,
        known.serverName(),
        known.certificate(),
        known.key(),
        known.evaluateTimeout(),
        known.endorseTimeout(),
        known.submitTimeout(),
        known.commitTimeout(),
        known.messageBytesMax());
  }
}
