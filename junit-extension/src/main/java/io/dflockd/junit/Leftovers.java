package io.dflockd.junit;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.fault.FaultHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test has left behind, beyond what there was before it. What is on its way out has a moment to go: a client that was closed is forgotten by the server
 * when the news arrive.
 */
final class Leftovers {

    private static final long GRACE = Duration.ofSeconds(1).toNanos();
    private static final long LOOK = Duration.ofMillis(5).toNanos();

    private final RunningServer server;
    private final Set<Object> before;
    private final DflockdThreads threads;
    private final List<FaultHandle> expected;

    private Leftovers(RunningServer server, Set<Object> before, DflockdThreads threads, List<FaultHandle> expected) {
        this.server = server;
        this.before = before;
        this.threads = threads;
        this.expected = expected;
    }

    /**
     * Remembers what there is before a test.
     *
     * @param expected faults that need not strike
     */
    static Leftovers before(ExtensionContext test, RunningServer server, List<FaultHandle> expected) {
        Set<Object> before = Set.copyOf(server.backEnd().leftovers().keySet());
        return new Leftovers(server, before, DflockdThreads.before(test, server), expected);
    }

    /** What is left on the server: slots that are held, places in queues, faults that never struck. */
    List<String> onServer() {
        TestServer backEnd = server.backEnd();
        if (!newOnes().isEmpty()) {
            backEnd.mend();
        }
        List<String> left = afterGrace(this::newOnes);
        left.addAll(backEnd.fake().map(this::unusedFaults).orElse(List.of()));
        return left;
    }

    private List<String> newOnes() {
        return server.backEnd().leftovers().entrySet().stream()
                .filter(one -> !before.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<String> unusedFaults(FakeDflockdServer fake) {
        return fake.unusedFaults().stream()
                .filter(fault -> !expected.contains(fault))
                .map(fault -> "the fault \"" + StoryLine.text(fault) + "\" never struck: correct what it is for,"
                        + " or take it back with FaultHandle.remove()")
                .toList();
    }

    /** Threads of clients and servers that the test did not close. Comes after the injected clients were closed. */
    List<String> threads() {
        return afterGrace(threads::newOnes);
    }

    private static List<String> afterGrace(Supplier<List<String>> left) {
        long end = System.nanoTime() + GRACE;
        List<String> now = left.get();
        while (!now.isEmpty()
                && end - System.nanoTime() > 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK);
            now = left.get();
        }
        return new ArrayList<>(now);
    }
}
