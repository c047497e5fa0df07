package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Lease;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.ServerProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a contended lock is on its way from one holder to the next: from when the release is called to when the next one's acquire has returned. Through the
 * client's public API, beside raw sockets that send the same acquire and release.
 *
 * <p>Who has waited for 100 ms or more does not know how old the grant is, so that the client confirms it with one renew (DESIGN rule 2). That is a round trip more,
 * by intention; {@code raw+renew} does the same.
 *
 * <p>{@code HandOver [SECONDS-PER-TURN [TURNS]]}
 */
public final class HandOver {

    private static final Duration LEASE = Duration.ofSeconds(30); // which is what the raw loop asks for

    private HandOver() {}

    /** One who acquires and releases the same key again and again. */
    interface Party extends AutoCloseable {
        void acquire() throws IOException, InterruptedException;

        void release() throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /** Makes a party that is after this key. */
    interface Parties {
        Party create(String key) throws IOException;
    }

    public static void main(String[] args) throws Exception {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.out.printf(
                "from the release to the next one's grant, %d turns of %.1f s each, Java %s%n"
                        + "(after a wait of 100 ms the client confirms a grant with one renew)%n",
                turns, seconds, Runtime.version().feature());
        Contention.printHead();
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0")) {
            ServerAddress server = fake.address();
            try (DflockdClient client = DflockdClient.connect(server.toString())) {
                Contention.Way raw = new Contention.Way("raw", key -> new RawParty(server, key, false));
                Contention.Way confirmed = new Contention.Way("raw+renew", key -> new RawParty(server, key, true));
                Contention.Way ours = new Contention.Way("client", key -> new Holder(client, key));
                List<Contention.Way> prompt = List.of(raw, ours);
                List<Contention.Way> late = List.of(raw, confirmed, ours);
                new Contention(2, 2, 4, late).warmUp();
                new Contention(2, 2, 4, prompt).measure(seconds, turns);
                new Contention(8, 2, 4, prompt).measure(seconds, turns);
                new Contention(2, 120, 16, late).measure(seconds, turns);
                new Contention(8, 20, 4, late).measure(seconds, turns);
            }
        }
    }

    /** Has leases of the client. */
    private static final class Holder implements Party {

        private final DistributedLock lock;
        private @Nullable Lease lease;

        Holder(DflockdClient client, String key) {
            lock = client.lock(key).withLease(LEASE);
        }

        @Override
        public void acquire() throws InterruptedException {
            lease = lock.acquire();
        }

        @Override
        public void release() {
            if (lease == null || !lease.release()) {
                throw new IllegalStateException("the lease of " + lock + " was lost");
            }
        }
    }

    /** Has a socket. */
    private static final class RawParty implements Party {

        private final RawLoop loop;
        private final boolean confirms;

        RawParty(ServerAddress server, String key, boolean confirms) throws IOException {
            this.loop = new RawLoop(server.host(), server.port(), key);
            this.confirms = confirms;
        }

        @Override
        public void acquire() throws IOException {
            loop.askForLock();
            loop.awaitGrant();
            if (confirms) {
                loop.askForRenewal();
                loop.awaitOk();
            }
        }

        @Override
        public void release() throws IOException {
            loop.askForRelease();
            loop.awaitOk();
        }

        @Override
        public void close() throws IOException {
            loop.close();
        }
    }
}
