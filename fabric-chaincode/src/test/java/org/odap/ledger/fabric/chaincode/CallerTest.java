package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.odap.ledger.fabric.chaincode.Actors.COINS;
import static org.odap.ledger.fabric.chaincode.Actors.DEEDS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.junit.jupiter.api.Test;

/** Whom the chaincode takes a caller for (ODAP 5.5). */
class CallerTest {
  private final Actors actors = new Actors();
  private final InMemoryChannel channel = actors.channel;

  @Test
  void anAccountIsTheEnrollmentIdOfAnOrganization() {
    assertThat(account(actors.alice)).isEqualTo("AlphaMSP/alice");
    assertThat(account(actors.beta.enroll("alice"))).isEqualTo("BetaMSP/alice");
    assertThat(account(actors.alpha.enroll("carol/desk 2"))).isEqualTo("AlphaMSP/carol/desk 2");
  }

  @Test
  void anAccountSurvivesTheRenewalOfItsCertificate() {
    channel.submit(actors.issuer, "CreateAsset", "r1", DEEDS, "7", actors.alicesAccount);
    Identity renewed = actors.alpha.enroll("alice");
    channel.submit(renewed, "TransferAsset", DEEDS, "7", actors.bobsAccount);
    assertThat(actors.owner("7")).isEqualTo(actors.bobsAccount);
  }

  @Test
  void withoutAttributesTheCommonNameCounts() {
    assertThat(account(actors.alpha.certifyWithoutAttributes("CN=User1@alpha.example,OU=client")))
        .isEqualTo("AlphaMSP/User1@alpha.example");
    assertThat(account(actors.alpha.certifyWithoutAttributes("OU=client+CN=user2")))
        .isEqualTo("AlphaMSP/user2");
  }

  @Test
  void withoutAnyNameThereIsNoAccount() {
    refused(
        actors.alpha.certifyWithoutAttributes("OU=client"),
        "ACCOUNT_INVALID: the certificate has value: 0 common names (expected: the attribute"
            + " hf.EnrollmentID, or one common name)");
    refused(
        actors.alpha.certifyWithoutAttributes("CN=alice,CN=bob"),
        "ACCOUNT_INVALID: the certificate has value: 2 common names ");
    refused(actors.alpha.enroll(""), "ACCOUNT_INVALID: account: value: AlphaMSP/ ");
    refused(
        actors.alpha.certify("CN=x", "{\"attrs\":{\"hf.EnrollmentID\":\"a\\u0000b\"}}"),
        "ACCOUNT_INVALID: account: value: AlphaMSP/a?b ");
  }

  @Test
  void anOrganizationThatCouldBeTakenForAnothersAccountsIsRefused() {
    // "A/B" with "c" would have the account of "A" with "B/c".
    refused(new Organization("Alpha/MSP").enroll("alice"), "FIELD_INVALID: mspId: ");
  }

  @Test
  void rolesComeFromAttributesThatAreTrue() {
    assertThat(roles(actors.gateway)).containsExactly("odap.gateway");
    assertThat(roles(actors.alpha.enroll("all", "odap.gateway", "odap.issuer", "odap.admin")))
        .containsExactly("odap.gateway", "odap.issuer", "odap.admin");
    assertThat(roles(actors.alice)).isEmpty();
    for (String attributes :
        List.of(
            "{\"attrs\":{\"odap.gateway\":\"TRUE\"}}",
            "{\"attrs\":{\"odap.gateway\":\"\"}}",
            "{\"attrs\":{\"odap.gateway.\":\"true\"}}",
            "{\"odap.gateway\":\"true\"}",
            "odap.gateway=true",
            "[]")) {
      assertThat(roles(actors.alpha.certify("CN=eve", attributes))).as(attributes).isEmpty();
    }
  }

  @Test
  void administratorsAreToldByTheirNodeUnitToo() {
    assertThat(roles(actors.alpha.certifyWithoutAttributes("CN=Admin@alpha,OU=admin")))
        .containsExactly("odap.admin");
    assertThat(roles(actors.alpha.certifyWithoutAttributes("CN=admin,OU=client"))).isEmpty();
    assertThat(roles(actors.alpha.certifyWithoutAttributes("CN=eve\\,OU\\=admin,OU=client")))
        .isEmpty();
  }

