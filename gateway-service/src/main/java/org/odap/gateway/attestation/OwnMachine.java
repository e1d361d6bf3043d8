package org.odap.gateway.attestation;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.odap.api.attestation.v1.ActivateCredentialRequest;
import org.odap.api.attestation.v1.AttestationServiceGrpc;
import org.odap.api.attestation.v1.AttestationServiceGrpc.AttestationServiceBlockingStub;
import org.odap.api.attestation.v1.CreateQuoteRequest;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.peer.Machine;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * This gateway's machine: quotes of the TPM that its own attestation service has. Identity and TLS
 * key in them are this gateway's own, whatever a peer asks: a quote for another's is nobody's to
 * get.
 */
public final class OwnMachine implements Machine {
  private final GatewaySelf self;
  private final Duration deadline;
  private final AttestationServiceBlockingStub attester;

  private OwnMachine(GatewaySelf self, Duration deadline, Channel service) {
    this.self = self;
    this.deadline = deadline;
    this.attester = AttestationServiceGrpc.newBlockingStub(service);
  }

  /**
   * The machine of this gateway.
   *
   * @param service its attestation service; without one it can prove nothing, and says so
   */
  public static Machine of(GatewaySelf self, Duration deadline, Optional<Channel> service) {
    return service
        .<Machine>map(channel -> new OwnMachine(self, deadline, channel))
        .orElseGet(Unprovable::new);
  }

  @Override
  public Quote quote(AttestGatewayRequest request) {
    CreateQuoteRequest asked =
        CreateQuoteRequest.newBuilder()
            .setNonce(request.getNonce())
            .setSessionId(request.getSessionId())
            .addAllPcrSelection(request.getPcrSelectionList())
            .setGateway(self.identity())
            .setTlsPubkey(self.pubkey())
            .build();
    return OdapErrors.calling(() -> inTime().createQuote(asked)).getQuote();
  }

  @Override
  public ByteString secret(ProveAttestationKeyRequest request) {
    ActivateCredentialRequest asked =
        ActivateCredentialRequest.newBuilder()
            .setCredentialBlob(request.getCredentialBlob())
            .setEncryptedSecret(request.getEncryptedSecret())
            .build();
    return OdapErrors.calling(() -> inTime().activateCredential(asked)).getSecret();
  }

  private AttestationServiceBlockingStub inTime() {
    return attester.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Has no TPM. */
  private static final class Unprovable implements Machine {
    @Override
    public Quote quote(AttestGatewayRequest request) {
      throw unsupported();
    }

    @Override
    public ByteString secret(ProveAttestationKeyRequest request) {
      throw unsupported();
    }

    private static OdapException unsupported() {
      return new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "attestation: this gateway has no TPM (no attestation service is configured)");
    }
  }
}
