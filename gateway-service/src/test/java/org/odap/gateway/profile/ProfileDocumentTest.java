package org.odap.gateway.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asset profiles are read strictly: by the published schema, and nothing beside it (SD-3). */
@Tag("ODAP-8")
@Tag("SD-3")
class ProfileDocumentTest {
  private static final String SOUND =
      """
      {"profile_id": "urn:example:bond", "profile_version": "1", "kind": "ASSET_KIND_FUNGIBLE",
       "issuer": "Good AG", "asset_code": "BOND", "decimals": 2, "keywords": ["a", "b"],
       "attributes": {"coupon": "2.5"}, "expiration_date": "2030-02-28"}\
      """;

  private static final int INPUTS = 20_000;

  @Test
  void aProfileByTheSchemaIsRead() {
    assertThat(ProfileDocument.parse(SOUND).getAttributesMap()).containsEntry("coupon", "2.5");
  }

  /** What JSON readers, and protobuf's own, let pass. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "an unknown member | \"issuer\" | \"isuer\": \"x\", \"issuer\"",
        "a member twice | \"issuer\" | \"issuer\": \"x\", \"issuer\"",
        "another spelling | \"profile_id\" | \"profileId\"",
        "a number as text | 2, | \"2\",",
        "an enum by number | \"ASSET_KIND_FUNGIBLE\" | 2",
        "null | \"Good AG\" | null",
        "a day that is not | 2030-02-28 | 2030-02-30",
        "a list for a text | \"Good AG\" | [\"Good AG\"]",
        "a fraction | 2, | 2.5,",
        "text after the end | 02-28\"} | 02-28\"} {}",
      })
  void whatTheSchemaDoesNotTakeIsRefused(String what, String found, String instead) {
    assertThat(SOUND).contains(found);
    assertThatIllegalArgumentException()
        .as(what)
        .isThrownBy(() -> ProfileDocument.parse(SOUND.replace(found, instead)));
  }

  @Test
  void theFileAndAllMistakesAreNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("bond.json");
    Files.writeString(file, "{\"profile_id\": \"x y\", \"kind\": \"GAS\"}");

    assertThatIOException()
        .isThrownBy(() -> ProfileDocument.read(file))
        .withMessageContainingAll("bond.json", "profile_id", "kind", "issuer", "asset_code");
  }

  /** Damaged documents are refused or read, and nothing else happens. */
  @Test
  void noDocumentBreaksTheReader() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < INPUTS; i++) {
      String document = damaged(random);
      try {
        ProfileDocument.parse(document);
      } catch (IllegalArgumentException e) {
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", input " + i + ": " + document, e);
      }
    }
    System.out.println(
        "asset profiles: " + INPUTS + " damaged documents, " + refused + " refused, seed " + seed);
    assertThat(refused).isBetween(1, INPUTS - 1);
  }

  private static String damaged(Random random) {
    StringBuilder document = new StringBuilder(SOUND);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(document.length());
      switch (random.nextInt(4)) {
        case 0 -> document.deleteCharAt(at);
        case 1 -> document.insert(at, (char) random.nextInt(0x2100));
        case 2 -> document.setCharAt(at, "[]{}\",:0-e\\".charAt(random.nextInt(12 - 1)));
        default ->
            document.insert(at, document.substring(at, random.nextInt(at, document.length())));
      }
    }
    return document.toString();
  }
}
