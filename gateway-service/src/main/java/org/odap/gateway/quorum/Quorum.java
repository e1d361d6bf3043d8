package org.odap.gateway.quorum;

import io.grpc.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.QuorumServiceGrpc;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.gateway.GatewayConfig.QuorumConfig;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The participants of a ledger behind this gateway: each looks at its own copy of the ledger before
 * it signs what the gateway claims (IT "Lock", "Verification").
 */
public final class Quorum {
  /** The steps that are claimed towards the other gateway. */
  private static final Set<LedgerStep> CLAIMED =
      Set.of(
          LedgerStep.LEDGER_STEP_LOCK,
          LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
          LedgerStep.LEDGER_STEP_CREATE);

  private static final Logger log = LoggerFactory.getLogger(Quorum.class);

  private final QuorumConfig config;
  private final QuorumServiceGrpc.QuorumServiceBlockingStub stub;

  /** Participants behind the service that collects their signatures. */
  public Quorum(QuorumConfig config, Channel channel) {
    this.config = config;
    this.stub = QuorumServiceGrpc.newBlockingStub(channel);
  }

  /**
   * A claim with the participants' signature as its proof, where the other gateway looks for one.
   *
   * @throws OdapException while enough of them don't sign: THRESHOLD_NOT_MET, UNAVAILABLE
   */
  public LedgerClaim vouched(Session session, LedgerClaim claim) {
    // What the sender shows is agreed on in phase 1; what the recipient shows is its own choice.
    boolean wanted =
        session.role() == Role.RECIPIENT
            || session.agreement().getLockClaimFormat().equals(Statements.FORMAT);
    return wanted && CLAIMED.contains(claim.getStep()) ? signed(session, claim) : claim;
  }

  private LedgerClaim signed(Session session, LedgerClaim claim) {
    CollectSignatureRequest request =
        CollectSignatureRequest.newBuilder()
            .setKeyId(config.keyId())
            .setStatement(Statements.of(session.hashTx(), claim))
            .build();
    CollectSignatureResponse answer =
        OdapErrors.calling(() ->
            stub.withDeadlineAfter(config.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .collectSignature(request));
    if (answer.getWrongCount() > 0) {
      log.atWarn()
          .addKeyValue("transfer", claim.getTransferId())
          .addKeyValue("ledger", claim.getDltSystem())
          .addKeyValue("wrong", answer.getWrongList())
          .log("participants gave wrong signatures");
    }
    return claim.toBuilder()
        .setProofFormat(Statements.FORMAT)
        .setProof(new String(CanonicalJson.of(answer.getSignature()), StandardCharsets.UTF_8))
        .build();
  }
}
