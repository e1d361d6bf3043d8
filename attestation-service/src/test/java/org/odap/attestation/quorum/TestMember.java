package org.odap.attestation.quorum;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.odap.attestation.group.Member;
import org.odap.attestation.participant.CounterpartyConfig;
import org.odap.attestation.participant.LocalMember;
import org.odap.attestation.participant.OwnLedger;
import org.odap.attestation.participant.ParticipantConfig;
import org.odap.attestation.store.RecordStore;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.MemberConfig;
import org.odap.runtime.encryption.EncryptionConfig;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.TestKeys;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.rpc.RpcTarget;

/** A participant with its own keys and store, which may crash, start again, and cheat. */
final class TestMember implements AutoCloseable {
  private final Path folder;
  private final Path signingKey;
  private final Path encryptionKey;
  private final MemberConfig config;
  private RecordStore store;
  private Optional<Function<Member, Member>> cheat = Optional.empty();
  private List<GroupConfig> groups = List.of();
  private List<CounterpartyConfig> counterparties = List.of();
  private OwnLedger ledger = (transfer, step) -> Optional.empty();
  private LocalMember member;

  TestMember(DevelopmentPki pki, Path folder, String name) {
    this.folder = folder;
    Identity identity = new Identity("odapparticipant://" + pki.organization() + "/" + name);
    signingKey = pki.issue(identity, name + "-signing", List.of()).key();
    encryptionKey = pki.issue(identity, name + "-encryption", List.of()).key();
    config =
        new MemberConfig(
            identity.uri(),
            own().publicKey(),
            SigningKey.read(encryptionKey).publicKey(),
            Optional.of("127.0.0.1:1"));
  }

  /** Joins its groups. */
  void start(List<GroupConfig> groups, List<CounterpartyConfig> counterparties, OwnLedger ledger) {
    this.groups = groups;
    this.counterparties = counterparties;
    this.ledger = ledger;
    restart();
  }

  /** Ends without a word, and starts again with what is on disk. */
  void restart() {
    close();
    EncryptionConfig encryption = TestKeys.config(folder, "at-rest");
    store = RecordStore.open(folder.resolve("data"), EntryKeys.load(encryption));
    member = new LocalMember(config(encryption), () -> store, ledger);
  }

  private ParticipantConfig config(EncryptionConfig encryption) {
    return new ParticipantConfig(
        new RpcTarget("127.0.0.1:1", "odapledger://alpha.example/ledger"),
        signingKey,
        encryptionKey,
        folder.resolve("data"),
        encryption,
        groups,
        counterparties,
        !counterparties.isEmpty());
  }

  void cheat(Function<Member, Member> how) {
    cheat = Optional.of(how);
  }

  /** The member as who collects finds it. */
  Member reached() {
    Member now = new ForwardingMember(member);
    return cheat.map(how -> how.apply(now)).orElse(now);
  }

  /** The member as it is, without a cheat. */
  Member honest() {
    return member;
  }

  /** The member after a crash. */
  Member restarted() {
    restart();
    return member;
  }

  SigningKey own() {
    return SigningKey.read(signingKey);
  }

  MemberConfig config() {
    return config;
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}