  @Test
  void aRegisteredCertificateHasARoleUntilThatIsTakenBack() {
    Identity plain = actors.alpha.certifyWithoutAttributes("CN=gateway-2,OU=client");
    String[] registration = {"odap.gateway", "AlphaMSP", plain.certificateHash()};
    assertThat(registered("RegisterIdentity", registration)).isTrue();
    assertThat(registered("RegisterIdentity", registration)).isFalse();
    assertThat(roles(plain)).containsExactly("odap.gateway");

    Transfer transfer = Transfer.of(actors).by(plain);
    transfer.logIncoming(COINS, "1", actors.bobsAccount);

    // Another certificate of the same name is another identity.
    Identity other = actors.alpha.certifyWithoutAttributes("CN=gateway-2,OU=client");
    assertThat(roles(other)).isEmpty();
    assertThat(registered("DeregisterIdentity", registration)).isTrue();
    assertThat(registered("DeregisterIdentity", registration)).isFalse();
    assertThatThrownBy(transfer::create).hasMessageStartingWith("PERMISSION_DENIED: ");
  }

  @Test
  void aCallThatTheClientDidNotSignIsRefused() {
    channel.submit(actors.issuer, "CreateAsset", "r1", DEEDS, "7", actors.alicesAccount);
    String[] call = {"TransferAsset", DEEDS, "7", actors.bobsAccount};
    String told = "PERMISSION_DENIED: the client did not sign this call to odap, as when another ";
    List<String> harmless = List.of("PlayAGame", "7");
    assertThatThrownBy(() -> channel.simulateSigned(actors.alice, "odap", harmless, call))
        .isInstanceOf(ChaincodeException.class)
        .hasMessageStartingWith(told);
    // A chaincode that looks like this one.
    assertThatThrownBy(() -> channel.simulateSigned(actors.alice, "0dap", List.of(call), call))
        .isInstanceOf(ChaincodeException.class)
        .hasMessageStartingWith(told);
    // Names by which the contract API would find the function.
    for (String name : List.of("TransferAsset:", "TransferAsset:x:y", "x:TransferAsset")) {
      assertThatThrownBy(() ->
              channel.simulateSigned(
                  actors.alice, "odap", harmless, name, DEEDS, "7", actors.bobsAccount))
          .hasMessage("Undefined contract method called");
    }
    // Another chaincode may ask.
    channel.simulateSigned(actors.alice, "games", harmless, "GetAsset", DEEDS, "7");
  }

  @Test
  void theEndorsersClockCanBeAsked() {
    assertThat(channel.evaluate(actors.alice, "GetTime").toString())
        .isEqualTo("{\"time\":\"1767268800000\"}");
  }

  @Test
  void classesSayWhoseTheyAreAndWhoseGatewaysMayTransferThem() {
    channel.submit(actors.admin, "AllowGateways", COINS, "BetaMSP");
    assertThat(channel.evaluate(actors.alice, "GetClasses").toString())
        .isEqualTo(
            """
            [{"assetClass":"coins","gatewayMspIds":["BetaMSP"],"kind":"FUNGIBLE","mspId":"AlphaMSP"},\
            {"assetClass":"deeds","gatewayMspIds":[],"kind":"UNIQUE","mspId":"AlphaMSP"}]\
            """);
  }

  private boolean registered(String function, String... registration) {
    return channel
        .submit(actors.admin, function, registration[0], registration[1], registration[2])
        .get("changed")
        .asBoolean();
  }

  private String account(Identity who) {
    return channel.evaluate(who, "GetIdentity").get("account").asText();
  }

  private List<String> roles(Identity who) {
    return channel
        .evaluate(who, "GetIdentity")
        .get("roles")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  private void refused(Identity who, String told) {
    assertThatThrownBy(() -> channel.evaluate(who, "GetIdentity"))
        .isInstanceOf(ChaincodeException.class)
        .hasMessageStartingWith(told);
  }
}
