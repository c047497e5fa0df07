package io.dflockd.client;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A server that answers byte for byte what a test says: for answers that no server should give, and for the moments between them. */
public final class ScriptedServer implements AutoCloseable {

    public static final String TOKEN = "0123456789abcdef0123456789abcdef";
    public static final String OTHER_TOKEN = "fedcba9876543210fedcba9876543210";

    /** What happens on one connection; when it returns the connection is closed. */
    public interface Script {
        void serve(Peer peer) throws Exception;
    }

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();

    /** The first connection gets the first script and so on; the last script serves all that follow. */
    public ScriptedServer(Script... scripts) {
        this.scripts = List.of(scripts);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept, "accept");
    }

    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The connections so far, in order. */
    public List<Peer> peers() {
        return peers;
    }

    private void accept() {
        try {
            while (true) {
                Peer peer = new Peer(listener.accept());
                Script script = scripts.get(Math.min(peers.size(), scripts.size() - 1));
                peers.add(peer);
                start(() -> peer.play(script), "peer-" + peers.size());
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        peers.forEach(Peer::hangUp);
    }

    private static void start(Runnable body, String name) {
        Thread thread = new Thread(body, "scripted-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The server's end of one connection. */
    public static final class Peer {

        private final Socket socket;
        private final BufferedReader in;
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private volatile boolean ended;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next request as {@code command|key|arg}; null once the client has closed. */
        public @Nullable String read() throws IOException {
            StringBuilder request = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                String line = in.readLine();
                if (line == null) {
                    ended = true;
                    return null;
                }
                request.append(i == 0 ? "" : "|").append(line);
            }
            requests.add(request.toString());
            return request.toString();
        }

        /** Sends exactly this. */
        public void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        /** Reads a request, sends an answer. */
        public void answer(String reply) throws IOException {
            if (read() != null) {
                send(reply + "\n");
            }
        }

        /** Answers as a server whose every key is free. */
        public void grantAll() throws IOException {
            for (String request = read(); request != null; request = read()) {
                sendUsual(request);
            }
        }

        /** Reads a request, and answers as a server whose every key is free. */
        public void answerAsUsual() throws IOException {
            String request = read();
            if (request == null) {
                throw new EOFException("the client has closed");
            }
            sendUsual(request);
        }

        /** Answers a request as a server whose every key is free. */
        public void sendUsual(String request) throws IOException {
            send(usual(request) + "\n");
        }

        /** Reads and says nothing, until the client closes. */
        public void hang() throws IOException {
            while (read() != null) {
                // nothing
            }
        }

        /** Everything the client has asked so far. */
        public List<String> requests() {
            return requests;
        }

        /** Whether the client has closed. */
        public boolean ended() {
            return ended;
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        public void hangUp() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void play(Script script) {
            try {
                script.serve(this);
            } catch (Exception e) {
                ended = true; // The client went away in the middle, or the test is over.
            } finally {
                hangUp();
            }
        }

        public static String usual(String request) {
            String[] parts = request.split("\\|", -1);
            String[] arg = parts[2].split(" ", -1);
            return switch (parts[0]) {
                case "l" -> "ok " + TOKEN + " " + (arg.length > 1 ? arg[1] : "33");
                case "sl" -> "ok " + TOKEN + " " + (arg.length > 2 ? arg[2] : "33");
                case "e" -> "acquired " + TOKEN + " " + (arg[0].isEmpty() ? "33" : arg[0]);
                case "n", "sn" -> arg[0].equals(TOKEN) ? "ok " + arg[1] : "error";
                case "r", "sr" -> arg[0].equals(TOKEN) ? "ok" : "error";
                default -> "error";
            };
        }
    }
}
