package org.odap.ledger.fabric.network;

import com.google.protobuf.ByteString;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** Requests of the Gateway service that its client library makes only for its own transactions. */
final class Requests {
  private Requests() {}

  static SerializedIdentity creator(Identity identity) {
    return SerializedIdentity.newBuilder()
        .setMspid(identity.getMspId())
        .setIdBytes(ByteString.copyFrom(identity.getCredentials()))
        .build();
  }

  /** The question how any transaction stands, yet to be signed. */
  static byte[] commitStatus(String channel, String transactionId, Identity asker) {
    CommitStatusRequest request =
        CommitStatusRequest.newBuilder()
            .setChannelId(channel)
            .setTransactionId(transactionId)
            .setIdentity(creator(asker).toByteString())
            .build();
    return SignedCommitStatusRequest.newBuilder()
        .setRequest(request.toByteString())
        .build()
        .toByteArray();
  }
}
