package org.odap.ledger.fabric.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.Envelope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.fabric.network.Blocks;
import org.odap.runtime.rpc.OdapException;

/** A step's proof is checked with nothing but the keys of its channel's organizations. */
@Tag("OURS-1")
final class BlockCheckTest {
  private static final int ROOM = 262_144;
  private static final String TRANSFER = "0a0b0c0d-0000-4000-8000-000000000001";
  private static final String LOCK =
      """
      {"transferId":"%s","mspId":"FirstMSP","epoch":"1","assetClass":"bond","kind":"FUNGIBLE",\
      "idOrAmount":"40","owner":"FirstMSP/alice","lockExpiry":"1900000000000",\
      "timestamp":"1800000000000","anchor":"3:%s","reference":"%s"}\
      """
          .formatted(TRANSFER, "a".repeat(64), "b".repeat(64));

  private final ChannelForTests channel = new ChannelForTests();
  private final ChannelForTests.Member peer = channel.first.member("peer");
  private final ChannelForTests.Member otherPeer = channel.second.member("peer");
  private final ChannelForTests.Member orderer = channel.ordering.member("orderer");

  private Envelope lock(ChannelForTests.Member... endorsers) {
    return channel.transaction("LOCK", LOCK, ChannelForTests.CHAINCODE, List.of(endorsers));
  }

  private static LedgerClaim claim(Block block, BlockEvidence.Form form) {
    Blocks.Located located = new Blocks.Located(block, 1);
    LedgerClaim claim =
        new StepInBlock(block.getHeader(), located.content())
            .claim("fabric-one", ChannelForTests.CHAINCODE)
            .orElseThrow();
    return claim.toBuilder()
        .setProofFormat(BlockEvidence.FORMAT)
        .setProof(new EvidenceMaker(form, ROOM).of(block, 1).orElseThrow().toJson())
        .build();
  }

  private List<String> check(LedgerClaim claim) {
    return new BlockCheck(channel.known(2)).check(claim);
  }

