package org.odap.attestation.appraisal;

import java.nio.file.Path;
import java.time.Duration;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** Whom a verifier believes, and where it remembers. */
public record VerifierConfig(
    @Description("file with policy and reference values; taken anew when it changes")
        Path policyFile,
    @Description("how often the policy's file is looked at")
        @Default("2s")
        @Bounds(min = "100ms", max = "1h")
        Duration policyInterval,
    @Description("folder of known attestation keys; made when it does not exist; one service's")
        Path dataDirectory,
    @Description("time for the answer to a challenge or credential")
        @Default("60s")
        @Bounds(min = "1s", max = "10m")
        Duration answerTimeout) {}
