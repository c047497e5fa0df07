package io.dflockd.fake.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of a server: one thread that accepts, reads, writes what could not be written at once, and, on the system clock, runs the timers.
 */
public final class SocketLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SocketLoop.class);
    private static final int BACKLOG = 1024;
    private static final long JOIN_MILLIS = 5_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EngineDriver driver;
    private final TimeSource clock;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer input = ByteBuffer.allocateDirect(16 * 1024);
    private final byte[] bytes = new byte[input.capacity()];
    private final Thread thread;
    private final AcceptPause acceptPause;
    private volatile boolean stopping;

    private SocketLoop(EngineDriver driver, TimeSource clock, Selector selector, ServerSocketChannel listener)
            throws IOException {
        this.driver = driver;
        this.clock = clock;
        this.selector = selector;
        this.listener = listener;
        listener.configureBlocking(false);
        acceptPause = new AcceptPause(listener.register(selector, SelectionKey.OP_ACCEPT));
        // Not by "+": the first one in a JVM costs several milliseconds.
        thread = new Thread(
                this::run, "dflockd-fake-".concat(Integer.toString(address().getPort())));
        thread.setDaemon(true);
    }

    /**
     * Listens and serves.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static SocketLoop start(EngineDriver driver, TimeSource clock, InetSocketAddress address)
            throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
            SocketLoop loop = new SocketLoop(driver, clock, selector, listener);
            driver.wakeBy(loop::wakeUnlessInside);
            loop.thread.start();
            return loop;
        } catch (IOException | RuntimeException e) {
            listener.close();
            selector.close();
            throw e;
        }
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** Something changed that the loop does not know of: look again. */
    void wakeUnlessInside() {
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /**
     * Runs what writes to sockets on a thread that is not the server's: with the interrupt flag set aside, as an interrupted thread would close them, and so that the
     * loop looks at its deadlines afterwards.
     */
    public void outside(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            wakeUnlessInside();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Turns away everybody who has connected and was not accepted yet. */
    public void clearBacklog() {
        try {
            for (SocketChannel late = listener.accept(); late != null; late = listener.accept()) {
                late.close();
            }
        } catch (IOException e) {
            LOG.warn("clearing the backlog of {} failed: {}", listener, e.toString());
        }
    }

    /** Closes the listener and all connections, and ends the thread. */
    @Override
    public void close() {
        stopping = true;
        wakeUnlessInside();
        if (Thread.currentThread() != thread) {
            join();
        }
    }

    private void join() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + JOIN_MILLIS * NANOS_PER_MILLI;
        for (long left = JOIN_MILLIS;
                thread.isAlive() && left > 0;
                left = (deadline - System.nanoTime()) / NANOS_PER_MILLI) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} did not stop within {} ms", thread.getName(), JOIN_MILLIS);
        }
    }

    private void run() {
        try {
            while (!stopping) {
                select();
                acceptPause.endIfOver();
                if (clock == TimeSource.SYSTEM) {
                    driver.runDue();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the fake server on {} stops: this is a bug in it", listener, e);
        } finally {
            release();
        }
    }

    private void select() throws IOException {
        OptionalLong deadline = clock == TimeSource.SYSTEM ? driver.nextDeadline() : OptionalLong.empty();
        long left = acceptPause.left();
        if (deadline.isPresent()) {
            left = Math.min(left, deadline.getAsLong() - driver.nanos());
        }
        if (left > 0) {
            selector.select(this::serve, (left - 1) / NANOS_PER_MILLI + 1);
        } else {
            selector.selectNow(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
                return;
            }
            Session session = (Session) key.attachment();
            if (key.isWritable()) {
                session.writable();
            }
            if (key.isValid() && key.isReadable()) {
                read(key, session);
            }
        } catch (CancelledKeyException closed) {
            LOG.trace("{} was closed meanwhile", key.channel());
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                admit(channel);
            }
            acceptPause.accepted();
        } catch (IOException e) {
            acceptPause.begin(e);
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SocketWire wire = new SocketWire(channel, this);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            wire.watchedBy(key);
            key.attach(driver.accept(wire));
        } catch (IOException gone) {
            LOG.debug("{} was gone before it was served: {}", channel, gone.toString());
            channel.close();
        }
    }

    private void read(SelectionKey key, Session session) {
        input.clear();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(input);
        } catch (IOException e) {
            stopReading(key);
            session.reset();
            return;
        }
        if (count < 0) {
            stopReading(key);
            session.endOfStream();
        } else if (count > 0) {
            input.flip().get(bytes, 0, count);
            session.received(bytes, 0, count);
        }
    }

    /** Nothing more will come; a socket that stays readable would keep the loop busy. */
    private static void stopReading(SelectionKey key) {
        key.interestOpsAnd(~SelectionKey.OP_READ);
    }

    private void release() {
        driver.closeAll();
        try {
            listener.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed: {}", listener, e.toString());
        }
    }
}
