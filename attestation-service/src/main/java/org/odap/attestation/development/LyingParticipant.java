package org.odap.attestation.development;

import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.List;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.threshold.v1.Participant;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantServiceGrpc.ParticipantServiceImplBase;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.SignPartiallyResponse;
import org.odap.api.threshold.v1.StoreKeyShareRequest;
import org.odap.api.threshold.v1.StoreKeyShareResponse;
import org.odap.attestation.AttestationConfig;
import org.odap.attestation.participant.ParticipantConfig;
import org.odap.core.quorum.Statements;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.Groups;
import org.odap.quorum.OwnSignatures;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.OdapException;
import org.odap.threshold.Polynomial;

/**
 * A member that lies, for stories and demonstrations of how it is found out: run with a
 * participant's configuration, it signs whatever it is asked to, without a look at its ledger, with
 * a share it made up and its own right key. It takes no part in making keys.
 */
public final class LyingParticipant {
  private LyingParticipant() {}

  /** {@code --config <a participant's attestation.yaml>}. */
  public static void main(String[] args) {
    ServiceMain.of("attestation", AttestationConfig.class, LyingParticipant::wire).run(args);
  }

  private static void wire(AttestationConfig config, ServiceAssembly service) {
    ParticipantConfig participant = config.participant().orElseThrow();
    service.serve(
        new Liar(
            SigningKey.read(participant.signingKey()),
            participant.groups().stream().map(GroupConfig::group).toList()));
  }

  private static final class Liar extends ParticipantServiceImplBase {
    private final SecureRandom random = new SecureRandom();
    private final SigningKey own;
    private final List<ParticipantGroup> groups;

    Liar(SigningKey own, List<ParticipantGroup> groups) {
      this.own = own;
      this.groups = groups;
    }

    @Override
    public void signPartially(
        SignPartiallyRequest request, StreamObserver<SignPartiallyResponse> observer) {
      String ledger = request.getStatement().getClaim().getDltSystem();
      ParticipantGroup group =
          groups.stream()
              .filter(one -> one.getDltSystem().equals(ledger))
              .findFirst()
              .orElseThrow(() -> unknown("not a member of " + ledger));
      int index =
          Groups.memberOf(group, own.publicKey())
              .map(Participant::getIndex)
              .orElseThrow(() -> unknown("not of the group it is configured with"));
      byte[] statement = Statements.bytes(request.getStatement());
      Answers.answer(
          observer,
          SignPartiallyResponse.newBuilder()
              .setSignature(
                  OwnSignatures.give(
                      statement,
                      Polynomial.random(group.getThreshold(), random).share(index).sign(statement),
                      own))
              .build());
    }

    /** Takes a share as an honest one would, and has no use for it. */
    @Override
    public void storeKeyShare(
        StoreKeyShareRequest request, StreamObserver<StoreKeyShareResponse> observer) {
      Answers.answer(observer, StoreKeyShareResponse.getDefaultInstance());
    }

    private static OdapException unknown(String why) {
      return new OdapException(ErrorReason.ERROR_REASON_KEY_UNKNOWN, why);
    }
  }
}
