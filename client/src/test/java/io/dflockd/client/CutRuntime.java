package io.dflockd.client;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;

/** A world whose connections can be cut, so that the client finds them dead, and refused. */
final class CutRuntime implements ClientRuntime {

    private final SkewedRuntime world = new SkewedRuntime();
    private final Set<Cuttable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    /** Cuts all that are open. */
    void cut() {
        open.forEach(Cuttable::cut);
    }

    /** Whether no new connection can be had from now on. */
    void refuse(boolean now) {
        refusing = now;
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
    public long nanoTime() {
        return world.nanoTime();
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

    @Override
    public IdleWatch newIdleWatch() throws IOException {
        return world.newIdleWatch();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        return world.startThread(name, body);
    }

    @Override
    public Lock newLock() {
        return world.newLock();
    }

    @Override
    public double random() {
        return world.random();
    }

    private final class Cuttable implements Transport {

        private final Transport real;
        private volatile boolean cut;

        Cuttable(Transport real) {
            this.real = real;
        }

        void cut() {
            cut = true;
            real.close();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (cut) {
                throw new EOFException("cut by the test");
            }
            real.write(bytes, offset, length);
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
            if (cut) {
                throw new EOFException("cut by the test");
            }
            return real.read(buffer, offset, length, timeoutNanos);
        }

        @Override
        public void watch(IdleWatch watch, IdleListener listener) {
            real.watch(watch, listener);
        }

        @Override
        public void unwatch() throws IOException {
            real.unwatch();
        }

        @Override
        public boolean isQuiet() {
            return !cut && real.isQuiet();
        }

        @Override
        public void close() {
            open.remove(this);
            real.close();
        }
    }
}
