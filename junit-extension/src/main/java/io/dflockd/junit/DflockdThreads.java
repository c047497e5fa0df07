package io.dflockd.junit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The threads of clients and fakes in this JVM, by their names, which all begin with {@code dflockd-}.
 *
 * <p>Of a new one it has to be known whose it is. The renewal threads of a client name their server. The others name none, so that they count only where no other test
 * runs beside this one. And threads of clients do not count at all if the address was told to somebody who outlives the test, a constructor for example: the client may
 * be meant to live on, and an idle one is no leak.
 */
final class DflockdThreads {

    private static final String PREFIX = "dflockd-";
    private static final String FAKE = "dflockd-fake-";

    private final RunningServer server;
    private final Set<Thread> before;
    private final boolean alone;

    private DflockdThreads(RunningServer server, Set<Thread> before, boolean alone) {
        this.server = server;
        this.before = before;
        this.alone = alone;
    }

    static DflockdThreads before(ExtensionContext test, RunningServer server) {
        return new DflockdThreads(server, running().collect(Collectors.toSet()), !Sharing.isParallel(test));
    }

    /** What has them still, of those that have come since and are of this test. */
    List<String> newOnes() {
        Map<Boolean, List<String>> names = running()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> isOfTest(name, name.startsWith(FAKE)))
                .sorted()
                .collect(Collectors.partitioningBy(name -> name.startsWith(FAKE)));
        List<String> left = new ArrayList<>();
        names.forEach((fake, threads) -> {
            if (!threads.isEmpty()) {
                left.add("a " + (fake ? "FakeDflockdServer" : "DflockdClient") + " was not closed, and still has "
                        + String.join(", ", threads));
            }
        });
        return left;
    }

    private boolean isOfTest(String name, boolean fake) {
        boolean here = name.contains("-" + server.backEnd().address() + "-");
        return (fake || !server.isKnown()) && (here || alone);
    }

    /** Cheaper than {@link Thread#getAllStackTraces}, which stops the world. */
    private static Stream<Thread> running() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] found = new Thread[top.activeCount() + 16];
        while (top.enumerate(found) == found.length) {
            found = new Thread[2 * found.length];
        }
        return Arrays.stream(found).filter(Objects::nonNull).filter(thread -> thread.getName()
                .startsWith(PREFIX));
    }
}
