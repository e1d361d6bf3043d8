package org.odap.runtime.identity;

import java.nio.file.Path;
import java.util.List;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Description;

/** Where a service's TLS material lies. The files are read again when they change. */
public record TlsFiles(
    @Description("own certificate first, then its issuers, PEM") Path certificate,
    @Description("private key of the certificate, PEM (PKCS#8)") Path key,
    @Description("organizations whose members may connect or be connected to") @Bounds(min = "1")
        List<TrustedOrganization> trusted) {}
