package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Recovery;

/** Whether two gateways tell the same story: neither hides nor rewrites what it signed (SD). */
final class AgreementChecks {
  private AgreementChecks() {}

  static List<Check> of(List<GatewayRecord> records) {
    List<Check> checks = new ArrayList<>();
    checks.add(oneMessageANumber(records));
    if (records.size() == 2) {
      checks.add(nothingHidden(records.get(0), records.get(1)));
      checks.add(nothingHidden(records.get(1), records.get(0)));
    }
    return checks;
  }

  /**
   * A gateway logs a message before it sends it, so whatever the other one has of it must be in its
   * own log.
   */
  private static Check nothingHidden(GatewayRecord author, GatewayRecord reader) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Heard heard : reader.messages()) {
      boolean authored = MessageChecks.authoredBySender(reader, heard.message()) == author.sender();
      if (authored && !author.holds(heard.message().hash())) {
        findings.add(
            Finding.about(
                author.role(),
                "it lacks its own %s, which entry %d of the %s's log holds"
                    .formatted(heard.message().type(), heard.index(), reader.role())));
      }
    }
    return new Check(
        "Every message the %s holds of %s is in the latter's own log"
            .formatted(reader.role(), author.gateway()),
        findings);
  }

  private static Check oneMessageANumber(List<GatewayRecord> records) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> hashes = new HashMap<>();
    for (GatewayRecord record : records) {
      for (GatewayRecord.Heard heard : record.messages()) {
        OdapMessage message = heard.message();
        boolean bySender = MessageChecks.authoredBySender(record, message);
        String place =
            String.join(
                "/",
                Boolean.toString(bySender),
                // Recoveries have numbers of their own.
                Boolean.toString(Recovery.isAbout(message.type())),
                Boolean.toString(message.type().request()),
                Integer.toString(message.sequenceNumber()));
        String other = hashes.putIfAbsent(place, message.hash());
        if (other != null && !other.equals(message.hash())) {
          findings.add(
              new Finding(
                  record.role(),
                  heard.index(),
                  "the %s signed two different messages under number %d"
                      .formatted(bySender ? "sender" : "recipient", message.sequenceNumber())));
        }
      }
    }
    return new Check("No gateway signed two messages under one sequence number", findings);
  }
}
