package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that behaves, on one connection: all of its requests must be answered, and rightly. */
final class Exchanger implements Closeable {

    private static final int LIMIT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final BufferedReader replies;

    Exchanger(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address, LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Acquires a lock, fails to have it twice, and renews and releases it. Four exchanges. */
    void holdOnce() throws IOException {
        String grant = ask("l", "good", "0 30");
        assertThat(grant).matches("ok [0-9a-f]{32} 30");
        String token = grant.substring(3, 35);
        assertThat(ask("l", "good", "0")).isEqualTo("timeout");
        assertThat(ask("n", "good", token + " 40")).isEqualTo("ok 40");
        assertThat(ask("r", "good", token)).isEqualTo("ok");
    }

    /** How many times a second it does that. */
    double rate(long millis) throws IOException {
        long start = System.nanoTime();
        long times = 0;
        while (System.nanoTime() - start < millis * 1_000_000) {
            holdOnce();
            times++;
        }
        return times * 1e9 / (System.nanoTime() - start);
    }

    String ask(String command, String key, String arg) throws IOException {
        socket.getOutputStream().write((command + '\n' + key + '\n' + arg + '\n').getBytes(StandardCharsets.UTF_8));
        return String.valueOf(replies.readLine());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
