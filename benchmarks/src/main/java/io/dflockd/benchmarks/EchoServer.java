package io.dflockd.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The floor under the fake: one thread with one selector, as there, that answers every third line with one and the same line and knows nothing else.
 *
 * <p>Prints {@code listening on HOST:PORT}, and ends with its process.
 */
public final class EchoServer {

    private static final byte[] REPLY = ("ok " + "0".repeat(32) + " 30\n").getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer input = ByteBuffer.allocateDirect(16 * 1024);

    private EchoServer() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] args) throws IOException {
        EchoServer server = new EchoServer();
        System.out.println("listening on 127.0.0.1:" + server.listener.socket().getLocalPort());
        while (server.selector.isOpen()) {
            server.selector.select(server::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                answer((SocketChannel) key.channel(), (int[]) key.attachment());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the echo server broke; start the benchmark again", e);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new int[1]);
    }

    private void answer(SocketChannel channel, int[] lines) throws IOException {
        input.clear();
        if (channel.read(input) < 0) {
            channel.close();
            return;
        }
        input.flip();
        while (input.hasRemaining()) {
            if (input.get() == '\n' && ++lines[0] % 3 == 0) {
                channel.write(ByteBuffer.wrap(REPLY));
            }
        }
    }
}
