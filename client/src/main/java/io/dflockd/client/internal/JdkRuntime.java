package io.dflockd.client.internal;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** The world as the JDK has it. */
public final class JdkRuntime implements ClientRuntime {

    /** Finds the addresses behind a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private final Optional<SSLContext> trust;
    private final Resolver resolver;

    /** Plain connections. */
    public JdkRuntime() {
        this(Optional.empty(), InetAddress::getAllByName);
    }

    /** Connections over TLS. */
    public JdkRuntime(SSLContext trust) {
        this(Optional.of(trust), InetAddress::getAllByName);
    }

    JdkRuntime(Optional<SSLContext> trust, Resolver resolver) {
        this.trust = trust;
        this.resolver = resolver;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        return connect(server, timeoutNanos, opened -> {});
    }

    /** Tries every address behind the name in turn; each gets its share, TLS handshake included, of the time that is left. */
    @Override
    public Transport connect(ServerAddress server, long timeoutNanos, Consumer<Closeable> opening) throws IOException {
        InetAddress[] hosts = resolver.addressesOf(server.host());
        long deadline = nanoTime() + timeoutNanos;
        List<IOException> earlier = new ArrayList<>();
        for (int i = 0; ; i++) {
            int left = hosts.length - i;
            try {
                return open(hosts[i], server, Math.max(1, (deadline - nanoTime()) / left), opening);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                if (left == 1 || deadline - nanoTime() <= 0) {
                    earlier.forEach(e::addSuppressed);
                    throw e;
                }
                earlier.add(e);
            }
        }
    }

    private Transport open(InetAddress host, ServerAddress server, long timeoutNanos, Consumer<Closeable> opening)
            throws IOException {
        long deadline = nanoTime() + timeoutNanos;
        SocketChannel channel = SocketTransport.connect(host, server.port(), timeoutNanos, opening);
        return trust.isPresent()
                ? TlsTransport.open(channel, trust.get(), server, deadline - nanoTime(), opening)
                : new SocketTransport(channel);
    }

    @Override
    public IdleWatch newIdleWatch() throws IOException {
        return new SelectorWatch();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return timeoutNanos -> join(thread, timeoutNanos);
    }

    @Override
    public Lock newLock() {
        return new ReentrantLock();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private boolean join(Thread thread, long timeoutNanos) {
        long deadline = nanoTime() + timeoutNanos;
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                long left = deadline - nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left + TimeUnit.MILLISECONDS.toNanos(1));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
