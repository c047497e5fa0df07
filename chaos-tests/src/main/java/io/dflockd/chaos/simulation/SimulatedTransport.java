package io.dflockd.chaos.simulation;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.Transport;
import io.dflockd.fake.server.Session;
import io.dflockd.fake.server.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One simulated connection, seen from both ends. Bytes keep their order; each segment takes its own time. */
final class SimulatedTransport implements Transport {

    private final Scheduler scheduler;
    private final SimulatedNetwork network;
    private final Deque<byte[]> inbound = new ArrayDeque<>();
    private @Nullable Session session;
    private @Nullable Actor reader;
    private @Nullable SimulatedWatch watch;
    private int offset;
    private long lastToServer;
    private long lastToClient;
    private boolean endOfStream;
    private boolean reset;
    private boolean closed;

    SimulatedTransport(Scheduler scheduler, SimulatedNetwork network) {
        this.scheduler = scheduler;
        this.network = network;
    }

    void accepted(Session accepted) {
        session = accepted;
    }

    /** The end that the server writes to. */
    Wire serverSide() {
        return new ServerSide();
    }

    /** Both ends see a reset; what was on its way is lost. */
    void breakDown() {
        network.closed(this);
        reset = true;
        inbound.clear();
        disturb();
        Session peer = session;
        if (peer != null) {
            peer.reset();
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        scheduler.step();
        checkOpen();
        byte[] copy = new byte[length];
        System.arraycopy(bytes, from, copy, 0, length);
        int cut = network.splits() ? length / 2 : length;
        sendToServer(copy, 0, cut);
        if (cut < length) {
            sendToServer(copy, cut, length - cut);
        }
    }

    @Override
    public int read(byte[] buffer, int from, int length, long timeoutNanos) throws IOException {
        long deadline = scheduler.now() + Math.min(Math.max(0, timeoutNanos), Long.MAX_VALUE - scheduler.now());
        checkOpen();
        while (inbound.isEmpty()) {
            if (endOfStream) {
                return -1;
            }
            if (scheduler.now() >= deadline) {
                throw new SocketTimeoutException("Read timed out");
            }
            reader = scheduler.running();
            scheduler.park(deadline);
            reader = null;
            checkOpen();
        }
        byte[] head = inbound.getFirst();
        int count = Math.min(length, head.length - offset);
        System.arraycopy(head, offset, buffer, from, count);
        offset += count;
        if (offset == head.length) {
            inbound.removeFirst();
            offset = 0;
        }
        scheduler.step();
        return count;
    }

    @Override
    public boolean isQuiet() {
        return !closed && !reset && !endOfStream && inbound.isEmpty();
    }

    @Override
    public void watch(IdleWatch by, IdleListener listener) {
        SimulatedWatch mine = (SimulatedWatch) by;
        watch = mine;
        mine.add(this, listener);
    }

    @Override
    public void unwatch() throws IOException {
        SimulatedWatch mine = watch;
        if (mine != null) {
            watch = null;
            mine.remove(this);
        }
        scheduler.step();
        checkOpen();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.closed(this);
        disturb();
        Session peer = session;
        if (!reset && peer != null) {
            lastToServer = Math.max(lastToServer, network.arrival());
            scheduler.at(lastToServer, () -> {
                if (!reset) {
                    peer.endOfStream();
                }
            });
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        if (reset) {
            throw new SocketException("Connection reset");
        }
    }

    private void sendToServer(byte[] bytes, int from, int length) {
        Session peer = session;
        lastToServer = Math.max(lastToServer, network.arrival());
        scheduler.at(lastToServer, () -> {
            if (!reset && peer != null) {
                peer.received(bytes, from, length);
            }
        });
    }

    private void disturb() {
        Actor waiting = reader;
        if (waiting != null) {
            scheduler.wake(waiting);
        }
        SimulatedWatch mine = watch;
        if (mine != null) {
            mine.wakeUp();
        }
    }

    private final class ServerSide implements Wire {

        @Override
        public void write(byte[] bytes) {
            arrive(() -> inbound.addLast(bytes));
        }

        @Override
        public void close() {
            network.closed(SimulatedTransport.this);
            arrive(() -> endOfStream = true);
        }

        @Override
        public void reset() {
            network.closed(SimulatedTransport.this);
            arrive(() -> {
                reset = true;
                inbound.clear();
            });
        }

        private void arrive(Runnable effect) {
            lastToClient = Math.max(lastToClient, network.arrival());
            scheduler.at(lastToClient, () -> {
                if (!reset && !closed) {
                    effect.run();
                    disturb();
                }
            });
        }
    }
}
