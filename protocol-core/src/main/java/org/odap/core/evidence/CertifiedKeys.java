package org.odap.core.evidence;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys each side may have signed with, as certificates of the bundle say: its gateway's and
 * those of the backups that took over (recovery-01 4.2).
 *
 * @param sender keys of the sender gateway
 * @param recipient keys of the recipient gateway
 */
record CertifiedKeys(Set<String> sender, Set<String> recipient) {
  static CertifiedKeys of(List<GatewayRecord> records) {
    Set<String> sender = new LinkedHashSet<>();
    Set<String> recipient = new LinkedHashSet<>();
    for (GatewayRecord record : records) {
      (record.sender() ? sender : recipient).addAll(record.publicKeys());
      (record.sender() ? recipient : sender).addAll(record.peerPublicKeys());
    }
    return new CertifiedKeys(sender, recipient);
  }

  Set<String> of(boolean bySender) {
    return bySender ? sender : recipient;
  }
}
