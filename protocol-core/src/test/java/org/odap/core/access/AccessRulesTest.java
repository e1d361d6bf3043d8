package org.odap.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.core.access.AccessFile.AccessRequest;
import org.odap.core.access.AccessFile.Rule;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;

/** Rules from client patterns to actions on resource prefixes, silence denies (ODAP 5.5). */
@Tag("ODAP-4")
class AccessRulesTest {
  private static final AccessFile FILE =
      new AccessFile(
          Map.of("traders", List.of("odapclient:quant/api.quant.com/trading", "odapclient:hsbc")),
          List.of(
              rule("traders", List.of(Permission.TRANSFER, Permission.VIEW), "odapres://a/g.com"),
              rule(
                  "odapclient:quant/*/*/luke",
                  List.of(Permission.READ),
                  "odapres://a/g.com/bitcoin"),
              rule(
                  "odapclient:quant/api.quant.com/trading/ann",
                  List.of(Permission.LOCK),
                  "odapres://a/g.com/bitcoin/coins/7")),
          List.of(
              new AccessRequest("odapres://a/g.com", "write to ops@a.example"),
              new AccessRequest("odapres://a/g.com/bitcoin", "call the bitcoin desk")));
  private static final AccessRules RULES =
      AccessRules.of(FILE, key -> 10 + Integer.parseInt(key.replaceAll("\\D", "")));

  private static Rule rule(String client, List<Permission> may, String on) {
    return new Rule(List.of(client), may, List.of(on));
  }

  private static ClientDescriptor client(String text) {
    return ClientDescriptor.parse(text).orElseThrow();
  }

  private static ResourceDescriptor resource(String text) {
    return ResourceDescriptor.parse(text).orElseThrow();
  }

  /** Each rule allows what it says; then each part of it is broken once. */
  @ParameterizedTest
  @CsvSource({
    "odapclient:quant/api.quant.com/trading/ann,   TRANSFER, odapres://a/g.com/bitcoin,         1",
    "odapclient://quant/API.quant.com/trading/ann, TRANSFER, odapres://a/g.com/bitcoin,         1",
    "odapclient:hsbc/any.com/any/one,              VIEW,     odapres://a/g.com,                 1",
    "odapclient:quant/api.quant.com/sales/ann,     TRANSFER, odapres://a/g.com/bitcoin,         0",
    "odapclient:quant/api.quant.com/trading/ann,   CANCEL,   odapres://a/g.com/bitcoin,         0",
    "odapclient:quant/api.quant.com/trading/ann,   TRANSFER, odapres://a/h.com/bitcoin,         0",
    "odapclient:quant/api.quant.com/trading/ann,   TRANSFER, odapres://b/g.com/bitcoin,         0",
    "odapclient:quant/other.com/dev/luke,          READ,     odapres://a/g.com/bitcoin/coins,   2",
    "odapclient:quant/other.com/dev/luke,          READ,     odapres://a/g.com/bitcoincash,     0",
    "odapclient:quant/other.com/dev/luke,          READ,     odapres://a/g.com,                 0",
    "odapclient:quant/other.com/dev/lukas,         READ,     odapres://a/g.com/bitcoin,         0",
    "odapclient:quantum/other.com/dev/luke,        READ,     odapres://a/g.com/bitcoin,         0",
    "odapclient:quant/other.com/dev/luke,          WRITE,    odapres://a/g.com/bitcoin,         0",
    "odapclient:quant/api.quant.com/trading/ann,   LOCK,     odapres://a/g.com/bitcoin/coins/7, 3",
    "odapclient:quant/api.quant.com/trading/ann,   LOCK,     odapres://a/g.com/bitcoin/coins/8, 0",
    "odapclient:quant/api.quant.com/trading/ann,   LOCK,     odapres://a/g.com/bitcoin/coins,   0"
  })
  void whatNoRuleAllowsIsDenied(String client, Permission permission, String on, int by) {
    Optional<AccessRule> allowing = RULES.allowing(client(client), permission, resource(on));

    assertThat(allowing.map(AccessRule::number).orElse(0)).isEqualTo(by);
  }

  @Test
  void aDenialNamesTheNearestRulesAndWhatOfThemDoesNotFit() {
    List<NearMiss> nearest =
        RULES.nearest(
            client("odapclient:quant/api.quant.com/trading/ann"),
            Permission.READ,
            resource("odapres://a/g.com/bitcoin"));

    assertThat(nearest.getFirst().rule()).hasToString("rule 1 (line 10)");
    assertThat(nearest.getFirst().misfits()).containsExactly("it allows only [TRANSFER, VIEW]");
    assertThat(nearest.get(1).misfits())
        .containsExactly("the client is none of [odapclient:quant/*/*/luke]");
  }

  @Test
  void howToAskForAccessIsSaidByWhatIsNearest() {
    assertThat(RULES.accessRequest(resource("odapres://a/g.com/bitcoin/coins")))
        .contains("call the bitcoin desk");
    assertThat(RULES.accessRequest(resource("odapres://a/g.com/other")))
        .contains("write to ops@a.example");
    assertThat(RULES.accessRequest(resource("odapres://b/g.com"))).isEmpty();
  }

  @Test
  void everyMistakeIsToldWithItsPlace() {
    AccessFile wrong =
        new AccessFile(
            Map.of("odapclient:x", List.of(), "staff", List.of("odapclient:a/b_c")),
            List.of(
                new Rule(List.of(), List.of(), List.of()),
                new Rule(
                    List.of("nobody", "odapclient:"),
                    List.of(Permission.READ),
                    List.of("odapres://a", "http://a/b"))),
            List.of(new AccessRequest("b", "x")));

    assertThat(AccessRules.mistakes(wrong))
        .extracting(mistake -> mistake.substring(0, mistake.indexOf(": ")))
        .containsExactlyInAnyOrder(
            "groups.odapclient:x",
            "groups.staff[0]",
            "rules[0].clients",
            "rules[0].may",
            "rules[0].on",
            "rules[1].clients[0]",
            "rules[1].clients[1]",
            "rules[1].on[0]",
            "rules[1].on[1]",
            "access-requests[0].on");
    assertThat(AccessRules.mistakes(FILE)).isEmpty();
  }

  @Test
  void anEmptyFileIsNotTaken() {
    assertThat(AccessRules.mistakes(new AccessFile(Map.of(), List.of(), List.of())))
        .containsExactly("rules: 0 entries (expected: from 1)");
  }

  /** Names come from clients too: none may point at more than itself. */
  @ParameterizedTest
  @CsvSource({
    "bitcoin,   coins, odapres://a.example/g.a.example/bitcoin/coins",
    "bitcoin,   '',    odapres://a.example/g.a.example/bitcoin",
    "bit/coin,  coins, odapres://a.example/g.a.example",
    "..,        coins, odapres://a.example/g.a.example",
    "bit coin,  a b,   odapres://a.example/g.a.example/bit%20coin/a%20b",
    "bitcoin,   a/b,   odapres://a.example/g.a.example/bitcoin/a/b",
    "bitcoin,   ../b,  odapres://a.example/g.a.example/bitcoin",
    "bitcoin,   '*',   odapres://a.example/g.a.example/bitcoin/%2A"
  })
  void everyNameIsAResourceOfTheGateway(String dlt, String assetClass, String name) {
    GatewayResources resources = GatewayResources.of("odapgw://a.example/g").orElseThrow();

    assertThat(resources.assets(dlt, assetClass)).hasToString(name);
  }
}
