package org.odap.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.runtime.config.Description;

/** Secrets come from files: no key of any configuration takes one, and no service's environment. */
@Tag("CARD-3")
class SecretsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.odap");

  private static final Pattern SOUNDS_SECRET =
      Pattern.compile(
          ".*(key|secret|password|passphrase|token|credential|authorization|mnemonic|seed|pin"
              + "|private).*",
          Pattern.CASE_INSENSITIVE);

  /** Texts and numbers that sound so and are none. */
  private static final Set<String> PUBLIC =
      Set.of(
          // Public halves of keys, and what is written of them in a list of peers.
          "QuorumKeyConfig.publicKey",
          "PeerConfig.encryptionPubkey",
          "MemberConfig.pubkey",
          "MemberConfig.encryptionKey",
          "IssuerConfig.pubkey",
          "Profile.endorsementKeys",
          "CounterpartyConfig.publicKeys",
          // Names of keys.
          "EncryptionConfig.activeKey",
          "QuorumConfig.keyId",
          "AttesterConfig.attestationKey",
          "AttesterConfig.attestationKeyHandle",
          "AttesterConfig.endorsementKeyHandle");

  private static final DescribedPredicate<JavaAccess<?>> ENVIRONMENT =
      DescribedPredicate.describe(
          "the environment",
          access ->
              access.getTargetOwner().isEquivalentTo(System.class)
                  && access.getTarget().getName().equals("getenv"));

  private static Stream<RecordComponent> keysOfConfigurations() {
    return CLASSES.stream()
        .filter(found -> found.isAssignableTo(Record.class))
        .map(JavaClass::reflect)
        .flatMap(SecretsTest::components)
        .filter(component -> component.isAnnotationPresent(Description.class));
  }

  private static Stream<RecordComponent> components(Class<?> type) {
    try {
      return Arrays.stream(type.getRecordComponents());
    } catch (NoClassDefFoundError ofAnAdapter) {
      // Made of a ledger's own library, which is not on this path: no configuration is.
      return Stream.empty();
    }
  }

  /** What a file may stand for, or a record or list of records that is looked at by itself. */
  private static boolean isHarmless(Type type) {
    return switch (type) {
      case Class<?> plain -> plain == Path.class || plain.isRecord();
      // Of a map the values count.
      case ParameterizedType some ->
          isHarmless(some.getActualTypeArguments()[some.getActualTypeArguments().length - 1]);
      default -> false;
    };
  }

  private static String name(RecordComponent component) {
    return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
  }

  @Test
  void noKeyOfAConfigurationTakesASecret() {
    List<String> suspects =
        keysOfConfigurations()
            .filter(component -> SOUNDS_SECRET.matcher(component.getName()).matches())
            .filter(component -> !isHarmless(component.getGenericType()))
            .map(SecretsTest::name)
            .filter(name -> !PUBLIC.contains(name))
            .toList();

    assertThat(keysOfConfigurations().filter(c -> c.getType() == Path.class).map(SecretsTest::name))
        .as("those that name files are found")
        .contains("TlsFiles.key", "EthereumLedgerConfig.accountKeyFile");
    assertThat(suspects).as("to be files, or said to be public").isEmpty();
  }

  @Test
  void servicesReadNothingFromTheirEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            // A person's own command line, and what a Fabric peer starts and tells its ports.
            "org.odap.cli..",
            "org.odap.ledger.fabric.chaincode..",
            // Looks for a program on the path of a developer's machine.
            "org.odap.runtime.tpm..",
            // How its lines look, which is needed before any configuration is read.
            "org.odap.runtime.logging..")
        .should()
        .accessTargetWhere(ENVIRONMENT)
        .because("every process of the same user can read it, and so can crash reports")
        .check(CLASSES);
  }
}
