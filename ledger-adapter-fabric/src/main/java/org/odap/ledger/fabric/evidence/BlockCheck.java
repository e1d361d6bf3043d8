package org.odap.ledger.fabric.evidence;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.MetadataSignature;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.ledger.fabric.network.Envelopes;
import org.odap.runtime.rpc.OdapException;

/**
 * Checks a claim by its block alone, with the keys of the channel's organizations. Claim and proof
 * come from the other side; nothing in them decides whom to trust.
 */
public record BlockCheck(KnownChannel known) {

  /** The end of the year 9999, as protobuf's own bound. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /** What was checked, one line each; throws CLAIM_WRONG. */
  public List<String> check(LedgerClaim claim) {
    BlockEvidence evidence =
        BlockEvidence.parse(claim.getProof())
            .orElseThrow(() -> wrong("the proof has not the format it names"));
    try {
      return check(claim, evidence);
    } catch (IOException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CLAIM_WRONG, "the proof's block can't be read", e);
    }
  }

  /** The refusal of a claim. */
  public static OdapException wrong(String description) {
    return new OdapException(ErrorReason.ERROR_REASON_CLAIM_WRONG, description);
  }

  /** Throws CLAIM_WRONG unless the transaction in the block did what the claim says. */
  public static void requireSame(LedgerClaim claim, Optional<LedgerClaim> shown) {
    LedgerClaim claimed = bare(claim);
    if (!shown.map(BlockCheck::bare).equals(Optional.of(claimed))) {
      throw wrong("the transaction in the block says something else than the claim");
    }
  }

  private List<String> check(LedgerClaim claim, BlockEvidence evidence) throws IOException {
    Envelopes.Content content = Envelopes.read(evidence.envelope());
    StepInBlock step = new StepInBlock(evidence.block().getHeader(), content);
    requireSame(claim, step.claim(known.dltSystem(), known.chaincode()));
    List<String> checks = new ArrayList<>();
    checks.add("event of chaincode " + known.chaincode() + " says what the claim says");
    requireOwnTransaction(content);
    checks.add("transaction id and proposal are those that were endorsed");
    checks.add("endorsed by peers of " + String.join(", ", endorsers(content)));
    checks.add("block header has the claim's block hash");
    String orderers = String.join(", ", orderers(evidence.block(), at(content)));
    checks.add("block header is signed by orderers of " + orderers);
    switch (evidence.form()) {
      case BLOCK -> {
        requireDataHash(evidence.block());
        checks.add("transaction " + evidence.index() + " is in the block");
      }
      case ENVELOPE ->
          checks.add(
              "NOT checked: that the transaction is in the block (other transactions are not shown)");
    }
    checks.add(verdict(evidence));
    checks.add("NOT checked: whether a certificate was revoked");
    return List.copyOf(checks);
  }

  /**
   * The header names the channel, the id follows from the header, the endorsers saw this header.
   */
  private void requireOwnTransaction(Envelopes.Content content) {
    if (!content.channelHeader().getChannelId().equals(known.channel())) {
      throw wrong("the transaction is of another channel");
    }
    SignatureHeader header = content.signatureHeader();
    MessageDigest id = BlockHashes.sha256();
    id.update(header.getNonce().asReadOnlyByteBuffer());
    id.update(header.getCreator().asReadOnlyByteBuffer());
    if (!HexFormat.of().formatHex(id.digest()).equals(content.transactionId())) {
      throw wrong("the transaction has not the id it names");
    }
    MessageDigest proposal = BlockHashes.sha256();
    proposal.update(content.channelHeaderBytes().asReadOnlyByteBuffer());
    proposal.update(content.signatureHeaderBytes().asReadOnlyByteBuffer());
    proposal.update(content.proposalPayload().asReadOnlyByteBuffer());
    if (!content.proposalHash().equals(ByteString.copyFrom(proposal.digest()))) {
      throw wrong("what was endorsed is not what was proposed");
    }
  }

  /** An organization counts once, however many of its peers signed. */
  private Set<String> endorsers(Envelopes.Content content) {
    Set<String> organizations = new TreeSet<>();
    for (Endorsement endorsement : content.endorsements()) {
      byte[] signed = content.responsePayload().concat(endorsement.getEndorser()).toByteArray();
      known
          .endorsers()
          .signer(endorsement.getEndorser(), signed, endorsement.getSignature(), at(content))
          .ifPresent(organizations::add);
    }
    if (organizations.size() < known.endorsementsMin()) {
      throw wrong(
          "endorsed by: " + organizations + " (expected: " + known.endorsementsMin() + " known)");
    }
    return organizations;
  }

  private Set<String> orderers(Block block, Instant at) throws InvalidProtocolBufferException {
    Metadata signatures =
        Metadata.parseFrom(block.getMetadata().getMetadata(BlockMetadataIndex.SIGNATURES_VALUE));
    ByteString header = ByteString.copyFrom(BlockHashes.headerBytes(block.getHeader()));
    Set<String> organizations = new TreeSet<>();
    for (MetadataSignature signature : signatures.getSignaturesList()) {
      ByteString signer = SignatureHeader.parseFrom(signature.getSignatureHeader()).getCreator();
      byte[] signed =
          signatures.getValue().concat(signature.getSignatureHeader()).concat(header).toByteArray();
      known
          .orderers()
          .signer(signer, signed, signature.getSignature(), at)
          .ifPresent(organizations::add);
    }
    if (organizations.size() < known.orderersMin()) {
      throw wrong(
          "block signed by: " + organizations + " (expected: " + known.orderersMin() + " known)");
    }
    return organizations;
  }

  private static void requireDataHash(Block block) {
    ByteString actual = ByteString.copyFrom(BlockHashes.dataHash(block.getData()));
    if (!actual.equals(block.getHeader().getDataHash())) {
      throw wrong("the block's transactions have not the hash in its header");
    }
  }

  /** Written by the claimant's peer after ordering: nobody's signature covers it. */
  private static String verdict(BlockEvidence evidence) {
    ByteString verdicts =
        evidence.block().getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
    boolean isValid =
        evidence.index() < verdicts.size()
            && verdicts.byteAt(evidence.index()) == TxValidationCode.VALID_VALUE;
    if (!isValid) {
      throw wrong("the block's own notes say that the transaction is not valid");
    }
    return "NOT checked: that the peers found the transaction valid; the claimant's peer says so,"
        + " under nobody's signature";
  }

  /** By the client's clock, which the chaincode compared with the endorsers'. */
  private static Instant at(Envelopes.Content content) {
    long seconds = content.channelHeader().getTimestamp().getSeconds();
    if (seconds < 0 || seconds > LAST_SECOND) {
      throw wrong("the transaction's timestamp is no time");
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static LedgerClaim bare(LedgerClaim claim) {
    return claim.toBuilder().clearFinality().clearProof().clearProofFormat().build();
  }
}
