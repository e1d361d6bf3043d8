package org.odap.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.TestKeys;
import org.odap.core.refusal.Refusal;

@Tag("2PC-2")
class LogEntriesTest {
  private static final String KEY = TestKeys.RECIPIENT.publicKey();
  private static final List<LogEntry> LOG = log();

  @Test
  void entriesAreChainedAndTheLastOfEachAppendIsSigned() {
    assertThat(LOG).hasSize(12);
    String previous = "";
    for (int i = 0; i < LOG.size(); i++) {
      LogEntry entry = LOG.get(i);
      assertThat(entry.getSeqNumber()).isEqualTo(i + 1);
      assertThat(entry.getLastEntryHash()).isEqualTo(previous);
      assertThat(entry.getPayloadHash()).isEqualTo(Hash.of(CanonicalJson.of(entry.getPayload())));
      assertThat(entry.getMessageSignature().isEmpty()).isEqualTo(i % 3 != 2);
      previous = entry.getLogEntryHash();
    }
    assertThat(LogEntries.head(LOG)).isEqualTo(new LogHead(12, previous));
    assertThat(LogEntries.head(List.of())).isEqualTo(LogHead.EMPTY);
    assertThat(LogEntries.verify(LOG, Set.of(KEY))).isEmpty();
    assertThat(LogEntries.verify(List.of(), Set.of(KEY))).isEmpty();
  }

  @Test
  void anEntryRepeatsWhatTheSessionIs() {
    LogEntry entry = LOG.getFirst();
    LogFrame frame = Messages.frame();
    assertThat(entry.getSessionId()).isEqualTo(frame.sessionId());
    assertThat(entry.getOdapPhase()).isEqualTo("p2");
    assertThat(entry.getSourceGatewayPubkey()).isEqualTo(frame.senderPubkey());
    assertThat(entry.getSourceGatewayDltSystem()).isEqualTo(frame.senderDlt());
    assertThat(entry.getSourceGatewayUid()).isEqualTo(frame.senderGateway());
    assertThat(entry.getRecipientGatewayPubkey()).isEqualTo(frame.recipientPubkey());
    assertThat(entry.getRecipientGatewayDltSystem()).isEqualTo(frame.recipientDlt());
    assertThat(entry.getRecipientGatewayUid()).isEqualTo(frame.recipientGateway());
    assertThat(entry.getLoggingProfile()).isEqualTo(frame.loggingProfile());
    assertThat(entry.getAccessControlProfile()).isEqualTo(frame.accessControlProfile());
    assertThat(entry.getTimestamp()).isEqualTo(entry.getPayload().getRecordedAt() / 1_000);
  }

  @Test
  void theSignatureIsOverTheHashsBytes() {
    LogEntry signed = LOG.getLast();
    byte[] hash = Hash.bytes(signed.getLogEntryHash());
    assertThat(hash).hasSize(32);
    assertThat(Es256.verify(KEY, hash, signed.getMessageSignature())).isTrue();
  }

  @Test
  void sealingNothingMakesNothing() {
    assertThat(LogEntries.seal(Messages.frame(), LogHead.EMPTY, List.of(), TestKeys.RECIPIENT))
        .isEmpty();
  }

