package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.RecordingRuntime;
import io.dflockd.chaos.nemesis.FaultKind;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Reply;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Judges the server: draws every command, well and badly used, on raw connections. */
final class ProtocolWorker implements Runnable {

    private static final long MILLI = 1_000_000L;
    /** Held longer, since otherwise nobody would ever have to wait for one of several slots. */
    static final long MORE_SLOTS = 20 * MILLI;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final RunContext context;
    private final SplittableRandom random;
    private final String name;
    private final Operations operations;
    private final RecordingRuntime runtime;
    private final Map<ServerAddress, DflockdConnection> connections = new HashMap<>();

    ProtocolWorker(String name, RunContext context, SplittableRandom random) {
        this.name = name;
        this.context = context;
        this.random = random;
        this.operations = new Operations(name, context);
        this.runtime = new RecordingRuntime(context.runtime(), context.recorder(), name);
    }

    @Override
    public void run() {
        try {
            while (!context.stop().stopped()) {
                try {
                    step(context.keys().draw(random));
                } catch (ConnectionException e) {
                    context.stop().pause(random.nextLong(50 * MILLI));
                } catch (DflockdException e) {
                    closeAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeAll();
        }
    }

    private void step(TestKey key) throws InterruptedException {
        int dice = random.nextInt(1000);
        if (dice < 450) {
            acquireAndHold(key);
        } else if (dice < 750) {
            enqueueAndAwait(key);
        } else if (dice < 800) {
            meddle();
        } else if (dice < 830) {
            awaitWithoutPlace(key);
        } else if (dice < 860) {
            enqueueTwice(key);
        } else if (dice < 880) {
            acquireWithOtherLimit(key);
        } else if (dice < 890) {
            acquireAndCancel(key);
        } else if (dice < 905) {
            operations.run(
                    "stats", key, false, json -> "ok", () -> connection(key).stats());
        } else if (dice < 930) {
            holdTwoKeys(key);
        } else {
            longPause(2);
            context.stop().pause(random.nextLong(10 * MILLI));
        }
    }

    private void acquireAndHold(TestKey key) throws InterruptedException {
        Reply reply = acquire(key, timeout(), key.limit(), lease());
        if (reply instanceof Reply.Granted granted) {
            hold(key, granted.token());
        }
    }

    private void hold(TestKey key, String token) throws InterruptedException {
        context.tokens().add(key, token);
        if (key.limit() > 1) {
            context.stop().pause(random.nextLong(MORE_SLOTS));
        } else if (random.nextBoolean()) {
            context.stop().pause(random.nextLong(4 * MILLI));
        }
        longPause(1);
        int dice = random.nextInt(1000);
        if (dice < 60) {
            renew(key, token, lease());
        }
        if (dice == 999) {
            return;
        }
        if (dice >= 990) {
            drop(key);
            return;
        }
        release(key, token);
        if (dice >= 960) {
            release(key, token);
        }
    }

    private void enqueueAndAwait(TestKey key) throws InterruptedException {
        Reply place = enqueue(key, key.limit());
        if (place instanceof Reply.Acquired acquired) {
            context.tokens().add(key, acquired.token());
        }
        context.stop().pause(random.nextLong(3 * MILLI));
        longPause(1);
        Reply reply = await(key, random.nextInt(4));
        if (reply instanceof Reply.Granted granted) {
            hold(key, granted.token());
        }
    }

    /** Renews or releases somebody's token, over or not. */
    private void meddle() throws InterruptedException {
        SeenTokens.Seen seen = context.tokens().draw(random).orElse(null);
        if (seen == null) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> release(seen.key(), seen.token());
            case 1 -> renew(seen.key(), seen.token(), lease());
            default -> renew(seen.key(), seen.token(), 1);
        }
    }

    private void awaitWithoutPlace(TestKey key) throws InterruptedException {
        Reply reply = await(key, 0);
        if (reply instanceof Reply.Granted granted) {
            hold(key, granted.token());
        }
    }

    private void enqueueTwice(TestKey key) throws InterruptedException {
        enqueue(key, key.limit());
        enqueueAndAwait(key);
    }

    private void acquireWithOtherLimit(TestKey key) throws InterruptedException {
        if (key.semaphore()
                && acquire(key, random.nextInt(2), key.limit() + 1, lease()) instanceof Reply.Granted granted) {
            hold(key, granted.token());
        }
    }

    /** Only closing cancels a blocked request. */
    private void acquireAndCancel(TestKey key) throws InterruptedException {
        DflockdConnection connection = connection(key);
        Future<?> cancel =
                context.scissors().schedule(connection::close, random.nextLong(100 * MILLI), TimeUnit.NANOSECONDS);
        try {
            if (acquire(key, 1 + random.nextInt(3), key.limit(), lease()) instanceof Reply.Granted granted) {
                hold(key, granted.token());
            }
        } finally {
            cancel.cancel(false);
        }
    }

    private void holdTwoKeys(TestKey first) throws InterruptedException {
        TestKey second = context.keys().draw(random);
        if (acquire(first, timeout(), first.limit(), lease()) instanceof Reply.Granted outer) {
            if (acquire(second, random.nextInt(2), second.limit(), lease()) instanceof Reply.Granted inner) {
                hold(second, inner.token());
            }
            hold(first, outer.token());
        }
    }

    private void drop(TestKey key) {
        DflockdConnection connection = connections.remove(context.server(key));
        if (connection != null) {
            connection.close();
        }
    }

    /** Stands still on the scale of the lease, if such faults are wanted, with a probability of so many thousandths. */
    private void longPause(int thousandths) throws InterruptedException {
        if (context.settings().faults().contains(FaultKind.PAUSE) && random.nextInt(1000) < thousandths) {
            long nanos = random.nextLong(context.settings().lease().longest() * 1500 * MILLI);
            context.figures().fault(FaultKind.PAUSE.word());
            context.recorder()
                    .add(Draft.of(EventType.FAULT, name)
                            .text(FaultKind.PAUSE.word())
                            .value(nanos));
            context.stop().pause(nanos);
        }
    }

    private long timeout() {
        return random.nextInt(3) == 0 ? 0 : random.nextInt(4);
    }

    private long lease() {
        LeaseRange range = context.settings().lease();
        return random.nextLong(range.shortest(), range.longest() + 1);
    }

    private Reply acquire(TestKey key, long timeout, long limit, long lease) throws InterruptedException {
        return exchange(
                "acquire",
                key,
                timeout > 0,
                connection -> key.semaphore()
                        ? connection.acquireSlot(key.name(), timeout, limit, lease)
                        : connection.acquire(key.name(), timeout, lease));
    }

    private Reply enqueue(TestKey key, long limit) throws InterruptedException {
        long lease = lease();
        return exchange(
                "enqueue",
                key,
                false,
                connection -> key.semaphore()
                        ? connection.enqueueSlot(key.name(), limit, lease)
                        : connection.enqueue(key.name(), lease));
    }

    private Reply await(TestKey key, long timeout) throws InterruptedException {
        return exchange(
                "await",
                key,
                timeout > 0,
                connection -> key.semaphore()
                        ? connection.awaitSlot(key.name(), timeout)
                        : connection.await(key.name(), timeout));
    }

    private void renew(TestKey key, String token, long lease) throws InterruptedException {
        exchange(
                "renew",
                key,
                false,
                connection -> key.semaphore()
                        ? connection.renewSlot(key.name(), token, lease)
                        : connection.renew(key.name(), token, lease));
    }

    private void release(TestKey key, String token) throws InterruptedException {
        exchange(
                "release",
                key,
                false,
                connection -> key.semaphore()
                        ? connection.releaseSlot(key.name(), token)
                        : connection.release(key.name(), token));
    }

    /** One request on this worker's connection to the key's server. */
    private interface Exchange {
        Reply on(DflockdConnection connection) throws InterruptedException;
    }

    private Reply exchange(String what, TestKey key, boolean mayWait, Exchange exchange) throws InterruptedException {
        DflockdConnection connection = connection(key);
        return operations.run(what, key, mayWait, ProtocolWorker::outcome, () -> exchange.on(connection));
    }

    private static String outcome(Reply reply) {
        if (reply instanceof Reply.Refused refused) {
            return "fail " + refused.status();
        }
        return reply instanceof Reply.TimedOut ? "fail timeout" : "ok";
    }

    private DflockdConnection connection(TestKey key) throws InterruptedException {
        ServerAddress server = context.server(key);
        DflockdConnection connection = connections.get(server);
        if (connection == null || !connection.isUsable()) {
            drop(key);
            connection = context.settings().access().open(runtime, server, LIMIT);
            connections.put(server, connection);
        }
        return connection;
    }

    private void closeAll() {
        connections.values().forEach(DflockdConnection::close);
        connections.clear();
    }
}
