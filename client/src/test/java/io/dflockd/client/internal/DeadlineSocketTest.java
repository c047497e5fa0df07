package io.dflockd.client.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.internal.WatchedChannel.Noise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is heard below TLS, and that nothing of it is kept from TLS: DESIGN section 4, rule 11. */
@Timeout(60)
class DeadlineSocketTest {

    private SocketChannel channel;
    private DeadlineSocket socket;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            channel = SocketTransport.connect(
                    listener.getInetAddress(), listener.getLocalPort(), TimeUnit.SECONDS.toNanos(10), opened -> {});
            socket = new DeadlineSocket(channel);
            peer = listener.accept();
        }
        channel.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        peer.close();
    }

    @Test
    void nothing_is_no_noise() {
        assertThat(socket.listen()).isEqualTo(Noise.NONE);
    }

    @Test
    void bytes_are_heard_and_read_afterwards_in_their_order() throws IOException {
        byte[] sent = "x".repeat(70).concat("the end").getBytes(US_ASCII);
        peer.getOutputStream().write(sent);
        await().until(() -> socket.listen() == Noise.BYTES);
        assertThat(socket.listen()).as("as long as nobody has read them").isEqualTo(Noise.BYTES);

        channel.configureBlocking(true);
        socket.limit(TimeUnit.SECONDS.toNanos(10));
        byte[] read = new byte[sent.length];
        read[0] = (byte) socket.getInputStream().read();
        for (int count = 1; count < read.length; ) {
            count += socket.getInputStream().read(read, count, read.length - count);
        }
        assertThat(read).isEqualTo(sent);
    }

    @Test
    void end_after_some_bytes_is_the_end() throws IOException {
        peer.getOutputStream().write(new byte[24]);
        peer.close();
        await().until(() -> socket.listen() == Noise.OVER);
    }

    @Test
    void reset_is_the_end() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
        await().until(() -> socket.listen() == Noise.OVER);
    }
}
