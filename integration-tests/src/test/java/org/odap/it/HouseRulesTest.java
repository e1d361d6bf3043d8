package org.odap.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house that a compiler does not know: which module may use which, names that say
 * nothing, a core without side effects. There is no list of permitted exceptions.
 */
class HouseRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.odap");

  /** The adapter's packages lie above those of the chaincode and of the development peer. */
  private static final DescribedPredicate<JavaClass> FABRIC_ADAPTER =
      JavaClass.Predicates.resideInAPackage("org.odap.ledger.fabric..")
          .and(
              JavaClass.Predicates.resideOutsideOfPackages(
                  "org.odap.ledger.fabric.chaincode..", "org.odap.ledger.fabric.development.."));

  private static final DescribedPredicate<JavaAccess<?>> THREAD_SLEEP =
      DescribedPredicate.describe(
          "Thread.sleep",
          access ->
              access.getTargetOwner().isEquivalentTo(Thread.class)
                  && access.getTarget().getName().equals("sleep"));

  private static final DescribedPredicate<JavaAccess<?>> CLOCK_OR_CHANCE =
      DescribedPredicate.describe(
          "the clock or chance",
          access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return switch (owner) {
              case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(name);
              case "java.time.Instant", "java.time.LocalDateTime", "java.time.ZonedDateTime" ->
                  name.equals("now");
              case "java.util.UUID" -> name.equals("randomUUID");
              case "java.lang.Math" -> name.equals("random");
              default -> false;
            };
          });

  @Test
  @Tag("CARD-3")
  void arrowsBetweenModulesPointDownOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("proto")
        .definedBy("org.odap.api..")
        .layer("protocol-core")
        .definedBy("org.odap.core..")
        .layer("service-runtime")
        .definedBy("org.odap.runtime..")
        .layer("threshold-bls")
        .definedBy("org.odap.threshold..")
        .layer("quorum")
        .definedBy("org.odap.quorum..")
        .layer("json-edge")
        .definedBy("org.odap.edge..")
        .layer("log-service")
        .definedBy("org.odap.log..")
        .layer("resource-service")
        .definedBy("org.odap.resource..")
        .layer("attestation-service")
        .definedBy("org.odap.attestation..")
        .layer("gateway-service")
        .definedBy("org.odap.gateway..")
        .layer("ledger-adapter-sql")
        .definedBy("org.odap.ledger.sql..")
        .layer("ledger-adapter-ethereum")
        .definedBy("org.odap.ledger.ethereum..")
        .layer("fabric-chaincode")
        .definedBy("org.odap.ledger.fabric.chaincode..")
        .layer("fabric-development-peer")
        .definedBy("org.odap.ledger.fabric.development..")
        .layer("ledger-adapter-fabric")
        .definedBy(FABRIC_ADAPTER)
        .layer("cli")
        .definedBy("org.odap.cli..")
        .whereLayer("proto")
        .mayNotAccessAnyLayer()
        .whereLayer("protocol-core")
        .mayOnlyAccessLayers("proto")
        .whereLayer("service-runtime")
        .mayOnlyAccessLayers("proto")
        .whereLayer("threshold-bls")
        .mayNotAccessAnyLayer()
        .whereLayer("quorum")
        .mayOnlyAccessLayers("proto", "protocol-core", "service-runtime", "threshold-bls")
        .whereLayer("json-edge")
        .mayOnlyAccessLayers("proto", "service-runtime")
        .whereLayer("log-service")
        .mayOnlyAccessLayers("proto", "service-runtime", "json-edge")
        .whereLayer("resource-service")
        .mayOnlyAccessLayers("proto", "protocol-core", "service-runtime", "json-edge")
        .whereLayer("attestation-service")
        .mayOnlyAccessLayers("proto", "protocol-core", "service-runtime", "threshold-bls", "quorum")
        .whereLayer("gateway-service")
        .mayOnlyAccessLayers(
            "proto", "protocol-core", "service-runtime", "threshold-bls", "quorum", "json-edge")
        .whereLayer("ledger-adapter-sql")
        .mayOnlyAccessLayers("proto", "service-runtime")
        .whereLayer("ledger-adapter-ethereum")
        .mayOnlyAccessLayers("proto", "service-runtime")
        .whereLayer("fabric-chaincode")
        .mayNotAccessAnyLayer()
        .whereLayer("fabric-development-peer")
        .mayOnlyAccessLayers("proto", "service-runtime", "fabric-chaincode")
        .whereLayer("ledger-adapter-fabric")
        .mayOnlyAccessLayers("proto", "service-runtime")
        .whereLayer("cli")
        .mayOnlyAccessLayers(
            "proto", "protocol-core", "service-runtime", "threshold-bls", "quorum", "log-service")
        .withOptionalLayers(true)
        .check(CLASSES);
  }

  @Test
  void packagesAreNamedAfterIdeas() {
    Set<String> namesThatSayNothing =
        Set.of("util", "helper", "impl", "model", "dto", "manager", "common");
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .filteredOn(name -> !name.startsWith("org.odap.api."))
        .allSatisfy(
            name -> assertThat(name.split("\\.")).doesNotContainAnyElementsOf(namesThatSayNothing));
  }

  @Test
  void theCoreHasNoSideEffects() {
    noClasses()
        .that()
        .resideInAPackage("org.odap.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net.http..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.util.concurrent..",
            "io.grpc..",
            "org.slf4j..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Clock.class,
            File.class,
            FileInputStream.class,
            FileOutputStream.class,
            Random.class,
            RandomAccessFile.class,
            SecureRandom.class,
            ServerSocket.class,
            Socket.class,
            Thread.class,
            URL.class)
        .orShould()
        .accessTargetWhere(CLOCK_OR_CHANCE)
        .because("it is decided by its arguments alone: time and everything else is handed in")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .accessTargetWhere(THREAD_SLEEP)
        .allowEmptyShould(true)
        .because("waiting is for a condition with a deadline, which a stop can interrupt")
        .check(CLASSES);
  }
}
