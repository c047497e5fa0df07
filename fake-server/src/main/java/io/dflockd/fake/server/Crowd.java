package io.dflockd.fake.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Connections that only take up room: those who wait at a listener's door, so that nobody else gets to it. */
final class Crowd implements Closeable {

    private static final int MOST = 16;
    private static final int PATIENCE_MILLIS = 200;

    private final List<Socket> waiting = new ArrayList<>();

    /** Whether there is one now at this address that lets nobody through; it is made by connecting until that hangs. */
    boolean gather(InetSocketAddress address) throws IOException {
        while (waiting.size() < MOST) {
            Socket one = new Socket();
            try {
                one.connect(address, PATIENCE_MILLIS);
                waiting.add(one);
            } catch (SocketTimeoutException full) {
                one.close();
                return true;
            } catch (IOException e) {
                one.close();
                throw e;
            }
        }
        return false;
    }

    boolean isThere() {
        return !waiting.isEmpty();
    }

    /** Everybody leaves. */
    @Override
    public void close() throws IOException {
        for (Socket one : waiting) {
            one.close();
        }
        waiting.clear();
    }
}
