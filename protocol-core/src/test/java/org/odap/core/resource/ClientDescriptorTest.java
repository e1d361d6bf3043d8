package org.odap.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("ODAP-3")
class ClientDescriptorTest {
  private static final ClientDescriptor RILEY =
      new ClientDescriptor("quant", "api.overledger.quant.com", "research", "luke.riley");

  @Test
  void bothFormsOfTheDraftAreUnderstood() {
    assertThat(
            ClientDescriptor.parse("odapclient:quant/api.overledger.quant.com/research/luke.riley"))
        .contains(RILEY);
    assertThat(
            ClientDescriptor.parse(
                "odapclient://quant/API.overledger.quant.com/research/luke.riley"))
        .contains(RILEY);
    assertThat(RILEY.format())
        .isEqualTo("odapclient:quant/api.overledger.quant.com/research/luke.riley");
    assertThat(ClientDescriptor.MEDIA_TYPE).isEqualTo("application/odapclient");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "odapclient:",
        "odapclient:quant/api.quant.com/research",
        "odapclient:quant/api.quant.com/research/luke/riley",
        "odapclient:quant/api.quant.com//luke",
        "odapclient:///quant/api.quant.com/research/luke",
        "odapclient:/quant/api.quant.com/research/luke",
        "odapres://quant/api.quant.com/research/luke",
        "odapclient:quant/api.quant.com/research/*",
        "odapclient:quant/*/research/luke",
        "odapclient:quant/api.quant.com/../luke"
      })
  void whatIsNoDescriptorIsRefused(String text) {
    assertThat(ClientDescriptor.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "odapclient:quant/api.overledger.quant.com/research/luke.riley, true",
    "odapclient://quant/API.overledger.quant.com/research/luke.riley, true",
    "odapclient:quant/api.overledger.quant.com/research/*, true",
    "odapclient:quant/api.overledger.quant.com/research, true",
    "odapclient:quant/*/research, true",
    "odapclient:quant, true",
    "odapclient:*, true",
    "odapclient:*/*/*/luke.riley, true",
    "odapclient:quan, false",
    "odapclient:quant/api.overledger.quant.com/research/luke, false",
    "odapclient:quant/api.overledger.quant.com/sales, false",
    "odapclient:hsbc, false",
    "odapclient:quant/other.com, false",
    "odapclient:Quant, false"
  })
  void aPatternSpeaksOfIndividualsGroupsAndOrganizations(String pattern, boolean matches) {
    assertThat(ClientPattern.parse(pattern).orElseThrow().matches(RILEY)).isEqualTo(matches);
  }

  @Test
  void equalPatternsAreEqual() {
    ClientPattern everyone = ClientPattern.parse("odapclient:quant/*/*/*").orElseThrow();
    assertThat(everyone)
        .isEqualTo(ClientPattern.parse("odapclient://quant").orElseThrow())
        .hasToString("odapclient:quant");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "odapclient:",
        "odapclient:quant/",
        "odapclient:quant/api.*.com",
        "odapclient:quant/a/b/c/d",
        "odapclient:quant/api.com/re*/x"
      })
  void whatIsNoPatternIsRefused(String text) {
    assertThat(ClientPattern.parse(text)).isEmpty();
  }
}
