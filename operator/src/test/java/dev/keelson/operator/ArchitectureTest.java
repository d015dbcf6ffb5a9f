package dev.keelson.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final String HOME = "dev.keelson.operator";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(HOME);

    @Test
    void decisionsRestOnWhatWasSeenAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(HOME + ".plan", HOME + ".observe")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.javaoperatorsdk..",
                        "io.grpc..",
                        "java.io..",
                        "java.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.util.Random.class, Thread.class, System.Logger.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void whatIsWantedIsRenderedWithoutAskingAnybody() {
        noClasses()
                .that()
                .resideInAPackage(HOME + ".dependent")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "io.grpc..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
                .check(CLASSES);
    }

    @Test
    void onlyTheAdapterOfTheStoreKnowsItsProtocol() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOME + ".store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.keelson.api..", "io.grpc..", "com.google.protobuf..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgeKnowsTheFramework() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOME)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.javaoperatorsdk..", "jakarta..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(HOME + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
