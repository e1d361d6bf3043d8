package org.odap.log.store;

import com.google.protobuf.ByteString;
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
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/** Makes the entries of one log as a gateway would, with made-up hashes in a proper chain. */
public final class Chain {
  private final LogId log;
  private final String salt;
  private int index;
  private String lastHash = "";

  public Chain(LogId log) {
    this(log, "");
  }

  public Chain(LogId log, String salt) {
    this.log = log;
    this.salt = salt;
  }

  /** A chain of a log nobody else has. */
  public static Chain fresh() {
    return new Chain(log(UUID.randomUUID(), "sender"));
  }

  public static LogId log(UUID session, String role) {
    String value = session + "/" + role;
    return ((Outcome.Done<LogId>) LogId.parse(value)).value();
  }

  /** The same log so far; what either makes from here on differs. */
  public Chain fork(String newSalt) {
    Chain fork = new Chain(log, newSalt);
    fork.index = index;
    fork.lastHash = lastHash;
    return fork;
  }

  public LogId log() {
    return log;
  }

  public int index() {
    return index;
  }

  public LogEntry.Builder nextEntry() {
    index++;
    String previous = lastHash;
    lastHash = hash(log + salt + index + previous);
    return LogEntry.newBuilder()
        .setSessionId(log.sessionId())
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
        .setPayloadHash(hash("payload" + index))
        .setLastEntryHash(previous)
        .setLogEntryHash(lastHash)
        .setMessageSignature(signature(lastHash));
  }

  /** As long and as random as a signature. */
  static String signature(String hash) {
    byte[] bytes = HexFormat.of().parseHex(hash(hash) + hash("2" + hash));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public ByteString next() {
    return nextEntry().build().toByteString();
  }

  public List<ByteString> next(int count) {
    List<ByteString> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(next());
    }
    return entries;
  }

  public static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
