package org.odap.log.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.runtime.identity.Identity;

/** Every profile against every kind of caller. */
@Tag("2PC-9")
class LogAccessTest {
  private static final Identity CREATOR = new Identity("odapgw://alpha.example/gateway-1");
  private static final String COUNTERPARTY = "odapgw://beta.example/gateway-1";

  @ParameterizedTest
  @CsvSource({
    // profile, caller, reads, writes
    "CREATOR_ONLY, odapgw://alpha.example/gateway-1, true, true",
    "CREATOR_ONLY, odapgw://alpha.example/gateway-2, false, false",
    "CREATOR_ONLY, odapgw://beta.example/gateway-1, false, false",
    "UNSPECIFIED, odapgw://alpha.example/gateway-1, true, true",
    "UNSPECIFIED, odapgw://alpha.example/gateway-2, false, false",
    "UNSPECIFIED, odapgw://beta.example/gateway-1, false, false",
    "ORGANISATION, odapgw://alpha.example/gateway-1, true, true",
    "ORGANISATION, odapgw://alpha.example/gateway-2, true, true",
    "ORGANISATION, odapclient://alpha.example/client-1, false, false",
    "ORGANISATION, odapgw://alpha.example.evil/gateway-1, false, false",
    "ORGANISATION, odapgw://beta.example/gateway-1, false, false",
    "COUNTERPARTY, odapgw://alpha.example/gateway-1, true, true",
    "COUNTERPARTY, odapgw://alpha.example/gateway-2, true, true",
    "COUNTERPARTY, odapclient://alpha.example/client-1, false, false",
    "COUNTERPARTY, odapgw://beta.example/gateway-1, true, false",
    "COUNTERPARTY, odapgw://beta.example/gateway-2, false, false",
  })
  void whomAProfileLetsIn(String profile, String caller, boolean reads, boolean writes) {
    LogAccess access =
        new LogAccess(AccessControlProfile.valueOf("ACCESS_CONTROL_PROFILE_" + profile), CREATOR);
    Identity identity = new Identity(caller);
    assertThat(access.mayRead(identity, () -> Optional.of(COUNTERPARTY))).isEqualTo(reads);
    assertThat(access.mayWrite(identity)).isEqualTo(writes);
    // Without a counterparty named, nobody outside is let in.
    assertThat(access.mayRead(identity, Optional::empty)).isEqualTo(writes);
  }

  @ParameterizedTest
  @CsvSource({"odapgw://alpha.example/gateway-1, true", "odapgw://alpha.example/gateway-2, false"})
  void aProfileOfALaterVersionLetsInTheCreatorOnly(String caller, boolean isLetIn) {
    LogAccess access = new LogAccess(AccessControlProfile.UNRECOGNIZED, CREATOR);
    assertThat(access.mayRead(new Identity(caller), () -> Optional.of(COUNTERPARTY)))
        .isEqualTo(isLetIn);
  }
}
