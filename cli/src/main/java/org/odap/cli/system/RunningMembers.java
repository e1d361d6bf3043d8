package org.odap.cli.system;

import static org.odap.cli.system.YamlFile.ordered;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.DescribeQuorumRequest;
import org.odap.api.threshold.v1.GenerateKeyRequest;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumServiceGrpc;
import org.odap.api.threshold.v1.QuorumServiceGrpc.QuorumServiceBlockingStub;
import org.odap.api.threshold.v1.Statement;
import org.odap.cli.system.Configurations.Ports;
import org.odap.cli.system.MembersPlan.Keys;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/**
 * The members of a ledger (IT), each a process with its own keys and store, by number from 1, and
 * the attestation service, which collects their signatures. Any of them may crash, come back, or be
 * replaced by one that lies.
 *
 * <p>Mutable: their key, once they have made it.
 */
public final class RunningMembers {
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  static final String MODULE = "attestation-service";
  private static final String LIAR = "org.odap.attestation.development.LyingParticipant";

  private final Side side;
  private final MembersPlan plan;
  private final Machine machine;
  private final MemberConfigurations files;
  private final List<Path> signers;
  private final List<Path> adapters;
  private final SystemPki pki;
  private final Ports ports;
  private volatile Optional<String> publicKey = Optional.empty();

  /** Where processes are started, and with what. */
  record Machine(Installation installation, Processes processes, List<String> jvmOptions) {
    Machine {
      jvmOptions = List.copyOf(jvmOptions);
    }

    /** There are many of them, and each has little to keep. */
    Machine withSmallHeaps() {
      List<String> options = new ArrayList<>(jvmOptions);
      options.add("-Xmx96m");
      return new Machine(installation, processes, options);
    }
  }

  /**
   * The members of one side's ledger, none of them started.
   *
   * @param adapters configurations of the ledger's adapters, the gateway's first
   */
  RunningMembers(
      MembersPlan plan,
      Side side,
      SystemPki pki,
      Ports ports,
      MemberConfigurations files,
      MemberConfigurations others,
      List<Path> adapters,
      Machine machine) {
    this.plan = plan;
    this.side = side;
    this.machine = machine.withSmallHeaps();
    this.files = files;
    this.signers =
        IntStream.rangeClosed(1, plan.count())
            .mapToObj(number -> files.signer(number, others))
            .toList();
    this.adapters = adapters.subList(1, adapters.size());
    this.pki = pki;
    this.ports = ports;
  }

  /** Their signers. */
  List<Launch> signers() {
    return IntStream.rangeClosed(1, plan.count()).mapToObj(this::honest).toList();
  }

  /** The adapters through which members look at the ledger. */
  List<Launch> adapters() {
    return IntStream.rangeClosed(1, adapters.size())
        .mapToObj(number ->
            service(
                Side.memberLedgerName(number) + "-" + side.name(),
                side.kind().adapter(),
                adapters.get(number - 1)))
        .toList();
  }

  private Launch honest(int number) {
    return service(name(number), MODULE, signers.get(number - 1));
  }

  private Launch service(String name, String module, Path config) {
    return Launch.service(name, machine.installation(), module, machine.jvmOptions(), config);
  }

  /** Has the members make a key together, without a dealer. */
  void makeKey() {
    GenerateKeyRequest wanted = GenerateKeyRequest.newBuilder().setKeyId(keyId()).build();
    publicKey =
        Optional.of(asking(collector -> collector.generateKey(wanted)).getKey().getPublicKey());
  }

  /** The group as who collects knows it. */
  public ParticipantGroup group() {
    return asking(collector ->
        collector.describeQuorum(DescribeQuorumRequest.getDefaultInstance()).getGroup());
  }

  /** Has the members sign a statement, as their operator. */
  public CollectSignatureResponse collect(String keyId, Statement statement) {
    CollectSignatureRequest wanted =
        CollectSignatureRequest.newBuilder().setKeyId(keyId).setStatement(statement).build();
    return asking(collector -> collector.collectSignature(wanted));
  }

  private <T> T asking(Function<QuorumServiceBlockingStub, T> question) {
    ManagedChannel channel = RpcChannels.channel(collector(), TlsMaterial.load(pki.client()));
    try {
      return question.apply(
          QuorumServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
    }
  }

  /** What another gateway is to be told, so that it takes nothing but their signatures. */
  Map<String, Object> forOthers() {
    if (plan.keys() == Keys.DEALT) {
      return files.forOthers();
    }
    return ordered(
        "quorum-keys", List.of(ordered("dlt-system", side.dltSystem(), "public-key", publicKey())));
  }

  /** The key they made together, where they made one, as others know it. */
  public String publicKey() {
    return publicKey.orElseThrow(() -> new IllegalStateException("no key was made yet"));
  }

  /** How many there are, and how many may be faulty. */
  public MembersPlan plan() {
    return plan;
  }

  /** What the key is called that they made together. */
  public String keyId() {
    return MemberConfigurations.KEY_ID;
  }

  /** What a member's process is called. */
  public String name(int number) {
    return Side.memberName(number) + "-" + side.name();
  }

  /** Who collects their signatures. */
  public RpcTarget collector() {
    return ports.attestation(side);
  }

  /** The certificate of who collects: members answer to nobody else. */
  public TlsFiles collectorFiles() {
    return pki.attestation();
  }

  /** A member's signer. */
  public RpcTarget signer(int number) {
    return ports.member(side, number);
  }

  /** Kills members as a crash would (SIGKILL). */
  public void kill(Integer... numbers) throws InterruptedException {
    machine.processes().kill(List.of(numbers).stream().map(this::name).toList());
  }

  /** Starts members as they were set up, in place of what runs or ran under their names. */
  public void restart(Integer... numbers) throws InterruptedException {
    machine.processes().replace(START_MAX, List.of(numbers).stream().map(this::honest).toList());
  }

  /** Puts in members' places those with their keys that sign with shares they made up. */
  public void lie(Integer... numbers) throws InterruptedException {
    machine.processes().replace(START_MAX, List.of(numbers).stream().map(this::liar).toList());
  }

  private Launch liar(int number) {
    Path config = signers.get(number - 1);
    return Launch.program(
            name(number),
            machine.installation(),
            MODULE,
            machine.jvmOptions(),
            LIAR,
            List.of("--config", config.toString()),
            config.resolveSibling(name(number) + ".log"))
        .readyAt(Launch.SERVICE_READY);
  }
}
