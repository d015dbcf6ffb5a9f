package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.CommonSuite;
import dev.keelson.e2e.harness.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** etcd's own tests, unchanged, with our launcher in the place of etcd; {@code common-suite.tests} says which. */
class CommonSuiteTest {

    private final CommonSuite suite = CommonSuite.against(Tools.server());

    @ParameterizedTest
    @MethodSource("dev.keelson.e2e.harness.CommonSuite#patterns")
    void etcdsOwnTestPasses(String pattern) {
        CommonSuite.Verdict verdict = suite.run(pattern);

        System.out.printf("%s: %d passed%n", pattern, verdict.passed());
        assertThat(verdict.failed()).as(verdict.output()).isEmpty();
        assertThat(verdict.passed())
                .as("tests that ran, see %s", verdict.output())
                .isPositive();
    }
}
