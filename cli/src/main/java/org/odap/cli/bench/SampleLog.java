package org.odap.cli.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.log.v1.WriteLogEntriesRequest;

/**
 * A log as long as a transfer's and with entries as large, in a proper chain of made-up hashes.
 *
 * <p>Mutable: the hash of the entry made last.
 */
final class SampleLog {
  /** Entries of a transfer's log, about. */
  static final int ENTRIES = 20;

  private final String session;
  private String lastHash = "";

  private SampleLog(String session) {
    this.session = session;
  }

  /** The so manieth of a run. */
  static SampleLog of(long number) {
    return new SampleLog(
        UUID.nameUUIDFromBytes(("sample " + number).getBytes(StandardCharsets.UTF_8)).toString());
  }

  /** What it is stored as. */
  String id() {
    return session + "/sender";
  }

  /** The appends that write it entry by entry; the last closes it. */
  List<WriteLogEntriesRequest> entryByEntry(long epoch) {
    List<LogEntry> entries = entries();
    return IntStream.range(0, ENTRIES)
        .mapToObj(i -> append(epoch, entries.subList(i, i + 1), i == ENTRIES - 1))
        .toList();
  }

  /** The append that writes all of it and closes it. */
  WriteLogEntriesRequest atOnce(long epoch) {
    return append(epoch, entries(), true);
  }

  private List<LogEntry> entries() {
    lastHash = "";
    return IntStream.rangeClosed(1, ENTRIES).mapToObj(this::entry).toList();
  }

  private WriteLogEntriesRequest append(long epoch, List<LogEntry> entries, boolean close) {
    return WriteLogEntriesRequest.newBuilder()
        .setLogId(id())
        .setEpoch(epoch)
        .addAllEntries(entries)
        .setClose(close)
        .build();
  }

  private LogEntry entry(int index) {
    String previous = lastHash;
    byte[] hash = hash(session + index + previous);
    lastHash = HexFormat.of().formatHex(hash);
    return LogEntry.newBuilder()
        .setSessionId(session)
        .setSeqNumber(index)
        .setOdapPhase("p2")
        .setSourceGatewayDltSystem("ledger-1")
        .setRecipientGatewayDltSystem("ledger-2")
        .setTimestamp(1_606_157_330L)
        .setPayload(
            LogPayload.newBuilder()
                .setMessage("init-lock")
                .setMessageType("2pc-log")
                .setVotes("none")
                .setStep(3)
                .setOperation(LogOperation.LOG_OPERATION_INIT)
                .setGateways("GS"))
        .setPayloadHash(HexFormat.of().formatHex(hash("payload" + index)))
        .setLastEntryHash(previous)
        .setLogEntryHash(lastHash)
        .setMessageSignature(signature(hash))
        .build();
  }

  private static String signature(byte[] hash) {
    byte[] twice = new byte[2 * hash.length];
    System.arraycopy(hash, 0, twice, 0, hash.length);
    System.arraycopy(hash(HexFormat.of().formatHex(hash)), 0, twice, hash.length, hash.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(twice);
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
