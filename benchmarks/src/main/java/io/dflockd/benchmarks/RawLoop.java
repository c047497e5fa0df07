package io.dflockd.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The floor: one socket, the bytes of an acquire and a release, nothing else. */
final class RawLoop implements SideBySide.Worker {

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final InputStream in;
    private final byte[] acquire;
    private final byte[] renewal;
    private final byte[] release;
    private final int tokenAt;
    private final byte[] line = new byte[256];

    RawLoop(String host, int port, String key) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), 5_000);
        socket.setSoTimeout(30_000);
        out = socket.getOutputStream();
        in = socket.getInputStream();
        acquire = ascii("l\n" + key + "\n10 30\n");
        String head = "r\n" + key + "\n";
        tokenAt = head.length();
        release = ascii(head + "0".repeat(32) + "\n");
        renewal = ascii("n\n" + key + '\n' + "0".repeat(32) + " 30\n");
    }

    @Override
    public void pair() throws IOException {
        askForLock();
        awaitGrant();
        askForRelease();
        awaitOk();
    }

    void askForLock() throws IOException {
        out.write(acquire);
    }

    void awaitGrant() throws IOException {
        int length = readLine();
        if (length != "ok ".length() + 32 + " 30".length()) {
            throw new IOException("not granted: " + text(length));
        }
        System.arraycopy(line, 3, release, tokenAt, 32);
    }

    /** Of what was granted last, for the same lease. */
    void askForRenewal() throws IOException {
        System.arraycopy(release, tokenAt, renewal, tokenAt, 32);
        out.write(renewal);
    }

    void askForRelease() throws IOException {
        out.write(release);
    }

    void awaitOk() throws IOException {
        int length = readLine();
        if (length < 2 || line[0] != 'o' || line[1] != 'k') {
            throw new IOException("not ok: " + text(length));
        }
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.US_ASCII);
    }

    private int readLine() throws IOException {
        int length = 0;
        while (length == 0 || line[length - 1] != '\n') {
            int count = in.read(line, length, line.length - length);
            if (count < 0) {
                throw new EOFException("the server closed the connection");
            }
            length += count;
        }
        return length - 1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
