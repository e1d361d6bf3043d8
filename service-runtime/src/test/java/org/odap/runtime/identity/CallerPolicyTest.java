package org.odap.runtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerPolicyTest {
  private static final CallerPolicy POLICY =
      CallerPolicy.of(
          List.of(
              new CallerRule("odapgw://a.example/g", List.of("p.S", "p.T/Read")),
              new CallerRule("odapclient://a.example/ou/*", List.of("p.T"))));

  @ParameterizedTest
  @Tag("CARD-3")
  @CsvSource({
    "odapgw://a.example/g, p.S/Any, ALLOWED",
    "odapgw://a.example/g, p.T/Read, ALLOWED",
    "odapgw://a.example/g, p.T/Write, DENIED",
    "odapgw://a.example/g, p.SX/Any, DENIED",
    "odapgw://a.example/g2, p.S/Any, CALLER_UNKNOWN",
    "odapclient://a.example/ou/x, p.T/Write, ALLOWED",
    "odapclient://a.example/ou2/x, p.T/Write, CALLER_UNKNOWN",
    "odapclient://b.example/ou/x, p.T/Write, CALLER_UNKNOWN",
  })
  void onlyWhatARuleNamesIsAllowed(String caller, String method, CallerPolicy.Decision decision) {
    assertThat(POLICY.decide(new Identity(caller), method)).isEqualTo(decision);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "odapgw://*", "odapgw://*/x", "odapgw://a.example*", "odapgw://a*b/x", "x"})
  void aRuleThatCouldCoverOtherOrganizationsIsAMistake(String identity) {
    assertThat(new CallerRule(identity, List.of("p.S")).mistakes()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"odapgw://a.example/*", "odapclient://a.example/ou/*", "odapgw:a/g"})
  void aRuleWithinOneOrganizationIsNot(String identity) {
    assertThat(new CallerRule(identity, List.of("p.S")).mistakes()).isEmpty();
  }
}
