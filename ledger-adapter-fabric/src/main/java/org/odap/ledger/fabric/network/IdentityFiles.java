package org.odap.ledger.fabric.network;

import java.nio.file.Path;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Description;

/** Whom the adapter acts as on the network. The files are read again when they change. */
public record IdentityFiles(
    @Description("membership service provider (MSP) of the organization")
        @Bounds(min = "1", max = "128")
        String mspId,
    @Description("enrollment certificate, PEM; or a folder that holds nothing else (signcerts)")
        Path certificate,
    @Description(
            "private key of the certificate, PEM (PKCS#8), closed to others; or a folder that holds nothing"
                + " else (keystore)")
        Path key) {}
