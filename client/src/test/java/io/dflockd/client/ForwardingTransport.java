package io.dflockd.client;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.Transport;
import java.io.IOException;

/** Another connection as it is, for tests that change one thing about it. */
public class ForwardingTransport implements Transport {

    private final Transport real;

    protected ForwardingTransport(Transport real) {
        this.real = real;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        real.write(bytes, offset, length);
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        return real.read(buffer, offset, length, timeoutNanos);
    }

    @Override
    public boolean isQuiet() {
        return real.isQuiet();
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
    public void close() {
        real.close();
    }
}
