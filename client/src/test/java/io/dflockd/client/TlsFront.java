package io.dflockd.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TLS in front of a server that speaks none, with a certificate of its own, and the context that trusts it. */
final class TlsFront implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final ServerSocket listener;
    private final String behind;
    private final SSLContext context;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * Listens on loopback.
     *
     * @param behind where the bytes go
     * @param name whom the certificate is for, as keytool writes it: {@code ip:127.0.0.1}, {@code dns:example.org}
     */
    TlsFront(Path folder, String behind, String name) throws Exception {
        this.behind = behind;
        Path store = folder.resolve("front.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "front",
                "-keyalg",
                "EC",
                "-dname",
                "CN=front",
                "-validity",
                "2",
                "-ext",
                "san=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("front", keys.getCertificate("front"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates);
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        listener = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Trusts this front and nobody else. */
    SSLContext trust() {
        return context;
    }

    /** Sends bytes that mean nothing to who reads, on every connection of TLS 1.3: a change of keys. */
    void changeKeys() {
        for (Socket socket : sockets) {
            if (socket instanceof SSLSocket front) {
                try {
                    front.startHandshake();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket front = listener.accept();
                Socket back = new Socket(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(behind.substring(behind.indexOf(':') + 1)));
                sockets.addAll(List.of(front, back));
                start(() -> copy(front, back));
                start(() -> copy(back, front));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone, so the other is closed too.
        }
    }

    private static void keytool(String... args) throws Exception {
        Path log = Files.createTempFile("keytool", ".log");
        List<String> command = new CopyOnWriteArrayList<>(args);
        command.add(
                0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool failed: " + Files.readString(log));
        }
        Files.delete(log);
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
