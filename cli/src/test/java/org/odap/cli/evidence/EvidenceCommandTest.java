package org.odap.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.CliException;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import picocli.CommandLine;

/** On the evidence of a real transfer from Ethereum to SQL, recorded by odap demo. */
class EvidenceCommandTest {
  @TempDir private Path folder;

  private static Path recorded(String name) throws URISyntaxException {
    return Path.of(EvidenceCommandTest.class.getResource(name).toURI());
  }

  private static int odap(String... arguments) {
    return new CommandLine(new EvidenceCommand()).execute(arguments);
  }

  @Test
  @Tag("ARCH-6")
  @Tag("SD-2")
  void evidenceRecordedFromAGatewayStillVerifies() throws URISyntaxException {
    EvidenceReport report =
        EvidenceVerifier.verify(
            EvidenceFile.read(recorded("completed.json")),
            EvidenceFile.certificates(List.of(recorded("alpha.pem"), recorded("beta.pem"))));

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
    assertThat(ReportText.story(report))
        .anySatisfy(line -> assertThat(line).contains("sender", "extinguished no. 1001"))
        .anySatisfy(line -> assertThat(line).contains("recipient", "created no. 1001"));
    assertThat(ReportText.json(report)).contains("\"holds\":true", "\"outcome\":\"completed\"");
  }

  @Test
  void theExitCodeSaysWhetherItHolds() throws IOException, URISyntaxException {
    Path good = recorded("completed.json");
    assertThat(odap("verify", good.toString())).isZero();

    Path bad = folder.resolve("changed.json");
    Files.writeString(bad, Files.readString(good).replaceFirst("\"1001\"", "\"1002\""));
    assertThat(odap("verify", bad.toString())).isEqualTo(1);
    assertThat(odap("verify", good.toString(), "--trust", recorded("alpha.pem").toString()))
        .isEqualTo(1);
  }

  @Test
  @Tag("ARCH-6")
  void anEntityVouchesForItsOwnOrganizationOnly() throws URISyntaxException {
    String good = recorded("completed.json").toString();
    String alpha = recorded("alpha.pem").toString();
    String beta = recorded("beta.pem").toString();

    assertThat(
            odap(
                "verify",
                good,
                "--trust",
                "alpha.example=" + alpha,
                "--trust=beta.example=" + beta))
        .isZero();
    assertThat(
            odap(
                "verify",
                good,
                "--trust",
                "beta.example=" + alpha,
                "--trust=alpha.example=" + beta))
        .isEqualTo(1);
    assertThat(odap("verify", good, "--trust", "alpha.example=" + alpha, "--trust", beta))
        .isNotZero();
  }

  @Test
  void whatWasExportedIsTold() throws URISyntaxException, JsonProcessingException {
    EvidenceBundle bundle = EvidenceFile.read(recorded("completed.json"));
    Path file = folder.resolve("evidence.json");

    assertThat(ExportText.line(bundle, file))
        .startsWith(file + ": ")
        .contains("of the sender, odapgw://alpha.example/gateway-1; ");
    JsonNode json = new ObjectMapper().readTree(ExportText.json(bundle, file));
    assertThat(json.get("file").asText()).isEqualTo(file.toString());
    assertThat(json.get("transfer_id").asText()).isEqualTo(bundle.getTransferId());
    JsonNode sender = json.get("logs").get(0);
    assertThat(sender.get("role").asText()).isEqualTo("sender");
    assertThat(sender.get("entries").asInt()).isEqualTo(bundle.getLogs(0).getEntriesCount());
    // Six requests of the three phases with their answers (ODAP 6 to 8).
    assertThat(sender.get("messages").asInt()).isEqualTo(12);
  }

  @Test
  void aFileIsReadBackAsWritten() throws URISyntaxException {
    EvidenceBundle bundle = EvidenceFile.read(recorded("completed.json"));
    Path file = folder.resolve("evidence.json");
    EvidenceFile.write(bundle, file);
    assertThat(EvidenceFile.read(file)).isEqualTo(bundle);
  }

  @Test
  void whatIsNoEvidenceIsRefused() throws IOException {
    Path unknownField = folder.resolve("unknown.json");
    Files.writeString(unknownField, "{\"format_version\": 1, \"note\": \"trust me\"}");
    assertThatThrownBy(() -> EvidenceFile.read(unknownField))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("is no evidence bundle")
        .hasMessageContaining("note");
    assertThatThrownBy(() -> EvidenceFile.read(folder.resolve("none.json")))
        .hasMessage("there is no file " + folder.resolve("none.json"));
  }
}
