package org.odap.core.log;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Signer;
import org.odap.core.refusal.Refusal;

/**
 * The chain of a session's log (recovery-01 5). Entry n names the hash of entry n-1; a signature
 * under an entry therefore covers all entries before it.
 */
public final class LogEntries {
  private static final Set<FieldDescriptor> NOT_HASHED =
      Stream.of("payload", "log_entry_hash", "message_signature")
          .map(LogEntry.getDescriptor()::findFieldByName)
          .collect(Collectors.toUnmodifiableSet());

  private static final long MILLIS_PER_SECOND = 1_000;

  private LogEntries() {}

  /**
   * Makes the entries that continue a log, in the order of the payloads. Only the last is signed:
   * it covers the others, which are stored together with it or not at all.
   */
  public static List<LogEntry> seal(
      LogFrame frame, LogHead head, List<PhasedPayload> payloads, Signer signer) {
    List<LogEntry> entries = new ArrayList<>(payloads.size());
    LogHead end = head;
    for (PhasedPayload payload : payloads) {
      LogEntry entry = chained(frame, end, payload);
      entries.add(entry);
      end = new LogHead(entry.getSeqNumber(), entry.getLogEntryHash());
    }
    if (!entries.isEmpty()) {
      LogEntry last = entries.removeLast();
      String signature = signer.sign(Hash.bytes(last.getLogEntryHash()));
      entries.add(last.toBuilder().setMessageSignature(signature).build());
    }
    return List.copyOf(entries);
  }

  /**
   * Verifies a whole log, from its first entry, as made by the gateway with these keys: its own,
   * and those of its backups. The refusal names the first entry that is wrong.
   */
  public static Optional<Refusal> verify(List<LogEntry> entries, Set<String> publicKeys) {
    return LogVerification.verify(entries, publicKeys);
  }

  /** The end of a log. */
  public static LogHead head(List<LogEntry> entries) {
    return entries.isEmpty()
        ? LogHead.EMPTY
        : new LogHead(entries.getLast().getSeqNumber(), entries.getLast().getLogEntryHash());
  }

  private static LogEntry chained(LogFrame frame, LogHead head, PhasedPayload phased) {
    LogEntry.Builder entry =
        LogEntry.newBuilder()
            .setSessionId(frame.sessionId())
            .setSeqNumber(head.length() + 1)
            .setOdapPhase(phased.phase())
            .setSourceGatewayPubkey(frame.senderPubkey())
            .setSourceGatewayDltSystem(frame.senderDlt())
            .setRecipientGatewayPubkey(frame.recipientPubkey())
            .setRecipientGatewayDltSystem(frame.recipientDlt())
            .setTimestamp(Math.floorDiv(phased.payload().getRecordedAt(), MILLIS_PER_SECOND))
            .setPayload(phased.payload())
            .setPayloadHash(Hash.of(CanonicalJson.of(phased.payload())))
            .setLoggingProfile(frame.loggingProfile())
            .setSourceGatewayUid(frame.senderGateway())
            .setRecipientGatewayUid(frame.recipientGateway())
            .setLastEntryHash(head.hash())
            .setAccessControlProfile(frame.accessControlProfile());
    return entry.setLogEntryHash(hash(entry.buildPartial())).build();
  }

  /** Hash of the entry; the payload is in it by its own hash. */
  static String hash(LogEntry entry) {
    return Hash.of(CanonicalJson.without(entry, NOT_HASHED));
  }
}
