package org.odap.cli.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.log.v1.WriteLogEntriesRequest;

/** Logs as long as a transfer's and with entries as large, in a proper chain of made-up hashes. */
final class SampleLog {
  /** Entries of a transfer's log, about. */
  static final int ENTRIES = 20;

  private final String session = UUID.randomUUID().toString();
  private String lastHash = "";

  private SampleLog() {}

  /** The appends that write one log, entry by entry; the last closes it. */
  static List<WriteLogEntriesRequest> appends(long epoch) {
    SampleLog log = new SampleLog();
    List<WriteLogEntriesRequest> appends = new ArrayList<>();
    for (int index = 1; index <= ENTRIES; index++) {
      appends.add(
          WriteLogEntriesRequest.newBuilder()
              .setLogId(log.session + "/sender")
              .setEpoch(epoch)
              .addEntries(log.entry(index))
              .setClose(index == ENTRIES)
              .build());
    }
    return appends;
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
