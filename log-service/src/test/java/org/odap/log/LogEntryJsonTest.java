package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.log.store.Chain;

/** Log entries as JSON have the names of recovery-01's figures 9 and 10. */
@Tag("2PC-2")
class LogEntryJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode json(LogEntry entry) throws Exception {
    return JSON.readTree(JsonFormat.printer().print(entry));
  }

  @Test
  void theFiguresFieldsHaveTheFiguresNames() throws Exception {
    JsonNode json =
        json(
            Chain.fresh()
                .nextEntry()
                .setSourceGatewayUid("odapgw://alpha.example/gateway-1")
                .setRecipientGatewayUid("odapgw://beta.example/gateway-1")
                .build());
    assertThat(json.properties().stream().map(field -> field.getKey()))
        .contains(
            "sessionId",
            "seqNumber",
            "phaseId",
            "sourceGatewayId",
            "sourceDltId",
            "targetGatewayId",
            "targetDltId",
            "timestamp",
            "payload",
            "payloadHash",
            "logEntryHash");
    assertThat(json.get("payload").properties().stream().map(field -> field.getKey()))
        .contains("messageType", "message", "votes");
    assertThat(json.get("timestamp").isTextual()).isTrue();
    assertThat(json.get("seqNumber").isInt()).isTrue();
  }

  @Test
  void aFigureIsReadAsAnEntry() throws Exception {
    LogEntry.Builder entry = LogEntry.newBuilder();
    JsonFormat.parser()
        .merge(
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
            """,
            entry);
    assertThat(entry.getOdapPhase()).isEqualTo("lock");
    assertThat(entry.getSourceGatewayDltSystem()).isEqualTo("Hyperledger-Fabric-JusticeChain");
    assertThat(entry.getTimestamp()).isEqualTo(1_606_157_330L);
    assertThat(entry.getPayload().getMessage()).isEqualTo("LOCK_ASSET");
  }

  @Test
  void optionalFieldsAreThereWhenSetOnly() throws Exception {
    List<String> optional =
        List.of(
            "loggingProfile",
            "sourceGatewayId",
            "targetGatewayId",
            "messageSignature",
            "lastEntryHash",
            "accessControlProfile");
    LogEntry.Builder entry = Chain.fresh().nextEntry().clearMessageSignature();
    assertThat(json(entry.build()).properties().stream().map(field -> field.getKey()))
        .doesNotContainAnyElementsOf(optional);
    entry
        .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_EXTERNAL_STORE)
        .setSourceGatewayUid("a")
        .setRecipientGatewayUid("b")
        .setMessageSignature("c")
        .setLastEntryHash("d")
        .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_ORGANISATION);
    assertThat(json(entry.build()).properties().stream().map(field -> field.getKey()))
        .containsAll(optional);
  }
}
