package io.dflockd.fake.fuzz;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Misuses a server over real sockets, which it keeps open until it is closed. That the server closes some before is what it should do. */
final class Attacker implements Closeable {

    private static final int LIMIT_MILLIS = 5_000;

    private final InetSocketAddress address;
    private final SplittableRandom random;
    private final FuzzRun run;
    private final Noise noise;
    private final List<Socket> sockets = new ArrayList<>();

    Attacker(InetSocketAddress address, SplittableRandom random, FuzzRun run) {
        this.address = address;
        this.random = random;
        this.run = run;
        noise = new Noise(random);
    }

    void attack() throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> flood();
            case 1 -> halfOpen();
            case 2 -> send(connect(), repeated("stats\n_\n_\n", random.nextInt(1_000)));
            case 3 -> send(connect(), repeated("x", random.nextInt(1 << 20)));
            case 4 -> trickle();
            default -> noise();
        }
    }

    /** Many at once, and some of them break off at once. */
    private void flood() throws IOException {
        for (int left = random.nextInt(100); left > 0; left--) {
            Socket socket = connect();
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private void halfOpen() throws IOException {
        Socket socket = connect();
        send(socket, noise.requests());
        if (!socket.isClosed()) {
            socket.shutdownOutput();
        }
    }

    /** Byte after byte. */
    private void trickle() throws IOException {
        Socket socket = connect();
        for (byte one : noise.requests()) {
            send(socket, new byte[] {one});
        }
    }

    private void noise() throws IOException {
        Socket socket = connect();
        for (int left = random.nextInt(20); left > 0; left--) {
            send(socket, noise.some());
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4 * 1024);
        socket.setTcpNoDelay(true);
        socket.connect(address, LIMIT_MILLIS);
        run.count("connections", 1);
        return socket;
    }

    /** Never reads, so it must not send so much that it waits for a server that waits for it: the kernel's buffers hold this. */
    private void send(Socket socket, byte[] bytes) throws IOException {
        if (socket.isClosed()) {
            return;
        }
        try {
            socket.getOutputStream().write(bytes);
            run.count("bytes", bytes.length);
        } catch (IOException thrownOut) {
            socket.close();
        }
    }

    private static byte[] repeated(String text, int times) {
        return text.repeat(times).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            if (random.nextInt(3) == 0 && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }
    }
}
