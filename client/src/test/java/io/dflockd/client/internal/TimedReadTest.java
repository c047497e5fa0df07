package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interrupted read ends the connection as its other end sees it: DESIGN section 4, rules 6 and 11. */
@Timeout(180)
class TimedReadTest {

    /** With the JDK's own read on a virtual thread about one in some thousands of these stays open, so that one run in about five shows it. */
    private static final int ROUNDS = 10_000;

    private static final int LATEST_NANOS = 80_000;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void interrupt_on_a_virtual_thread_while_bytes_arrive_ends_the_connection_at_its_other_end() throws Exception {
        if (Runtime.version().feature() < 25) {
            System.out.println(
                    "*** NOT TESTED HERE: interrupted reads of virtual threads; run TimedReadTest on 25 or newer ***");
        }
        assumeTrue(Runtime.version().feature() >= 25, "virtual threads read in their own way from JDK 25 on");
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < ROUNDS; i++) {
                interruptOne(threads, listener, i);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void interruptOne(ExecutorService threads, ServerSocket listener, int round) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (SocketTransport transport = new SocketTransport(SocketTransport.connect(
                        listener.getInetAddress(), listener.getLocalPort(), READ_NANOS, opened -> {}));
                Socket peer = listener.accept()) {
            Future<?> reader = threads.submit(() -> {
                begun.countDown();
                try (SocketTransport mine = transport) {
                    mine.isQuiet(); // as the client does before each request
                    mine.write(new byte[] {'x'}, 0, 1);
                    mine.read(new byte[8], 0, 8, READ_NANOS);
                }
                return null;
            });
            begun.await();
            long until = System.nanoTime() + random.nextInt(LATEST_NANOS);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            peer.getOutputStream().write('y');
            reader.cancel(true);
            assertThat(ends(peer)).as("round %d: the other end is told", round).isTrue();
        }
    }

    private static boolean ends(Socket peer) throws IOException {
        peer.setSoTimeout(PATIENCE_MILLIS);
        try {
            while (peer.getInputStream().read() >= 0) {
                // what was written before the interrupt
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }
}