  /** Each index is tried: what changed is named, at the entry that changed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 10, 11})
  void aChangedEntryIsFoundAndNamed(int index) {
    assertRefused(
        changed(index, entry -> entry.getPayloadBuilder().setVotes("yes")),
        ErrorReason.ERROR_REASON_LOG_CORRUPT,
        "payloadHash",
        index);
    assertRefused(
        changed(
            index,
            entry -> {
              entry.getPayloadBuilder().setVotes("yes");
              entry.setPayloadHash(Hash.of(CanonicalJson.of(entry.getPayload())));
            }),
        ErrorReason.ERROR_REASON_LOG_CORRUPT,
        "logEntryHash",
        index);
    assertRefused(
        changed(index, entry -> entry.setTimestamp(1)),
        ErrorReason.ERROR_REASON_LOG_CORRUPT,
        "logEntryHash",
        index);
    assertRefused(
        changed(index, entry -> entry.setSeqNumber(-1)),
        ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED,
        "seqNumber",
        index);
    assertRefused(
        changed(index, entry -> entry.setLastEntryHash("00".repeat(32))),
        ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED,
        "lastEntryHash",
        index);
    assertRefused(
        changed(index, entry -> entry.setMessageSignature("AAAA")),
        ErrorReason.ERROR_REASON_SIGNATURE_INVALID,
        "messageSignature",
        index);
  }

  /** Who has no key can make hashes that fit, but no signature over them. */
  @Test
  void aForgedEndIsFound() {
    List<LogEntry> forged = new ArrayList<>(LOG.subList(0, 9));
    forged.addAll(
        LogEntries.seal(
            Messages.frame(), LogEntries.head(forged), payloads(9, 12), TestKeys.STRANGER));
    assertRefused(forged, ErrorReason.ERROR_REASON_SIGNATURE_INVALID, "messageSignature", 11);
    forged.set(11, forged.get(11).toBuilder().clearMessageSignature().build());
    assertRefused(forged, ErrorReason.ERROR_REASON_SIGNATURE_INVALID, "messageSignature", 11);
  }

  @Test
  void aMissingAnExchangedAndADoubledEntryAreFound() {
    List<LogEntry> missing = new ArrayList<>(LOG);
    missing.remove(4);
    assertRefused(missing, ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED, "seqNumber", 4);

    List<LogEntry> headless = LOG.subList(1, LOG.size());
    assertRefused(headless, ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED, "seqNumber", 0);

    List<LogEntry> doubled = new ArrayList<>(LOG);
    doubled.add(3, LOG.get(3));
    assertRefused(doubled, ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED, "seqNumber", 4);

    List<LogEntry> exchanged = new ArrayList<>(LOG);
    exchanged.set(3, LOG.get(4));
    exchanged.set(4, LOG.get(3));
    assertRefused(exchanged, ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED, "seqNumber", 3);
  }

  /** A whole, rightly signed tail of another session's log is not this log's. */
  @Test
  void anotherSessionsEntriesAreFound() {
    LogFrame ours = Messages.frame();
    LogFrame other =
        new LogFrame(
            "11111111-d9cb-469f-a165-70867728950e",
            ours.senderPubkey(),
            ours.senderDlt(),
            ours.recipientPubkey(),
            ours.recipientDlt(),
            ours.senderGateway(),
            ours.recipientGateway(),
            ours.loggingProfile(),
            ours.accessControlProfile());
    List<LogEntry> mixed = new ArrayList<>(LOG.subList(0, 6));
    mixed.addAll(
        LogEntries.seal(other, LogEntries.head(mixed), payloads(6, 9), TestKeys.RECIPIENT));
    assertRefused(mixed, ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED, "sessionId", 6);
  }

