package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.dflockd.fake.FakeDflockdServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** The same tests on every back end; says how many passed on each. */
@Timeout(300)
class BackEndsTest {

    private static final int TESTS = 12;

    @Test
    void the_contract_holds_on_the_fake() {
        runContract("fake", Map.of());
    }

    @Test
    void the_contract_holds_on_an_external_server() {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            runContract("external:" + server.address(), Map.of());

            assertThat(server.journal().size()).as("it was this one").isGreaterThan(TESTS);
        }
    }

    /** For real. Without a container engine it is skipped with one loud line, and fails in CI. */
    @Test
    void the_contract_holds_in_a_container() {
        runContract("container", Map.of());
    }

    private static void runContract(String backEnd, Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(more);
        parameters.put("dflockd.backend", backEnd);
        Kit.Outcome outcome = Kit.run(parameters, ContractTest.class);
        outcome.failures().values().stream()
                .filter(TestAbortedException.class::isInstance)
                .findFirst()
                .ifPresent(skipped -> abort(skipped.getMessage()));
        outcome.passed(TESTS);
        System.out.println("contract suite on " + backEnd.replaceAll(":.*", "") + ": "
                + outcome.results().testEvents().succeeded().count() + " tests passed");
    }
}
