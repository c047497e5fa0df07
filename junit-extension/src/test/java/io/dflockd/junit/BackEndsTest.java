package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same tests on every back end; says how many passed on each. */
@Timeout(300)
class BackEndsTest {

    private static final int TESTS = 12;

    @Test
    void the_contract_holds_on_the_fake() {
        tell("fake", Kit.runOn("fake", Map.of(), ContractTest.class));
    }

    @Test
    void the_contract_holds_on_an_external_server() {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            tell("external", Kit.runOn("external:" + server.address(), Map.of(), ContractTest.class));

            assertThat(server.journal().size()).as("it was this one").isGreaterThan(TESTS);
        }
    }

    /** For real. Without a container engine it is skipped with a loud line, and fails in CI. */
    @Test
    void the_contract_holds_in_a_container() {
        tell("container", Kit.runInContainer(ContractTest.class));
    }

    private static void tell(String backEnd, Kit.Outcome outcome) {
        outcome.passed(TESTS);
        System.out.println("contract suite on " + backEnd + ": "
                + outcome.results().testEvents().succeeded().count() + " tests passed");
    }
}
