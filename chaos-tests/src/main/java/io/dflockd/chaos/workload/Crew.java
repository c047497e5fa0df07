package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.history.RecordingRuntime;
import io.dflockd.chaos.nemesis.Nemesis;
import io.dflockd.chaos.nemesis.StallDetector;
import io.dflockd.client.AuthenticationException;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Reply;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** All threads of a run, and the end of them. */
final class Crew implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final long GRACE_MILLIS = 1500;
    private static final long JOIN_MILLIS = 6000;
    private static final int WORKERS_PER_CLIENT = 2;

    private final RunContext context;
    private final Optional<FakeDflockdServer> fake;
    private final SplittableRandom random;
    private final ScheduledExecutorService scissors;
    private final List<Thread> threads = new ArrayList<>();
    private final List<DflockdClient> clients = new ArrayList<>();

    Crew(
            RunSettings settings,
            List<ServerAddress> servers,
            Optional<FakeDflockdServer> fake,
            Recorder recorder,
            Figures figures,
            StopSignal stop) {
        this.fake = fake;
        this.random = new SplittableRandom(settings.seed());
        this.scissors = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "chaos-scissors"));
        this.context = new RunContext(
                settings,
                servers,
                recorder,
                new CuttableRuntime(settings.access().runtime()),
                new TestKeys(settings.keys()),
                new SeenTokens(),
                figures,
                stop,
                scissors);
    }

    private static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Looks whether the servers are there, and uses every key once, so that its limit is the right one.
     *
     * @throws CouldNotRunException if one is not, or does not answer as a dflockd does
     */
    void prepare() {
        ClientRuntime runtime = new RecordingRuntime(context.runtime(), context.recorder(), "setup");
        try {
            for (ServerAddress server : context.servers()) {
                context.settings().access().open(runtime, server, CONNECT).close();
            }
            for (TestKey key : context.keys().all()) {
                useOnce(key, runtime);
            }
        } catch (AuthenticationException e) {
            throw new CouldNotRunException(e.getMessage() + "; is --secret-file the right one?", e);
        } catch (ConnectionException e) {
            throw new CouldNotRunException(
                    "no dflockd answers: " + e.getMessage() + "; start it, or correct --server", e);
        } catch (DflockdException e) {
            throw new CouldNotRunException("what answers is no dflockd: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CouldNotRunException("interrupted", e);
        }
    }

    /** On a connection of its own: V0 closes it when it is asked for a semaphore, which it does not know. */
    private void useOnce(TestKey key, ClientRuntime runtime) throws InterruptedException {
        if (context.stop().stopped()) {
            throw new CouldNotRunException("interrupted before the run began");
        }
        ServerAddress server = context.server(key);
        try (DflockdConnection connection = context.settings().access().open(runtime, server, CONNECT)) {
            Reply reply = key.semaphore()
                    ? connection.acquireSlot(key.name(), 0, key.limit(), 1)
                    : connection.acquire(key.name(), 0, 1);
            if (reply instanceof Reply.Granted granted && key.semaphore()) {
                connection.releaseSlot(key.name(), granted.token());
            } else if (reply instanceof Reply.Granted granted) {
                connection.release(key.name(), granted.token());
            } else if (!key.semaphore()) {
                throw new CouldNotRunException(notGranted(server, reply));
            }
        }
    }

    /** Nobody else knows the key, so a dflockd that has room grants it. */
    private static String notGranted(ServerAddress server, Reply reply) {
        String word = reply instanceof Reply.Refused refused ? refused.status() : "timeout";
        String hint =
                switch (word) {
                    case "error_auth" -> "it wants a secret; name its file with --secret-file";
                    case "error_max_locks" -> "it has no room for one more key; raise its --max-locks, or wait";
                    default -> "is it a dflockd?";
                };
        return "the server at " + server + " answered '" + word + "' to an acquire of a new key: " + hint;
    }

    void start() {
        RunSettings settings = context.settings();
        threads.add(daemon(new StallDetector(context.recorder(), context.stop()), "chaos-stalls"));
        threads.add(daemon(
                new Nemesis(
                        settings.faults(),
                        context.keys().all().stream().map(TestKey::name).toList(),
                        fake,
                        context.runtime(),
                        context.recorder(),
                        context.figures(),
                        context.stop(),
                        random.split()),
                "chaos-nemesis"));
        for (int i = 0; i < settings.clients(); i++) {
            boolean protocol = settings.level() == Level.PROTOCOL || (settings.level() == Level.BOTH && i % 2 == 0);
            Runnable worker = protocol
                    ? new ProtocolWorker("p" + i, context, random.split())
                    : new ClientWorker("w" + i, context, random.split(), client(i));
            threads.add(daemon(worker, "chaos-worker-" + i));
        }
        threads.forEach(Thread::start);
    }

    /** Neighbours share a client. */
    private DflockdClient client(int worker) {
        int index = worker / (context.settings().level() == Level.BOTH ? 2 * WORKERS_PER_CLIENT : WORKERS_PER_CLIENT);
        while (clients.size() <= index) {
            clients.add(context.settings()
                    .access()
                    .to(DflockdClient.builder())
                    .servers(context.servers())
                    .runtime(new RecordingRuntime(context.runtime(), context.recorder(), "c" + clients.size()))
                    .build());
        }
        return clients.get(index);
    }

    @Override
    public void close() {
        end();
    }

    /** Ends all threads: first they may finish what they are at, then their connections are closed. Idempotent. */
    void end() {
        context.stop().stop();
        join(GRACE_MILLIS);
        context.runtime().cutAll();
        threads.forEach(Thread::interrupt);
        join(JOIN_MILLIS);
        Thread closer = daemon(() -> clients.forEach(DflockdClient::close), "chaos-closer");
        closer.start();
        join(closer, System.nanoTime() + JOIN_MILLIS * 1_000_000);
        context.runtime().cutAll();
        scissors.shutdownNow();
        threads.clear();
        clients.clear();
    }

    private void join(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        threads.forEach(thread -> join(thread, deadline));
    }

    private static void join(Thread thread, long deadline) {
        try {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left > 0 && thread.isAlive()) {
                thread.join(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
