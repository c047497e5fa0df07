package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.ForwardingRuntime;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The clients' world, with a pair of scissors: any of their connections can be closed under their feet. */
public final class CuttableRuntime extends ForwardingRuntime {

    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Transport> open = new ConcurrentHashMap<>();

    public CuttableRuntime(ClientRuntime world) {
        super(world);
    }

    /** Closes one of the open connections; false if there is none. */
    public boolean cutOne(SplittableRandom random) {
        List<Transport> candidates = new ArrayList<>(open.values());
        if (candidates.isEmpty()) {
            return false;
        }
        candidates.get(random.nextInt(candidates.size())).close();
        return true;
    }

    /** Closes all connections, so that nobody waits for an answer any longer. */
    public void cutAll() {
        open.values().forEach(Transport::close);
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        Transport transport = super.connect(server, timeoutNanos);
        long number = numbers.incrementAndGet();
        open.put(number, transport);
        return new Transport() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                transport.write(bytes, offset, length);
            }

            @Override
            public int read(byte[] buffer, int offset, int length, long nanos) throws IOException {
                return transport.read(buffer, offset, length, nanos);
            }

            @Override
            public boolean isQuiet() {
                return transport.isQuiet();
            }

            @Override
            public void watch(IdleWatch watch, IdleListener listener) {
                transport.watch(watch, listener);
            }

            @Override
            public void unwatch() throws IOException {
                transport.unwatch();
            }

            @Override
            public void close() {
                open.remove(number);
                transport.close();
            }
        };
    }
}