  private void isWrong(LedgerClaim claim, String words) {
    assertThatThrownBy(() -> check(claim))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CLAIM_WRONG);
              assertThat(e.description()).contains(words);
            });
  }

  @Test
  void theClaimSaysWhatTheEventSays() {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    LedgerClaim claim = claim(block, BlockEvidence.Form.BLOCK);
    assertThat(claim.getStep()).isEqualTo(LedgerStep.LEDGER_STEP_LOCK);
    assertThat(claim.getTransferId()).isEqualTo(TRANSFER);
    assertThat(claim.getAccount()).isEqualTo("FirstMSP/alice");
    assertThat(claim.getLockExpiry()).isEqualTo(1_900_000_000_000L);
    assertThat(claim.getReference()).isEqualTo("b".repeat(64));
    assertThat(claim.getLogAnchor().getSeqNumber()).isEqualTo(3);
    assertThat(claim.getBlockNumber()).isEqualTo(7);
    assertThat(claim.getAsset())
        .isEqualTo(
            Asset.newBuilder()
                .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
                .setAssetClass("bond")
                .setAmount("40")
                .build());
  }

  @Test
  void aBlockWithEverySignatureIsTakenAndWhatItDoesNotShowIsSaid() {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    assertThat(check(claim(block, BlockEvidence.Form.BLOCK)))
        .contains(
            "endorsed by peers of FirstMSP, SecondMSP",
            "block header is signed by orderers of OrderingMSP",
            "transaction 1 is in the block")
        .anyMatch(line -> line.startsWith("NOT checked: that the peers found"));
  }

  @Test
  void anEnvelopeShowsNobodyElseAndSaysWhatIsMissing() throws Exception {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    LedgerClaim claim = claim(block, BlockEvidence.Form.ENVELOPE);
    BlockEvidence evidence = BlockEvidence.parse(claim.getProof()).orElseThrow();
    assertThat(evidence.block().getData().getDataList())
        .containsExactly(block.getData().getData(1));
    assertThat(check(claim))
        .anyMatch(line -> line.startsWith("NOT checked: that the transaction is in the block"))
        .noneMatch(line -> line.equals("transaction 1 is in the block"));
  }

  @Test
  void aBlockThatIsTooLargeIsShownAsAnEnvelopeAndAnEnvelopeThatIsNotAtAll() {
    Block small = channel.block(lock(peer, otherPeer), orderer);
    byte[] noise = new byte[40_000];
    new Random(1).nextBytes(noise);
    Block large =
        small.toBuilder()
            .setData(small.getData().toBuilder().addData(ByteString.copyFrom(noise)))
            .build();
    assertThat(new EvidenceMaker(BlockEvidence.Form.BLOCK, 20_000).of(large, 1))
        .map(BlockEvidence::form)
        .contains(BlockEvidence.Form.ENVELOPE);
    assertThat(new EvidenceMaker(BlockEvidence.Form.BLOCK, 100).of(large, 1)).isEmpty();
    assertThat(new EvidenceMaker(BlockEvidence.Form.BLOCK, ROOM).of(large, 1))
        .map(BlockEvidence::form)
        .contains(BlockEvidence.Form.BLOCK);
  }

  private record Forgery(String name, LedgerClaim claim, String words) {}

  @TestFactory
  Stream<DynamicTest> whatDoesNotHoldIsRefused() {
    return Stream.of(
            new Forgery("one endorsement too few", of(lock(peer)), "expected: 2"),
            new Forgery(
                "two peers of one organization",
                of(lock(peer, channel.first.member("peer"))),
                "expected: 2"),
            new Forgery(
                "a client who endorses",
                of(lock(peer, channel.second.member("client"))),
                "expected: 2"),
            new Forgery(
                "an endorser whom another authority certified",
                of(lock(peer, impostor())),
                "expected: 2"),
            new Forgery(
                "a peer that signs blocks",
                claim(
                    channel.block(lock(peer, otherPeer), channel.ordering.member("peer")),
                    BlockEvidence.Form.BLOCK),
                "block signed by: []"),
            new Forgery("another amount", otherAmount(), "something else than the claim"),
            new Forgery("another transaction in the block", exchanged(), "not the hash"),
            new Forgery("a transaction noted as invalid", noted(), "not valid"),
            new Forgery(
                "an endorsed answer to another proposal", reproposed(), "not what was proposed"),
            new Forgery(
                "no proof at all",
                of(lock(peer, otherPeer)).toBuilder().setProof("{}").build(),
                "not the format"),
            new Forgery("a proof without metadata", bare(), "not the format"),
            new Forgery(
                "a chaincode of another name",
                of(lock(peer, otherPeer)).toBuilder().setProof(renamed()).build(),
                "something else than the claim"),
            new Forgery(
                "an event without sense",
                of(lock(peer, otherPeer)).toBuilder().setProof(senseless()).build(),
                "something else than the claim"))
        .map(forgery ->
            DynamicTest.dynamicTest(
                forgery.name(), () -> isWrong(forgery.claim(), forgery.words())));
  }

  private LedgerClaim of(Envelope envelope) {
    return claim(channel.block(envelope, orderer), BlockEvidence.Form.BLOCK);
  }

  /**
   * Names SecondMSP, but has its certificate from an authority of the same name made by himself.
   */
  private static ChannelForTests.Member impostor() {
    return ChannelForTests.Organization.of("SecondMSP").member("peer");
  }

  private LedgerClaim otherAmount() {
    LedgerClaim claim = of(lock(peer, otherPeer));
    return claim.toBuilder().setAsset(claim.getAsset().toBuilder().setAmount("41")).build();
  }

  private LedgerClaim exchanged() {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    Block changed =
        block.toBuilder()
            .setData(block.getData().toBuilder().setData(0, ByteString.copyFromUtf8("mine")))
            .build();
    return claim(changed, BlockEvidence.Form.BLOCK);
  }

  private LedgerClaim noted() {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    return claim(
        block.toBuilder()
            .setMetadata(
                ChannelForTests.metadata(block.getHeader(), orderer, new byte[] {0, 11, 0}))
            .build(),
        BlockEvidence.Form.BLOCK);
  }

  private LedgerClaim reproposed() {
    String text = lock(peer, otherPeer).toByteString().toString(StandardCharsets.ISO_8859_1);
    byte[] changed = text.replace("proposal", "proposed").getBytes(StandardCharsets.ISO_8859_1);
    try {
      return of(Envelope.parseFrom(changed));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private String renamed() {
    return proof(channel.transaction("LOCK", LOCK, "other", List.of(peer, otherPeer)));
  }

  /** Numbers that are none, in an event that nobody but its maker signed. */
  private String senseless() {
    String event = "{\"anchor\":\"99999999999:x\",\"lockExpiry\":{},\"assetClass\":[[]]}";
    return proof(channel.transaction("LOCK", event, ChannelForTests.CHAINCODE, List.of()));
  }

  private String proof(Envelope envelope) {
    return new EvidenceMaker(BlockEvidence.Form.BLOCK, ROOM)
        .of(channel.block(envelope, orderer), 1)
        .orElseThrow()
        .toJson();
  }

  private LedgerClaim bare() {
    Block block = channel.block(lock(peer, otherPeer), orderer);
    BlockEvidence evidence =
        new BlockEvidence(
            BlockEvidence.Form.BLOCK, 1, PackedBlock.of(block.toBuilder().clearMetadata().build()));
    return of(lock(peer, otherPeer)).toBuilder().setProof(evidence.toJson()).build();
  }
}
