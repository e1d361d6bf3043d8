package org.odap.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence of other people's machines, recorded by other projects: see vectors/README.md. */
@Tag("IT-8")
class RecordedEvidenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void quotesOfAMachineInTheCloudAreReadAndVerified() throws Exception {
    JsonNode machine = json("gce-cos-85");
    TpmPublic key = TpmPublic.parse("key", hex(machine, "attestationKey"));
    assertThat(key.attributes().restricted()).isTrue();
    assertThat(machine.get("quotes").size()).isEqualTo(3);

    for (JsonNode quote : machine.get("quotes")) {
      Attest attest = Attest.parse(hex(quote, "attest"));
      TpmSignature signature = TpmSignature.parse(hex(quote, "signature"));
      Map<Integer, ByteString> pcrs = pcrs(quote);
      HashAlgorithm bank = HashAlgorithm.valueOf(quote.get("bank").asText());

      assertThat(attest.extraData()).isEqualTo(hex(machine, "extraData"));
      assertThat(attest.pcrs())
          .isEqualTo(
              new PcrSelection(List.of(new PcrSelection.Bank(bank, List.copyOf(pcrs.keySet())))));
      assertThat(attest.pcrDigest())
          .isEqualTo(signature.scheme().hash().digest(pcrs.values().toArray(ByteString[]::new)));
      assertThat(signature.verifies(key, attest.encoded())).isTrue();
      assertThat(signature.verifies(key, attest.encoded().substring(1))).isFalse();
    }
  }

  @Test
  void theEventLogOfThatMachineReplaysToItsQuotedPcrs() throws Exception {
    EventLog log = EventLog.parse(bytes("gce-cos-85.eventlog"));

    for (JsonNode quote : json("gce-cos-85").get("quotes")) {
      Map<Integer, ByteString> pcrs = pcrs(quote);
      Map<Integer, ByteString> replayed =
          log.replay(HashAlgorithm.valueOf(quote.get("bank").asText()));
      // 10 is extended by the kernel (IMA) and is no affair of firmware's log.
      for (int pcr : List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 17, 23)) {
        assertThat(replayed.get(pcr)).as("PCR " + pcr).isEqualTo(pcrs.get(pcr));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arch-linux", "glinux"})
  void eventLogsReplayToThePcrsOfTheirMachines(String machine) throws Exception {
    EventLog log = EventLog.parse(bytes(machine + ".eventlog"));

    Map<Integer, ByteString> pcrs = pcrs(json(machine));
    Map<Integer, ByteString> replayed = log.replay(HashAlgorithm.SHA256);

    assertThat(pcrs).hasSizeGreaterThanOrEqualTo(8);
    pcrs.forEach((pcr, value) -> assertThat(replayed.get(pcr)).as("PCR " + pcr).isEqualTo(value));
  }

  @Test
  void aQuoteOfSha1IsReadButItsCertificationIsNoQuote() throws Exception {
    JsonNode machine = json("windows-gcp");
    TpmPublic key = TpmPublic.parse("key", hex(machine, "attestationKey"));
    Attest attest = Attest.parse(hex(machine, "attest"));
    TpmSignature signature = TpmSignature.parse(hex(machine, "signature"));

    assertThat(signature.scheme().hash()).isEqualTo(HashAlgorithm.SHA1);
    assertThat(signature.verifies(key, attest.encoded())).isTrue();
    assertThat(HashAlgorithm.SHA1.digest(pcrs(machine).values().toArray(ByteString[]::new)))
        .isEqualTo(attest.pcrDigest());
    assertThatThrownBy(() -> Attest.parse(hex(machine, "certify")))
        .isInstanceOf(TpmFormatException.class)
        .hasMessage("attest.type: value: 0x801a (expected: 0x8018, a quote)");
  }

  private static Map<Integer, ByteString> pcrs(JsonNode node) {
    Map<Integer, ByteString> pcrs = new TreeMap<>();
    for (Map.Entry<String, JsonNode> pcr : node.get("pcrs").properties()) {
      pcrs.put(Integer.valueOf(pcr.getKey()), ByteString.fromHex(pcr.getValue().asText()));
    }
    return pcrs;
  }

  private static ByteString hex(JsonNode node, String field) {
    return ByteString.fromHex(node.get(field).asText());
  }

  private static JsonNode json(String name) throws IOException {
    return JSON.readTree(bytes(name + ".json").toByteArray());
  }

  static ByteString bytes(String file) throws IOException {
    try (InputStream in = RecordedEvidenceTest.class.getResourceAsStream("/vectors/" + file)) {
      return ByteString.readFrom(in);
    }
  }
}
