package org.odap.ledger.fabric.network;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.Checkpoint;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmitException;
import org.odap.runtime.rpc.PromptReconnect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel of a Fabric network, through one peer's Gateway service. Every call has a deadline, and
 * ends before its caller's.
 *
 * <p>Owns the connection: {@link #reloadIfChanged} takes over renewed certificates and keys; calls
 * from then on use them, those under way end with the old ones.
 */
public final class Peer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(2);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(20);

  /** Streams of events are reopened at their end: a subscriber that is gone must not keep one. */
  private static final Duration EVENTS_TIMEOUT = Duration.ofSeconds(30);

  /** What goes on over an old connection has this long to end. */
  private static final Duration OLD_CONNECTION_LIMIT = Duration.ofMinutes(1);

  private final PeerConfig config;
  private final String channelName;
  private final List<String> endorsingOrganizations;
  private final IdentityFiles identityFiles;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Connection connection;
  private Map<Path, FileTime> identityStamps;
  private Map<Path, FileTime> tlsStamps;

  private record Connection(ManagedChannel channel, Credentials credentials, Gateway gateway) {}

  /**
   * Reads the files; connects at the first call.
   *
   * @param endorsingOrganizations MSP ids of those that have to endorse; empty = as the peer finds
   *     by the chaincode's policy
   * @throws PeerException naming the file that is wrong
   */
  public Peer(
      PeerConfig config,
      String channelName,
      List<String> endorsingOrganizations,
      IdentityFiles identityFiles) {
    this.config = config;
    this.channelName = channelName;
    this.endorsingOrganizations = List.copyOf(endorsingOrganizations);
    this.identityFiles = identityFiles;
    this.identityStamps = Credentials.stamps(identityPaths());
    this.tlsStamps = Credentials.stamps(tlsPaths());
    this.connection = connect(open(), Credentials.read(identityFiles));
  }

  /** Name of the channel. */
  public String channelName() {
    return channelName;
  }

  /** MSP ids of those that have to endorse; empty = as the peer finds. */
  public List<String> endorsingOrganizations() {
    return endorsingOrganizations;
  }

  /** Our MSP's id. */
  public String mspId() {
    return connection.credentials().identity().getMspId();
  }

  /** How long to wait for a transaction's block before it is handed in again. */
  public Duration commitTimeout() {
    return config.commitTimeout();
  }

  /** Runs a function without writing anything. */
  public byte[] evaluate(Invocation invocation) throws GatewayException {
    return proposed(invocation).build().evaluate(within(config.evaluateTimeout()));
  }

  /** Has a transaction simulated and endorsed; nothing is written yet. */
  public Endorsed endorse(Invocation invocation) throws EndorseException {
    // Questions are left to the nearest peer; what is written needs those that the policy names.
    return endorse(
        proposed(invocation)
            .setEndorsingOrganizations(endorsingOrganizations.toArray(String[]::new))
            .build());
  }

  /** Has a proposal made elsewhere endorsed: signed by us, unless it is signed already. */
  public Endorsed endorse(Proposal proposal) throws EndorseException {
    return new Endorsed(proposal.endorse(within(config.endorseTimeout())));
  }

  /** A proposal of ours that was put together elsewhere. */
  public Proposal proposal(byte[] bytes) {
    return connection.gateway().newProposal(bytes);
  }

  /** A proposal that somebody else signed. */
  public Proposal signedProposal(byte[] bytes, byte[] signature) {
    return connection.gateway().newSignedProposal(bytes, signature);
  }

  /** Hands a transaction to the orderer; the same one again does no harm. */
  public void submit(Endorsed endorsed) throws SubmitException {
    var _ = endorsed.transaction().submitAsync(within(config.submitTimeout()));
  }

  /** A transaction that somebody else signed. */
  public Endorsed signedTransaction(byte[] bytes, byte[] signature) {
    return new Endorsed(connection.gateway().newSignedTransaction(bytes, signature));
  }

  /** How a transaction stands; waits at most so long for its block. */
  public Status status(String transactionId, Duration atMost) throws CommitStatusException {
    byte[] request =
        Requests.commitStatus(channelName, transactionId, connection.credentials().identity());
    return connection.gateway().newCommit(request).getStatus(within(atMost));
  }

  /** Events of a chaincode from a block on, or after a transaction in it. Ends after a while. */
  public CloseableIterator<ChaincodeEvent> events(String chaincode, Checkpoint after) {
    return connection
        .gateway()
        .getNetwork(channelName)
        .newChaincodeEventsRequest(chaincode)
        .checkpoint(after)
        .build()
        .getEvents(within(EVENTS_TIMEOUT));
  }

  /** A question to the peer. */
  public interface Question<T> {
    /** Asks. */
    T ask() throws GatewayException;
  }

  /** The answer to a question; a chaincode's refusal of it is its caller's to read. */
  public <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (GatewayException e) {
      throw Failures.of(e).exception(e);
    }
  }

  /** Our identity as it stands in a signature header. */
  public byte[] creator() {
    return Requests.creator(connection.credentials().identity()).toByteArray();
  }

  /**
   * Takes over changed files; wrong ones are logged, and what was before stays in force.
   *
   * @return whether something new is in force
   */
  public synchronized boolean reloadIfChanged() {
    Map<Path, FileTime> identityNow = Credentials.stamps(identityPaths());
    Map<Path, FileTime> tlsNow = Credentials.stamps(tlsPaths());
    boolean isTlsChanged = !tlsNow.equals(tlsStamps);
    if (identityNow.equals(identityStamps) && !isTlsChanged) {
      return false;
    }
    try {
      Credentials credentials = Credentials.read(identityFiles);
      Connection old = connection;
      connection = connect(isTlsChanged ? open() : old.channel(), credentials);
      identityStamps = identityNow;
      tlsStamps = tlsNow;
      if (isTlsChanged) {
        retire(old.channel());
      }
      log.atInfo()
          .addKeyValue("msp_id", identityFiles.mspId())
          .addKeyValue("not_after", credentials.certificate().getNotAfter().toInstant())
          .log("Fabric identity and TLS material reloaded");
      return true;
    } catch (PeerException e) {
      // Stamps stay old: half-written files are tried again at the next call.
      log.atError().addKeyValue("cause", e.getMessage()).log("changed Fabric identity not usable");
      return false;
    }
  }

  @Override
  public void close() {
    connection.gateway().close();
    connection.channel().shutdownNow();
    executor.shutdown();
  }

  private Proposal.Builder proposed(Invocation invocation) {
    return connection
        .gateway()
        .getNetwork(channelName)
        .getContract(invocation.chaincode())
        .newProposal(invocation.function())
        .addArguments(invocation.argumentBytes());
  }

  /** The sooner of this and the caller's own deadline, which gRPC adds. */
  private static UnaryOperator<CallOptions> within(Duration time) {
    return options -> options.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Connection connect(ManagedChannel channel, Credentials credentials) {
    Gateway gateway =
        Gateway.newInstance()
            .identity(credentials.identity())
            .signer(credentials.signer())
            .hash(Hash.SHA256)
            .connection(channel)
            .connect();
    return new Connection(channel, credentials, gateway);
  }

  private ManagedChannel open() {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(config.address())
            .executor(executor)
            .maxInboundMessageSize(config.messageBytesMax())
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    try {
      SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(config.trusted().toFile());
      if (config.certificate().isPresent() && config.key().isPresent()) {
        tls.keyManager(config.certificate().get().toFile(), config.key().get().toFile());
      }
      builder.sslContext(tls.build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new PeerException("peer: " + tlsPaths() + ": can't be used (expected: PEM)", e);
    }
    config.serverName().ifPresent(builder::overrideAuthority);
    return PromptReconnect.watch(builder.build(), RECONNECT);
  }

  private void retire(ManagedChannel old) {
    old.shutdown();
    executor.execute(() -> {
      try {
        boolean _ = old.awaitTermination(OLD_CONNECTION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      old.shutdownNow();
    });
  }

  private List<Path> identityPaths() {
    return List.of(identityFiles.certificate(), identityFiles.key());
  }

  private List<Path> tlsPaths() {
    List<Path> paths = new ArrayList<>(List.of(config.trusted()));
    config.certificate().ifPresent(paths::add);
    config.key().ifPresent(paths::add);
    return paths;
  }
}
