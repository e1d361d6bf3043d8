package org.odap.runtime.identity;

import java.nio.file.Path;
import org.odap.runtime.config.Description;

/**
 * An organization whose entity certificate we accept, for identities of that organization only: a
 * counterparty's certificate authority must never be able to name one of our own services.
 */
public record TrustedOrganization(
    @Description("host part of the identities it may vouch for, such as alpha.example")
        String organization,
    @Description("its entity certificate(s), PEM") Path certificate) {}
