/**
 * A whole dflockd lock server in memory, for tests. {@link io.dflockd.fake.FakeDflockdServer} is the place to begin.
 *
 * <p>{@code io.dflockd.fake.server} is not exported: how the fake holds connections, timers and sockets is its own affair.
 */
module io.dflockd.fake {
    requires org.slf4j;
    requires static org.jspecify;

    exports io.dflockd.fake;
    exports io.dflockd.fake.engine;
    exports io.dflockd.fake.fault;
    exports io.dflockd.fake.journal;
    exports io.dflockd.fake.protocol;
    exports io.dflockd.fake.tls;
}
