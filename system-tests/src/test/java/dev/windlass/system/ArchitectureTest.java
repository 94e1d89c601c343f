package dev.windlass.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;

/** The directions of modules and packages, and the seams. The picture of the design, checked. */
@AnalyzeClasses(
    packages = "dev.windlass",
    importOptions = {ImportOption.DoNotIncludeTests.class})
@Tag("slow")
final class ArchitectureTest {

  private static final String[] API = {
    "dev.windlass",
    "dev.windlass.cluster",
    "dev.windlass.error",
    "dev.windlass.event",
    "dev.windlass.executor",
    "dev.windlass.job",
    "dev.windlass.why"
  };

  @ArchTest
  static final ArchRule theStorageSpiDependsOnNothing =
      classes()
          .that()
          .resideInAPackage("dev.windlass.storage")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.windlass.storage", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule theApiDependsOnNothing =
      classes()
          .that()
          .resideInAnyPackage(API)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(with("java..", "org.jspecify.."));

  @ArchTest
  static final ArchRule whatIsPluggedInDoesNotSeeTheEngine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.windlass.executor..",
              "dev.windlass.storage..",
              "dev.windlass.webhook..",
              "dev.windlass.metrics..",
              "dev.windlass.report..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.windlass.core..");

  @ArchTest
  static final ArchRule theEngineNamesNoExecutorAndNoStorage =
      noClasses()
          .that()
          .resideInAPackage("dev.windlass.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.windlass.executor.(*)..",
              "dev.windlass.storage.(*)..",
              "dev.windlass.webhook..",
              "dev.windlass.metrics..",
              "dev.windlass.control..",
              "dev.windlass.report..",
              "dev.windlass.cli..",
              "dev.windlass.testkit..");

  @ArchTest
  static final ArchRule theControlSocketSeesTheApiAndTheFormatOfDescriptionsOnly =
      classes()
          .that()
          .resideInAPackage("dev.windlass.control")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              with(
                  "dev.windlass.control",
                  "dev.windlass.core.description",
                  "java..",
                  "com.fasterxml.jackson..",
                  "org.jspecify..",
                  "org.slf4j.."));

  @ArchTest
  static final ArchRule storagesSeeTheirSpiOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.windlass.storage..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(API);

  @ArchTest
  static final ArchRule noPackagesFormACycle =
      slices().matching("dev.windlass.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theCoreIsPure =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.windlass.core.job", "dev.windlass.core.schedule", "dev.windlass.core.graph")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.sql..",
              "java.util.concurrent..",
              "org.slf4j..",
              "dev.windlass.core.store..",
              "dev.windlass.core.execution..",
              "dev.windlass.core.staging..",
              "dev.windlass.core.platform..",
              "dev.windlass.core.runtime..");

  @ArchTest
  static final ArchRule theCoreHasNoClockAndNoThreads =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.windlass.core.job", "dev.windlass.core.schedule", "dev.windlass.core.graph")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, java.util.Random.class);

  @ArchTest
  static final ArchRule classesAreFinalUnlessMadeForExtension =
      classes()
          .that()
          .resideInAnyPackage(
              "dev.windlass.core..",
              "dev.windlass.job..",
              "dev.windlass.control..",
              "dev.windlass.cli..")
          .and()
          .areNotInterfaces()
          .and()
          .areNotAnonymousClasses()
          .and()
          .areNotEnums()
          .and()
          .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT)
          .and(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "have a name of their own", (JavaClass type) -> !type.getName().contains("$1")))
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);

  private static String[] with(String... more) {
    String[] all = java.util.Arrays.copyOf(API, API.length + more.length);
    System.arraycopy(more, 0, all, API.length, more.length);
    return all;
  }
}
