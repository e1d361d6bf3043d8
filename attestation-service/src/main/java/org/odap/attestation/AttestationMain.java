package org.odap.attestation;

import io.grpc.ManagedChannel;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.attestation.appraisal.PolicyPart;
import org.odap.attestation.appraisal.Verifier;
import org.odap.attestation.appraisal.VerifierConfig;
import org.odap.attestation.attester.Attester;
import org.odap.attestation.edge.AttestationEndpoint;
import org.odap.attestation.edge.AttestationMetrics;
import org.odap.attestation.group.Member;
import org.odap.attestation.participant.LocalMember;
import org.odap.attestation.participant.OwnLedger;
import org.odap.attestation.participant.ParticipantConfig;
import org.odap.attestation.participant.ParticipantEndpoint;
import org.odap.attestation.participant.SigningMetrics;
import org.odap.attestation.quorum.Members;
import org.odap.attestation.quorum.QuorumConfig;
import org.odap.attestation.quorum.QuorumEndpoint;
import org.odap.attestation.quorum.RemoteMember;
import org.odap.attestation.quorum.RoundMetrics;
import org.odap.attestation.store.StorePart;
import org.odap.attestation.watch.ServiceWatch;
import org.odap.quorum.MemberConfig;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyFiles;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;
import org.odap.runtime.rpc.RpcTarget;

/** The attestation service: {@code --config attestation.yaml}. */
public final class AttestationMain {
  private AttestationMain() {}

  public static void main(String[] args) {
    service().run(args);
  }

  /** The service, to be run in a process of its own or inside another. */
  public static ServiceMain<AttestationConfig> service() {
    return ServiceMain.of("attestation", AttestationConfig.class, AttestationMain::wire);
  }

  private static void wire(AttestationConfig config, ServiceAssembly service) {
    if (config.attester().isPresent() || config.verifier().isPresent()) {
      attestation(config, service);
    }
    config.participant().ifPresent(block -> participant(block, service));
    config.quorum().ifPresent(block -> quorum(block, service));
  }

  private static void attestation(AttestationConfig config, ServiceAssembly service) {
    AttestationMetrics metrics = new AttestationMetrics(service.metrics());
    Optional<Attester> attester =
        config.attester().map(block -> service.add(new Attester(block, service.health())));
    Optional<Verifier> verifier = config.verifier().map(block -> verifier(block, service));
    verifier.ifPresent(metrics::watch);
    service.serve(new AttestationEndpoint(verifier, attester, service.tls(), metrics));
  }

  private static void participant(ParticipantConfig config, ServiceAssembly service) {
    StorePart store =
        service.add(
            new StorePart(
                config.dataDirectory(),
                EntryKeys.load(config.encryption()),
                service.health().condition("store")));
    ManagedChannel adapter = service.channel(config.ledger());
    service.add(
        new ServiceWatch(
            "adapters of its ledger",
            Map.of(config.ledger().identity(), adapter),
            1,
            service.health().condition("ledger")));
    OwnLedger ledger = OwnLedger.behind(LedgerServiceGrpc.newBlockingStub(adapter));
    service.serve(
        new ParticipantEndpoint(
            new LocalMember(config, store::store, ledger), new SigningMetrics(service.metrics())));
  }

  private static void quorum(QuorumConfig config, ServiceAssembly service) {
    StorePart store =
        service.add(
            new StorePart(
                config.dataDirectory(),
                EntryKeys.NONE,
                service.health().condition("quorum-store")));
    Map<String, ManagedChannel> channels = new LinkedHashMap<>();
    for (MemberConfig member : config.members()) {
      channels.computeIfAbsent(
          member.pubkey(),
          key -> service.channel(new RpcTarget(member.address().orElseThrow(), member.identity())));
    }
    Map<String, Member> members = new LinkedHashMap<>();
    channels.forEach((key, channel) ->
        members.put(
            key, new RemoteMember(channel, config.signingTimeout(), config.roundTimeout())));
    RoundMetrics metrics = new RoundMetrics(service.metrics());
    metrics.watch(watch(config, channels, service)::well);
    service.serve(
        new QuorumEndpoint(
            config,
            service.tls().identity().uri(),
            KeyFiles.read(config.dealingSecret()),
            new Members(members),
            store::store,
            metrics));
  }

  /** Who collects is of use while threshold many of its own group are well. */
  private static ServiceWatch watch(
      QuorumConfig config, Map<String, ManagedChannel> channels, ServiceAssembly service) {
    Map<String, ManagedChannel> own = new LinkedHashMap<>(channels);
    own.keySet()
        .retainAll(config.group().participants().stream().map(MemberConfig::pubkey).toList());
    return service.add(
        new ServiceWatch(
            "participants",
            own,
            config.group().group().getThreshold(),
            service.health().condition("participants")));
  }

  private static Verifier verifier(VerifierConfig config, ServiceAssembly service) {
    PolicyPart policy =
        service.add(
            new PolicyPart(config.policyFile(), config.policyInterval(), service.metrics()));
    return service.add(
        new Verifier(
            policy::current,
            config.dataDirectory().resolve("known-keys"),
            config.answerTimeout(),
            service.tls().identity().uri(),
            Clock.systemUTC()));
  }
}
