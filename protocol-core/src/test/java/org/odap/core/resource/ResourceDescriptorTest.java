package org.odap.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("ODAP-2")
class ResourceDescriptorTest {
  @Test
  void theDraftsExamplesAreUnderstood() {
    assertThat(ResourceDescriptor.parse("odapres://quant/api.gateway1.com/ripple"))
        .contains(new ResourceDescriptor("quant", "api.gateway1.com", "ripple", ""));
    assertThat(
            ResourceDescriptor.parse("odapres://quant/api.gateway1.com/bitcoin/xxxxxADDRESSxxxxx"))
        .contains(
            new ResourceDescriptor("quant", "api.gateway1.com", "bitcoin", "xxxxxADDRESSxxxxx"));
    assertThat(ResourceDescriptor.MEDIA_TYPE).isEqualTo("application/odapres");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "odapres://quant/api.gateway1.com",
        "odapres://quant/api.gateway1.com/ripple",
        "odapres://529900T8BM49AURSDO55/localhost/EU-supply-chain/a/b/c",
        "odapres://quant/api.gateway1.com/bitcoin/contract:41@7;x=%20%C3%A4"
      })
  void whatIsParsedIsFormattedTheSame(String text) {
    assertThat(ResourceDescriptor.parse(text).orElseThrow().format()).isEqualTo(text);
  }

  @Test
  void theGatewaysNameIsReadWithoutRegardToCase() {
    assertThat(ResourceDescriptor.parse("odapres://Quant/API.Gateway1.COM/Ripple"))
        .contains(new ResourceDescriptor("Quant", "api.gateway1.com", "Ripple", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "odapres:quant/api.gateway1.com/ripple",
        "ODAPRES://quant/api.gateway1.com/ripple",
        "https://quant/api.gateway1.com/ripple",
        "odapres://quant",
        "odapres:///api.gateway1.com/ripple",
        "odapres://quant//ripple",
        "odapres://quant/api.gateway1.com/",
        "odapres://quant/api.gateway1.com/ripple/",
        "odapres://quant/api.gateway1.com/ripple//x",
        "odapres://quant/api.gateway1.com/../other",
        "odapres://quant/api.gateway1.com/ripple/.",
        "odapres://quant/api.gateway1.com/ripple/a b",
        "odapres://quant/api.gateway1.com/ripple?x=1",
        "odapres://quant/api.gateway1.com/ripple#x",
        "odapres://quant/api.gateway1.com/ripple/ä",
        "odapres://quant/api.gateway1.com/ripple/%2Fx",
        "odapres://quant/api.gateway1.com/ripple/%41",
        "odapres://quant/api.gateway1.com/ripple/%c3",
        "odapres://quant/api.gateway1.com/ripple/%2",
        "odapres://quant/api.gateway1.com/ripple/%00",
        "odapres://quant/-api.gateway1.com/ripple",
        "odapres://quant/api..com/ripple",
        "odapres://quant/api_1.com/ripple",
        "odapres://quant/api.gateway1.com:8443/ripple"
      })
  void whatHasAnotherSpellingOrNoneIsRefused(String text) {
    assertThat(ResourceDescriptor.parse(text)).isEmpty();
  }

  @Test
  void aTextThatIsTooLongIsRefused() {
    String prefix = "odapres://quant/api.gateway1.com/ripple/";
    String longest = prefix + "x".repeat(ResourceDescriptor.MAX_LENGTH - prefix.length());
    assertThat(ResourceDescriptor.parse(longest)).isPresent();
    assertThat(ResourceDescriptor.parse(longest + "x")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "odapres://quant/gw.com/bitcoin, odapres://quant/gw.com/bitcoin/xxxxxADDRESSxxxxx, true",
    "odapres://quant/gw.com/bitcoin, odapres://quant/gw.com/bitcoin, true",
    "odapres://quant/gw.com, odapres://quant/gw.com/bitcoin/a/b, true",
    "odapres://quant/gw.com/bitcoin/a, odapres://quant/gw.com/bitcoin/a/b, true",
    "odapres://quant/gw.com/bit, odapres://quant/gw.com/bitcoin, false",
    "odapres://quant/gw.com/bitcoin/a, odapres://quant/gw.com/bitcoin/ab, false",
    "odapres://quant/gw.com/bitcoin/a, odapres://quant/gw.com/bitcoin, false",
    "odapres://quant/gw.com/bitcoin, odapres://quant/gw.com/ripple, false",
    "odapres://quant/gw.com/bitcoin, odapres://quant/gw2.com/bitcoin, false",
    "odapres://quant/gw.com/bitcoin, odapres://other/gw.com/bitcoin, false"
  })
  void whatLiesBelowIsCovered(String upper, String lower, boolean covered) {
    ResourceDescriptor above = ResourceDescriptor.parse(upper).orElseThrow();
    assertThat(above.covers(ResourceDescriptor.parse(lower).orElseThrow())).isEqualTo(covered);
  }

  @Test
  void noDescriptorIsMadeOfPartsThatAreNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceDescriptor("quant", "API.com", "ripple", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceDescriptor("quant", "api.com", "a/b", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceDescriptor("quant", "api.com", "", "resource"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceDescriptor("quant", "api.com", "ripple", "a//b"));
  }
}
