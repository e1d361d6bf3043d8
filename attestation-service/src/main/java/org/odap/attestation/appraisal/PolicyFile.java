package org.odap.attestation.appraisal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.Pem;

/** The verifier's policy as its file says it. */
public record PolicyFile(
    @Description("time a result holds; then the gateway is attested anew")
        @Default("10m")
        @Bounds(min = "10s", max = "24h")
        Duration resultValidity,
    @Description("the first that names a gateway holds for it; a gateway without one is refused")
        @Bounds(min = "1")
        List<Profile> profiles)
    implements Checked {
  public PolicyFile {
    profiles = List.copyOf(profiles);
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    for (int i = 0; i < profiles.size(); i++) {
      Profile profile = profiles.get(i);
      for (var root : profile.endorsementRoots()) {
        try {
          var _ = Pem.certificates(root);
        } catch (IdentityException e) {
          mistakes.add("profiles[" + i + "].endorsement-roots: " + e.getMessage());
        }
      }
    }
    if (profiles.stream().map(Profile::name).distinct().count() < profiles.size()) {
      mistakes.add("profiles: two have the same name (expected: different names)");
    }
    return mistakes;
  }
}
