package org.odap.ledger.ethereum.submission;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction that was handed to the node, with all its replacements: they share a nonce, so the
 * chain takes at most one of them. Its fields change only under the outbox's lock; readers take
 * what is there.
 */
public final class Sent {
  private final BigInteger nonce;
  private final String to;
  private final String data;
  private final BigInteger wei;
  private final BigInteger gasLimit;
  private volatile List<Version> versions = List.of();

  record Version(String hash, String signed, Fees fees, long handedInNanos) {}

  Sent(BigInteger nonce, String to, String data, BigInteger wei, BigInteger gasLimit) {
    this.nonce = nonce;
    this.to = to;
    this.data = data;
    this.wei = wei;
    this.gasLimit = gasLimit;
  }

  BigInteger nonce() {
    return nonce;
  }

  String to() {
    return to;
  }

  String data() {
    return data;
  }

  BigInteger wei() {
    return wei;
  }

  BigInteger gasLimit() {
    return gasLimit;
  }

  /** Hashes of the transaction and its replacements, latest first. */
  public List<String> hashes() {
    return versions.reversed().stream().map(Version::hash).toList();
  }

  /** Hash of the latest version. */
  public String hash() {
    return latest().hash();
  }

  Version latest() {
    return versions.getLast();
  }

  /** Notes that the latest version was handed in once more. */
  void handedInAgain(long nanos) {
    Version latest = latest();
    List<Version> same = new ArrayList<>(versions.subList(0, versions.size() - 1));
    same.add(new Version(latest.hash(), latest.signed(), latest.fees(), nanos));
    versions = List.copyOf(same);
  }

  void add(Version version) {
    List<Version> more = new ArrayList<>(versions);
    more.add(version);
    versions = List.copyOf(more);
  }
}
