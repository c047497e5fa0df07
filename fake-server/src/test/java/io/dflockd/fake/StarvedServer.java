package io.dflockd.fake;

import java.io.IOException;

/** A server in a process of its own: prints its port, and ends with its input. */
final class StarvedServer {

    private StarvedServer() {}

    public static void main(String[] args) throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            System.out.println(server.port());
            System.in.read();
        }
    }
}
