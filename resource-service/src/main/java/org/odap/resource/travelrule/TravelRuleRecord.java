package org.odap.resource.travelrule;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Travel-rule data as they are stored: what came, who put it, who may read it.
 *
 * @param payload encrypted to the counterparty; this service can't read it
 * @param storedAt UNIX milliseconds
 */
record TravelRuleRecord(
    @JsonProperty("transfer_id") String transferId,
    @JsonProperty("put_by") String putBy,
    @JsonProperty("readers") List<String> readers,
    @JsonProperty("payload") String payload,
    @JsonProperty("stored_at") long storedAt) {
  TravelRuleRecord {
    readers = List.copyOf(readers);
  }

  boolean isSameAs(TravelRuleRecord other) {
    return payload.equals(other.payload) && readers.equals(other.readers);
  }
}
