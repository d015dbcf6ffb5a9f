package dev.keelson.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules between packages that Maven's module graph cannot see. */
class ArchitectureTest {

    private static final String[] DETERMINISTIC = {
        "dev.keelson.raft..", "dev.keelson.mvcc..", "dev.keelson.engine..", "dev.keelson.log"
    };

    private static final Set<String> TIME_AND_CHANCE =
            Set.of("currentTimeMillis", "nanoTime", "randomUUID", "identityHashCode");

    private static JavaClasses keelson;

    @BeforeAll
    static void importClasses() {
        keelson = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.keelson");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.keelson.(raft|mvcc|log|storage|backup).(*)..")
                .should()
                .beFreeOfCycles()
                .check(keelson);
    }

    @Test
    void theRaftCoreKnowsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.keelson.raft..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.keelson.raft..", "java..", "org.jspecify..")
                .check(keelson);
    }

    @Test
    void theStoreKnowsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.keelson.mvcc..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.keelson.mvcc..", "java..", "org.jspecify..")
                .check(keelson);
    }

    @Test
    void theEngineKnowsOnlyRaftAndMvcc() {
        classes()
                .that()
                .resideInAPackage("dev.keelson.engine..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.keelson.engine..", "dev.keelson.raft..", "dev.keelson.mvcc..", "java..", "org.jspecify..")
                .check(keelson);
    }

    @Test
    void whatTheSimulatorRunsReadsNoClockAndNoChance() {
        noClasses()
                .that()
                .resideInAnyPackage(DETERMINISTIC)
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it reads a clock or draws at random",
                        (JavaCall<?> call) -> TIME_AND_CHANCE.contains(call.getName())
                                || call.getTargetOwner().isAssignableTo(java.time.Clock.class)
                                || call.getTargetOwner().isAssignableTo(java.util.concurrent.ThreadLocalRandom.class)))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, java.security.SecureRandom.class, java.time.Instant.class)
                .check(keelson);
    }

    @Test
    void onlyTheFileAdapterOfTheLogOpensFiles() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.keelson.raft..", "dev.keelson.mvcc..", "dev.keelson.engine..", "dev.keelson.log..")
                .and()
                .haveSimpleNameNotStartingWith("Nio")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.nio.file.Files.class, java.nio.channels.FileChannel.class, java.io.RandomAccessFile.class)
                .check(keelson);
    }

    @Test
    void onlyStorageSeesRocksDb() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.keelson.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(keelson);
    }

    @Test
    void onlyTheS3StoreSeesTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.keelson.backup.s3..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(keelson);
    }

    @Test
    void onlyTheLoopDrivesTheCore() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.keelson.raft..", "dev.keelson.engine..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.keelson.raft.RaftNode")
                .check(keelson);
    }

    @Test
    void protobufStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.keelson.api..", "dev.keelson.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "io.grpc..")
                .check(keelson);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.keelson.api..")
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..helper..")
                .check(keelson);
    }
}
