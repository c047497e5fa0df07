package io.dflockd.benchmarks;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** What is started and stopped: the fake, or a bare server socket as the floor under it. */
enum Startable {
    FAKE {
        @Override
        AutoCloseable start() {
            return FakeDflockdServer.start(FakeOptions.defaults());
        }
    },
    BARE {
        @Override
        AutoCloseable start() throws IOException {
            return new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        }
    };

    abstract AutoCloseable start() throws IOException;
}