  @Test
  void whatNoHashCoversIsRefused() {
    UnknownFieldSet extra =
        UnknownFieldSet.newBuilder()
            .addField(
                900,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("x"))
                    .build())
            .build();
    assertRefused(
        changed(2, entry -> entry.setUnknownFields(extra)),
        ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
        "",
        2);
    assertRefused(
        changed(2, entry -> entry.getPayloadBuilder().setUnknownFields(extra)),
        ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
        "payload",
        2);
  }

  /** A later version's entry that says so may hold what this version can't read; no other may. */
  @Test
  void contentOfAnUnknownTypeIsTakenInIgnorableEntriesOnly() {
    Any unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/odap.later.v9.Note").build();
    LogEntry first = LOG.getFirst();
    LogEntry.Builder later = first.toBuilder();
    later.getPayloadBuilder().setContent(unknown);
    assertRefused(List.of(later.build()), ErrorReason.ERROR_REASON_FIELD_UNKNOWN, "payload", 0);

    String hash = LogEntries.hash(later.setIgnorable(true).build());
    later.setLogEntryHash(hash).setMessageSignature(TestKeys.RECIPIENT.sign(Hash.bytes(hash)));
    assertThat(LogEntries.verify(List.of(later.build()), Set.of(KEY))).isEmpty();
  }

  /** Figure 9 of recovery-01, word for word but for the two hashes it leaves out or shortens. */
  @Test
  @Tag("CARD-2")
  void theDraftsEntryIsOneOfOurs() throws InvalidProtocolBufferException {
    String figure9 =
        """
        {
          "sessionId": "4eb424c8-aead-4e9e-a321-a160ac3909ac",
          "seqNumber": 6,
          "phaseId": "lock",
          "sourceGatewayId": "5.47.165.186",
          "sourceDltId": "Hyperledger-Fabric-JusticeChain",
          "targetGatewayId": "192.47.113.116",
          "targetDltId": "Ethereum",
          "timestamp": "1606157330",
          "payload": {
            "messageType": "2pc-log",
            "message": "LOCK_ASSET",
            "votes": "none"
          },
          "payloadHash": "80BCF1C7421E98B097264D1C6F1A514576D6C9F4EF04955FA3AEF1C0664B34E3",
          "logEntryHash": "[...]"
        }
        """;
    LogEntry.Builder entry = LogEntry.newBuilder();
    JsonFormat.parser().merge(figure9, entry);
    assertThat(entry.getSourceGatewayUid()).isEqualTo("5.47.165.186");
    assertThat(entry.getSourceGatewayDltSystem()).isEqualTo("Hyperledger-Fabric-JusticeChain");
    assertThat(entry.getRecipientGatewayUid()).isEqualTo("192.47.113.116");
    assertThat(entry.getRecipientGatewayDltSystem()).isEqualTo("Ethereum");
    assertThat(entry.getTimestamp()).isEqualTo(1_606_157_330L);
    assertThat(entry.getPayload())
        .isEqualTo(
            LogPayload.newBuilder()
                .setMessageType("2pc-log")
                .setMessage("LOCK_ASSET")
                .setVotes("none")
                .build());
    assertThat(JsonFormat.printer().print(entry).replaceAll("\\s", ""))
        .contains("\"timestamp\":\"1606157330\"", "\"seqNumber\":6", "\"phaseId\":\"lock\"");
  }

  private static List<LogEntry> log() {
    List<LogEntry> log = new ArrayList<>();
    for (int from = 0; from < 12; from += 3) {
      log.addAll(
          LogEntries.seal(
              Messages.frame(),
              LogEntries.head(log),
              payloads(from, from + 3),
              TestKeys.RECIPIENT));
    }
    return List.copyOf(log);
  }

  private static List<PhasedPayload> payloads(int from, int to) {
    List<PhasedPayload> payloads = new ArrayList<>();
    for (int i = from; i < to; i++) {
      OdapMessage message = Messages.session().get(i);
      payloads.add(
          new PhasedPayload(
              "p2",
              LogPayload.newBuilder()
                  .setMessage("init-" + message.type())
                  .setMessageType("2pc-log")
                  .setStep(i + 1)
                  .setOperation(LogOperation.LOG_OPERATION_INIT)
                  .setGateways("GS->GR")
                  .setContent(message.pack())
                  .setRecordedAt(Messages.START + i)
                  .build()));
    }
    return payloads;
  }

  private static List<LogEntry> changed(int index, Consumer<LogEntry.Builder> change) {
    List<LogEntry> entries = new ArrayList<>(LOG);
    LogEntry.Builder entry = entries.get(index).toBuilder();
    change.accept(entry);
    entries.set(index, entry.build());
    return entries;
  }

  private static void assertRefused(
      List<LogEntry> entries, ErrorReason reason, String field, int index) {
    assertThat(LogEntries.verify(entries, Set.of(KEY)))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal)
              .extracting(Refusal::reason, Refusal::field)
              .containsExactly(reason, field);
          assertThat(refusal.description()).startsWith("entry " + (index + 1) + ":");
        });
  }
}
