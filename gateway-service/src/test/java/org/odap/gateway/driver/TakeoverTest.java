package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Recover;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.peer.CertifiedKeys;
import org.odap.gateway.peer.Peer;
import org.odap.gateway.peer.Peers;
import org.odap.gateway.peer.ReplicaLink;
import org.odap.gateway.peer.Replicas;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.OdapException;

/**
 * A session is taken over by who has the gateway's identity, and by nobody else (recovery-01 4.2);
 * what was said before is answered after it as before. The messages here are all a true backup
 * would send; what differs is who calls. That nobody calls under another organization's identity is
 * for TLS to see to.
 */
@Timeout(30)
class TakeoverTest {
  private static final String STRANGER = "odapgw://gamma.example/gateway-1";
  private static final Signer OTHER = SampleOrder.newSigner();

  @TempDir Path folder;
  private final FakeLogService service = new FakeLogService();
  private final String session = SampleOrder.newSession();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<TransferDriver> started = Optional.empty();

  @AfterEach
  void stop() throws InterruptedException {
    if (started.isPresent()) {
      started.get().stop(Duration.ofSeconds(5));
    }
    service.close();
    calls.close();
  }

  private TransferDriver driver(String identity, Signer signer) throws InterruptedException {
    Peers peers =
        new Peers(List.of(peer(SampleOrder.SENDER), peer(SampleOrder.RECIPIENT), peer(STRANGER)));
    TransferDriver driver = SampleDriver.of(identity, signer, service, peers, new Agreeable());
    driver.start();
    started = Optional.of(driver);
    return driver;
  }

  /** A peer that is known and does not run. */
  private Peer peer(String identity) {
    Identity named = new Identity(identity);
    Path certificate =
        DevelopmentPki.create(folder.resolve(named.organization()), named.organization())
            .issue(named, "gateway", List.of())
            .certificate();
    Replicas.Replica none =
        new Replicas.Replica(
            OTHER.publicKey(),
            ReplicaLink.overGrpc(
                NettyChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build()));
    return new Peer(
        identity,
        new CertifiedKeys(List.of(Pem.certificates(certificate))),
        new Replicas(List.of(none)));
  }

  @Test
  @Tag("2PC-7")
  void sendersSessionIsTakenOverByTheRecipientsIdentityAlone() throws InterruptedException {
    TransferDriver sender = driver(SampleOrder.SENDER, SampleOrder.SIGNER);
    Transfer ordered = sender.order(SampleOrder.order(), session, SampleOrder.RECIPIENT);
    Transfer recipient = agreed(sent(ordered, MessageType.INITIALIZATION_REQUEST));

    assertOnlyTakenOverBy(
        SampleOrder.RECIPIENT,
        sender,
        Role.SENDER,
        takeover(recipient),
        ErrorReason.ERROR_REASON_SESSION_UNKNOWN);
  }

