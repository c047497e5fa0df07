package io.dflockd.fake.transcript;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.ManualTime;
import io.dflockd.fake.server.Receiver;
import io.dflockd.fake.server.Session;
import io.dflockd.fake.server.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A connection between a proxy and the server behind without sockets: what one end does the other one knows at once. */
final class MemoryLink implements Wire {

    private final Session session;

    private MemoryLink(EngineDriver server, Receiver proxy) {
        session = server.accept(new FarEnd(proxy));
        proxy.writable();
    }

    /** A proxy in front of this server. */
    static EngineDriver proxy(EngineDriver server, ManualTime clock) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        EngineDriver proxy = EngineDriver.proxy(FakeOptions.defaults().withManualClock(), clock, nowhere);
        proxy.connectBy((address, receiver) -> new MemoryLink(server, receiver));
        return proxy;
    }

    @Override
    public void write(byte[] bytes) {
        session.received(bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        session.endOfStream();
    }

    @Override
    public void reset() {
        session.reset();
    }

    @Override
    public void shutdownOutput() {
        session.endOfStream();
    }

    /** The server's end. */
    private record FarEnd(Receiver proxy) implements Wire {

        @Override
        public void write(byte[] bytes) {
            proxy.received(bytes, 0, bytes.length);
        }

        @Override
        public void close() {
            proxy.endOfStream();
        }

        @Override
        public void reset() {
            proxy.reset();
        }
    }
}
