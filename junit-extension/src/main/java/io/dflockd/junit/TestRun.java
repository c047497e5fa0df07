package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One test and one of its servers, from before the first {@code @BeforeEach} to after everything else: it is closed as a resource of the test's store, after
 * {@code @AfterEach} methods and {@code @AutoClose} fields.
 */
final class TestRun {

    private final ExtensionContext test;
    private final Claim claim;
    private final RunningServer server;
    private final Leftovers leftovers;
    private final List<DflockdClient> clients = new ArrayList<>();
    private final AtomicBoolean partFailed = new AtomicBoolean();

    private TestRun(ExtensionContext test, Claim claim, RunningServer server, Leftovers leftovers) {
        this.test = test;
        this.claim = claim;
        this.server = server;
        this.leftovers = leftovers;
    }

    /** The run of this test on the server that it sees under the claim's name; begins now, if it has not yet. */
    static TestRun of(ExtensionContext test, Claim claim) {
        return Stored.in(test, key(claim), () -> begin(test, claim), TestRun::close);
    }

    private static Object key(Claim claim) {
        return List.of(TestRun.class, claim.settings().name());
    }

    private static TestRun begin(ExtensionContext test, Claim claim) {
        FakeOnly.skipIfRequired(test, claim);
        return claim.isPerTest() ? beginAlone(test, claim) : beginShared(test, claim);
    }

    private static TestRun beginAlone(ExtensionContext test, Claim claim) {
        DeclaredFaults faults = DeclaredFaults.of(test, claim);
        RunningServer server = RunningServer.start(claim);
        try {
            return new TestRun(test, claim, server, Leftovers.before(test, server, faults.arm(server)));
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static TestRun beginShared(ExtensionContext test, Claim claim) {
        DeclaredFaults faults = DeclaredFaults.of(test, claim);
        Sharing.requireOneAtATime(test, claim);
        RunningServer server = claim.shared();
        reset(claim, server);
        return new TestRun(test, claim, server, Leftovers.before(test, server, faults.arm(server)));
    }

    private static void reset(Claim claim, RunningServer server) {
        try {
            server.backEnd().reset();
        } catch (IllegalStateException closed) {
            throw new ExtensionConfigurationException(
                    claim.settings().where() + ": the server "
                            + server.backEnd().address()
                            + " cannot be reset for this test: " + closed.getMessage()
                            + ". If an earlier test closed it: leave that to the extension, or say scope = PER_METHOD",
                    closed);
        }
    }

    RunningServer server() {
        return server;
    }

    /** The test's client, the same for all who ask. */
    synchronized DflockdClient client() {
        if (clients.isEmpty()) {
            clients.add(server.connect());
        }
        return clients.get(0);
    }

    /** A dynamic test of this test factory has failed: this is the moment to tell what the server saw. */
    void dynamicTestFailed(ExtensionContext dynamicTest, Throwable failure) {
        partFailed.set(true);
        Report.of(claim, server).attachTo(failure).publish(dynamicTest);
    }

    private synchronized void close() {
        Outcome outcome = Outcome.of(test);
        Failures failures = new Failures();
        boolean looked =
                outcome.isPassed() && !partFailed.get() && claim.settings().leakCheck() != LeakCheck.OFF;
        List<String> left = new ArrayList<>();
        failures.guard(() -> left.addAll(looked ? leftovers.onServer() : List.of()));
        Optional<Report> report =
                left.isEmpty() && !outcome.isFailed() ? Optional.empty() : failures.get(() -> Report.of(claim, server));
        clients.forEach(client -> failures.guard(client::close));
        failures.guard(() -> left.addAll(looked ? leftovers.threads() : List.of()));
        outcome.failure()
                .ifPresent(failure -> failures.guard(
                        () -> report.ifPresent(one -> one.attachTo(failure).publish(test))));
        if (!left.isEmpty()) {
            failures.guard(() -> report.or(() -> Optional.of(Report.of(claim, server)))
                    .get()
                    .tellLeaks(test, left, claim.settings().leakCheck()));
        }
        if (claim.isPerTest()) {
            failures.guard(server::close);
        }
        failures.throwFirst();
    }
}