  @Test
  @Tag("2PC-7")
  void recipientsSessionIsTakenOverByTheSendersIdentityAlone() throws InterruptedException {
    TransferDriver recipient = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    Transfer sender = ordered();
    String key = SampleOrder.SIGNER.publicKey();
    var _ =
        recipient.receive(
            sent(sender, MessageType.INITIALIZATION_REQUEST), SampleOrder.SENDER, key);

    assertOnlyTakenOverBy(
        SampleOrder.SENDER,
        recipient,
        Role.RECIPIENT,
        takeover(sender),
        ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
  }

  @Test
  @Tag("2PC-7")
  void recipientsBackupAnswersARepeatedProposalAsItsPrimaryDid() throws InterruptedException {
    OdapMessage proposal = sent(ordered(), MessageType.INITIALIZATION_REQUEST);
    Transfer agreed = agreed(proposal);
    TransferDriver backup = driver(SampleOrder.RECIPIENT, OTHER);
    service.await("watch", 1);
    service.leave(Role.RECIPIENT.logId(session), agreed.entries());
    SampleDriver.awaitTakenUp(backup, agreed.entries().size());

    OdapMessage answer =
        backup.receive(proposal, SampleOrder.SENDER, SampleOrder.SIGNER.publicKey());

    assertThat(answer).isEqualTo(agreed.answer(proposal).orElseThrow());
  }

  @Test
  @Tag("2PC-7")
  void sendersBackupMayRepeatItsPrimarysProposal() throws InterruptedException {
    TransferDriver recipient = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    Transfer sender = ordered();
    OdapMessage proposal = sent(sender, MessageType.INITIALIZATION_REQUEST);
    OdapMessage first =
        recipient.receive(proposal, SampleOrder.SENDER, SampleOrder.SIGNER.publicKey());
    var _ = recipient.receive(takeover(sender), SampleOrder.SENDER, OTHER.publicKey());

    assertThat(recipient.receive(proposal, SampleOrder.SENDER, OTHER.publicKey())).isEqualTo(first);
    assertThat(refusalOf(recipient, proposal, STRANGER, OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
  }

  /** The replica that took the order is gone before the peer has heard of it. */
  @Test
  @Tag("2PC-7")
  void sendersBackupMayBringWhatItsPrimaryProposed() throws InterruptedException {
    TransferDriver recipient = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    Signer primary = certified(SampleOrder.SENDER);
    OdapMessage proposal = proposed(primary);

    OdapMessage answer = recipient.receive(proposal, SampleOrder.SENDER, OTHER.publicKey());

    assertThat(answer.type()).isEqualTo(MessageType.INITIALIZATION_RESPONSE);
    assertThat(recipient.receive(proposal, SampleOrder.SENDER, primary.publicKey()))
        .isEqualTo(answer);
    assertThat(refusalOf(recipient, proposal, STRANGER, OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
  }

  @Test
  @Tag("2PC-7")
  void nobodyBringsWhatAKeyThatNoCertificateVouchesForProposed() throws InterruptedException {
    TransferDriver recipient = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    OdapMessage proposal = sent(ordered(), MessageType.INITIALIZATION_REQUEST);

    assertThat(refusalOf(recipient, proposal, SampleOrder.SENDER, OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_KEY_WRONG);
  }

  /** It was stopped for a while, say; what it remembers is no ground for a refusal. */
  @Test
  @Tag("2PC-7")
  void replicaThatWasReplacedRefusesNothing() throws InterruptedException {
    TransferDriver replaced = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    OdapMessage proposal = sent(ordered(), MessageType.INITIALIZATION_REQUEST);
    var _ = replaced.receive(proposal, SampleOrder.SENDER, SampleOrder.SIGNER.publicKey());
    assertThat(refusalOf(replaced, proposal, SampleOrder.SENDER, OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);

    String logId = Role.RECIPIENT.logId(session);
    Transfer left = folded(service.entries(logId));
    service.keepElsewhere(
        logId, after(left, new Input.Recovered(), SampleOrder.newSigner()).entries());

    assertThat(refusalOf(replaced, proposal, SampleOrder.SENDER, OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  /** The replica that the proposal names is gone before it took it. */
  @Test
  @Tag("2PC-7")
  void recipientsBackupTakesWhatWasProposedToItsPrimary() throws InterruptedException {
    TransferDriver backup = driver(SampleOrder.RECIPIENT, OTHER);
    OdapMessage proposal = proposed(SampleOrder.SIGNER, certified(SampleOrder.RECIPIENT));
    Future<OdapMessage> answer =
        calls.submit(
            () -> backup.receive(proposal, SampleOrder.SENDER, SampleOrder.SIGNER.publicKey()));
    SampleDriver.awaitTakenUp(backup, 0);

    List<LogEntry> entries = service.entries(Role.RECIPIENT.logId(session));
    assertThat(entries)
        .extracting(entry -> entry.getPayload().getMessage())
        .containsExactly("exec-validate", "init-recover", "done-validate", "ack-validate");
    assertThat(answer).as("nobody has heard of this replica yet").isNotDone();

    assertThat(sent(folded(entries), MessageType.RECOVER).as(Recover.class).getBackup()).isTrue();
  }

  @Test
  @Tag("2PC-7")
  void nobodyTakesWhatWasProposedToAStrangersKey() throws InterruptedException {
    TransferDriver recipient = driver(SampleOrder.RECIPIENT, SampleOrder.PEER);
    OdapMessage proposal = proposed(SampleOrder.SIGNER, OTHER);

    assertThat(refusalOf(recipient, proposal, SampleOrder.SENDER, SampleOrder.SIGNER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_KEY_WRONG);
    assertThat(service.entries(Role.RECIPIENT.logId(session))).isEmpty();
  }

  /** The recipient's transfer that its log tells of. */
  private static Transfer folded(List<LogEntry> entries) {
    Transfer folded = Transfer.unopened(Role.RECIPIENT, LogFrame.of(entries.getFirst()));
    for (LogEntry entry : entries) {
      folded = TransferMachine.apply(folded, entry);
    }
    return folded;
  }

  /** The key that a peer's certificate vouches for. */
  private Signer certified(String identity) {
    Path files = folder.resolve(new Identity(identity).organization());
    SigningKey key =
        SigningKey.of(
            Pem.privateKey(files.resolve("gateway-key.pem")),
            Pem.certificates(files.resolve("gateway.pem")).getFirst().getPublicKey());
    return SampleOrder.signer(key);
  }

  /** The proposal of a replica with that key to the usual one. */
  private OdapMessage proposed(Signer replica) {
    return proposed(replica, SampleOrder.PEER);
  }

  private OdapMessage proposed(Signer replica, Signer to) {
    Input.Order order = SampleOrder.order();
    InitializationRequest terms =
        order.terms().toBuilder()
            .setSourceGatewayPubkey(replica.publicKey())
            .setRecipientGatewayPubkey(to.publicKey())
            .build();
    Transfer transfer =
        after(
            Transfer.unopened(
                Role.SENDER,
                LogFrame.of(terms, session, SampleOrder.SENDER, SampleOrder.RECIPIENT)),
            new Input.Order(order.order(), terms),
            replica);
    return sent(transfer, MessageType.INITIALIZATION_REQUEST);
  }

  private Transfer ordered() {
    return after(
        Transfer.unopened(Role.SENDER, SampleOrder.frame(session)),
        SampleOrder.order(),
        SampleOrder.SIGNER);
  }

  private Transfer agreed(OdapMessage proposal) {
    return after(
        Transfer.unopened(Role.RECIPIENT, SampleOrder.frame(session)),
        new Input.Received(proposal, SampleOrder.SIGNER.publicKey()),
        SampleOrder.PEER);
  }

  private void assertOnlyTakenOverBy(
      String identity, TransferDriver driver, Role role, OdapMessage recover, ErrorReason refusal) {
    String logId = role.logId(session);
    List<LogEntry> before = service.entries(logId);

    assertThat(refusalOf(driver, recover, STRANGER, OTHER.publicKey())).isEqualTo(refusal);
    assertThat(refusalOf(driver, recover, "odapgw://delta.example/gateway-1", OTHER.publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_PEER_UNKNOWN);
    // Overheard, and sent by a gateway of the right name with a key that it was not made with.
    assertThat(refusalOf(driver, recover, identity, SampleOrder.newSigner().publicKey()))
        .isEqualTo(ErrorReason.ERROR_REASON_SESSION_NOT_YOURS);
    assertThat(service.entries(logId)).isEqualTo(before);

    OdapMessage answer = driver.receive(recover, identity, OTHER.publicKey());
    assertThat(answer.type()).isEqualTo(MessageType.RECOVER_UPDATE);
    assertThat(service.entries(logId)).hasSizeGreaterThan(before.size());
  }

  private static ErrorReason refusalOf(
      TransferDriver driver, OdapMessage message, String identity, String pubkey) {
    return catchThrowableOfType(
            OdapException.class, () -> driver.receive(message, identity, pubkey))
        .reason();
  }

  /** What a replica with another key says when it takes a transfer over. */
  private static OdapMessage takeover(Transfer transfer) {
    OdapMessage recover = sent(after(transfer, new Input.Recovered(), OTHER), MessageType.RECOVER);
    assertThat(recover.as(Recover.class).getBackup()).isTrue();
    return recover;
  }

  private static Transfer after(Transfer transfer, Input input, Signer signer) {
    GatewaySetting setting =
        new GatewaySetting(signer, SampleOrder.setting().timing(), new Agreeable());
    Step step = TransferMachine.decide(transfer, input, setting, System.currentTimeMillis());
    if (step instanceof Step.Accepted accepted) {
      return accepted.transfer();
    }
    throw new IllegalStateException("not taken: " + step);
  }

  private static OdapMessage sent(Transfer transfer, MessageType type) {
    return TransferMachine.pending(transfer).stream()
        .filter(Effect.SendRequest.class::isInstance)
        .map(effect -> ((Effect.SendRequest) effect).request())
        .filter(request -> request.type() == type)
        .findFirst()
        .orElseThrow();
  }

  /** Takes every proposal. */
  private static final class Agreeable implements InitiationPolicy {
    @Override
    public Verdict judge(InitializationRequest proposal, String peer, long now) {
      return new Agree(
          proposal.getAsset(), "bob", "", "ES256", LoggingProfile.LOGGING_PROFILE_LOCAL_STORE);
    }

    @Override
    public Optional<InitializationRequest> nextRound(
        InitializationRequest proposal, InitializationDenied denied, long now) {
      return Optional.empty();
    }
  }
}
