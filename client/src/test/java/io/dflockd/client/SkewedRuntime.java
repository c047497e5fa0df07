package io.dflockd.client;

import io.dflockd.client.internal.JdkRuntime;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/** The JDK's world with a clock that can jump, as after a pause of the whole process, and with an eye on threads and connections. */
public final class SkewedRuntime implements ClientRuntime {

    private static final long RUNNING = Long.MIN_VALUE;

    private final ClientRuntime real = new JdkRuntime();
    private final AtomicLong offset = new AtomicLong();
    private final AtomicLong frozenAt = new AtomicLong(RUNNING);
    private final AtomicInteger connects = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final Queue<String> runningNames = new ConcurrentLinkedQueue<>();
    private final List<String> threadNames = new CopyOnWriteArrayList<>();

    /** Time that nobody saw passing. */
    public void jump(Duration duration) {
        offset.addAndGet(duration.toNanos());
    }

    /** Acquires while the clock stands still, so that however slow the machine is, the answer comes at once and needs no confirmation. */
    public Lease promptly(DistributedLock lock) throws InterruptedException {
        freeze();
        try {
            return lock.acquire();
        } finally {
            thaw();
        }
    }

    /** The clock stands still, and moves by {@link #jump} only. Whoever sleeps does so in real time. */
    public void freeze() {
        frozenAt.set(real.nanoTime());
    }

    /** The clock goes on from where it is. */
    public void thaw() {
        offset.addAndGet(frozenAt.get() - real.nanoTime());
        frozenAt.set(RUNNING);
    }

    public int connects() {
        return connects.get();
    }

    /** How many threads of the client run now. */
    public int running() {
        return running.get();
    }

    /** How many threads of the client run now whose names begin like this. */
    long running(String prefix) {
        return runningNames.stream().filter(name -> name.startsWith(prefix)).count();
    }

    public int mostRunning() {
        return mostRunning.get();
    }

    public List<String> threadNames() {
        return threadNames;
    }

    @Override
    public long nanoTime() {
        long frozen = frozenAt.get();
        return (frozen == RUNNING ? real.nanoTime() : frozen) + offset.get();
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        return connect(server, timeoutNanos, opened -> {});
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos, Consumer<Closeable> opening) throws IOException {
        connects.incrementAndGet();
        return real.connect(server, timeoutNanos, opening);
    }

    @Override
    public IdleWatch newIdleWatch() throws IOException {
        return real.newIdleWatch();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        threadNames.add(name);
        runningNames.add(name);
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        return real.startThread(name, () -> {
            try {
                body.run();
            } finally {
                runningNames.remove(name);
                running.decrementAndGet();
            }
        });
    }

    @Override
    public Lock newLock() {
        return real.newLock();
    }

    @Override
    public double random() {
        return 0;
    }
}
