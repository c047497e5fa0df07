package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Accepting leaves the loop room for the rest of its work. */
class AcceptPauseTest {

    private static final int VERY_MANY = 100_000;

    /** Whoever connects as fast as others are accepted would otherwise keep a server from serving, and from its end. */
    @Test
    void a_crowd_that_never_ends_does_not_keep_it() throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        try (Selector selector = Selector.open();
                ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_ACCEPT);

            new AcceptPause().acceptAll(key, () -> accepted.incrementAndGet() < VERY_MANY);

            assertThat(accepted).hasPositiveValue().hasValueLessThan(VERY_MANY);
            assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_ACCEPT);
        }
    }
}
