package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.fake.FakeDflockdServer;
import java.util.Map;
import java.util.Optional;

/** A server that is running for tests, of any kind. */
interface TestServer extends DflockdServer, AutoCloseable {

    /** A kind of back end with everything decided and checked: it only has to be started. */
    @FunctionalInterface
    interface Starter {
        TestServer start();
    }

    /** The fake, if it is one. */
    Optional<FakeDflockdServer> fake();

    /** Tells a client all that it has to know of this server. */
    void introduce(DflockdClientBuilder client);

    /** As if it had just been started, as far as that is in anybody's power. */
    void reset();

    /**
     * What a test may have left: slots that are held and places in queues.
     *
     * @return for each something that no other has, and how to say it
     */
    Map<Object, String> leftovers();

    /** Makes sure that news of ended connections arrive: what a test has cut or stopped goes on. */
    void mend();

    /**
     * What it can tell of what happened since the last reset, for a reader who was not there. Without secrets.
     *
     * @param lines how many lines the history of it has at most, the newest
     */
    String story(int lines);

    /** Ends it, if it was started here. Idempotent. */
    @Override
    void close();
}
