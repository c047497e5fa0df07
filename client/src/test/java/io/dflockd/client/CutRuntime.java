package io.dflockd.client;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A world whose connections can be cut, so that the client finds them dead, and refused. */
final class CutRuntime extends ForwardingRuntime {

    private final SkewedRuntime world;
    private final Set<Cuttable> open = ConcurrentHashMap.newKeySet();
    private final List<IdleListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    CutRuntime() {
        this(new SkewedRuntime());
    }

    private CutRuntime(SkewedRuntime world) {
        super(world);
        this.world = world;
    }

    /** Cuts all that are open. */
    void cut() {
        open.forEach(Cuttable::cut);
    }

    /** Whether no new connection can be had from now on. */
    void refuse(boolean now) {
        refusing = now;
    }

    /** Who has wanted to hear of idle connections so far. */
    List<IdleListener> listeners() {
        return listeners;
    }

    int open() {
        return open.size();
    }

    int connects() {
        return world.connects();
    }

    void jump(Duration duration) {
        world.jump(duration);
    }

    Lease promptly(DistributedLock lock) throws InterruptedException {
        return world.promptly(lock);
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        if (refusing) {
            throw new ConnectException("refused by the test");
        }
        Cuttable transport = new Cuttable(world.connect(server, timeoutNanos));
        open.add(transport);
        return transport;
    }

    private final class Cuttable extends ForwardingTransport {

        private volatile boolean cut;

        Cuttable(Transport real) {
            super(real);
        }

        void cut() {
            cut = true;
            super.close();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (cut) {
                throw new EOFException("cut by the test");
            }
            super.write(bytes, offset, length);
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
            if (cut) {
                throw new EOFException("cut by the test");
            }
            return super.read(buffer, offset, length, timeoutNanos);
        }

        @Override
        public boolean isQuiet() {
            return !cut && super.isQuiet();
        }

        @Override
        public void watch(IdleWatch watch, IdleListener listener) {
            listeners.add(listener);
            super.watch(watch, listener);
        }

        @Override
        public void close() {
            open.remove(this);
            super.close();
        }
    }
}
