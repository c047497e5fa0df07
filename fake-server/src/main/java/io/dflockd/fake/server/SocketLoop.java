package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The sockets of a server: one thread that accepts, reads, writes what could not be written at once, and, on the system clock, runs the timers.
 */
public final class SocketLoop implements Connector, AutoCloseable {

    private static final long JOIN_MILLIS = 5_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EngineDriver driver;
    private final TimeSource clock;
    private final Selection selection;
    private final Listener listener;
    private final Optional<TlsPort> tls;
    private final ByteBuffer input = ByteBuffer.allocateDirect(16 * 1024);
    private final byte[] bytes = new byte[input.capacity()];
    private final Thread thread;
    private final AcceptPause acceptPause = new AcceptPause();
    private final Queue<SelectionKey> waitingForTurn = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** What is only read to be thrown away goes here. Wires close under the driver's lock, which is why one is enough. */
    final ByteBuffer waste = ByteBuffer.allocate(4096);

    private SocketLoop(
            EngineDriver driver, TimeSource clock, Selection selection, Listener listener, Optional<TlsPort> tls) {
        this.driver = driver;
        this.clock = clock;
        this.selection = selection;
        this.listener = listener;
        this.tls = tls;
        thread = new Thread(new Serving(), "dflockd-fake-" + address().getPort());
        thread.setDaemon(true);
    }

    /**
     * Listens and serves, with TLS if there is a port for it.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static SocketLoop start(
            EngineDriver driver, TimeSource clock, InetSocketAddress address, Optional<TlsPort> tls)
            throws IOException {
        Selection selection = new Selection();
        try {
            SocketLoop loop = new SocketLoop(driver, clock, selection, Listener.open(selection, address), tls);
            driver.connectBy(loop);
            loop.thread.start();
            return loop;
        } catch (IOException | RuntimeException e) {
            selection.close();
            throw e;
        }
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Closes the listener: who connects is refused at once, and so is who was not accepted yet. Connections live on, and the port stays taken.
     *
     * <p>This and the two below work on any thread, also under the driver's lock, and are done when they return.
     */
    @Override
    public void stopListening() {
        atListener("refuse connections", listener::stop);
    }

    /**
     * Listens again, on the same port; nothing happens if it does already.
     *
     * @throws UncheckedIOException if the port cannot be listened on any more
     */
    @Override
    public void startListening() {
        atListener("accept connections", listener::start);
    }

    /**
     * Leaves everybody who connects from now on without an answer.
     *
     * @throws UnsupportedOperationException if the platform cannot do that; then it listens
     */
    public void blackhole() {
        atListener("let connections hang", listener::fill);
    }

    private void atListener(String what, Listener.Change change) {
        outside(() -> {
            try {
                change.apply();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot " + what + " on " + listener + ": " + e.getMessage(), e);
            }
        });
    }

    @Override
    public void wake() {
        if (Thread.currentThread() != thread) {
            selection.wakeup();
        }
    }

    /** {@link IllegalStateException} if it is closed. */
    public void requireOpen() {
        listener.requireOpen();
    }

    /**
     * Runs what writes to sockets on a thread that is not the server's: with the interrupt flag set aside, as an interrupted thread would close them, and so that the
     * loop looks at its deadlines afterwards.
     *
     * @throws IllegalStateException if it is closed
     */
    public void outside(Runnable action) {
        requireOpen();
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            wake();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void clearBacklog() {
        listener.clearBacklog();
    }

    /** Closes the listener and all connections, and ends the thread. */
    @Override
    public void close() {
        stopping = true;
        wake();
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

    private final class Serving implements Runnable {
        @Override
        public void run() {
            try {
                while (!stopping) {
                    for (SelectionKey key : select()) {
                        serve(key);
                    }
                    giveTurns();
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
    }

    private List<SelectionKey> select() throws IOException {
        OptionalLong deadline = clock == TimeSource.SYSTEM ? driver.nextDeadline() : OptionalLong.empty();
        long left = acceptPause.left();
        if (deadline.isPresent()) {
            left = Math.min(left, deadline.getAsLong() - driver.nanos());
        }
        return selection.select(left > 0 && waitingForTurn.isEmpty() ? (left - 1) / NANOS_PER_MILLI + 1 : 0);
    }

    /** This connection goes on when others have had their turn. On any thread. */
    void haveTurnLater(SelectionKey key) {
        waitingForTurn.add(key);
        wake();
    }

    /** Only to those who wait now: they may have to wait again. */
    private void giveTurns() {
        for (int left = waitingForTurn.size(); left > 0; left--) {
            SelectionKey key = waitingForTurn.remove();
            if (key.isValid()) {
                ((Receiver) key.attachment()).writable();
            }
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                acceptPause.acceptAll(key, this::acceptNext);
                return;
            }
            Receiver receiver = (Receiver) key.attachment();
            if (key.isConnectable() && !finishConnect(key, receiver)) {
                return;
            }
            if (key.isWritable()) {
                receiver.writable();
            }
            if (key.isValid() && key.isReadable()) {
                read(key, receiver);
            }
        } catch (CancelledKeyException closed) {
            LOG.trace("{} was closed meanwhile", key.channel());
        }
    }

    /** In one step of the server, so that a reset or restart never comes between: it would miss one that is neither in the backlog nor known. */
    private boolean acceptNext() throws IOException {
        driver.enter();
        try {
            Optional<SocketChannel> next = listener.accept();
            if (next.isPresent()) {
                admit(next.get());
            }
            return next.isPresent();
        } finally {
            driver.leave();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SocketWire wire = new SocketWire(channel, this);
            LOG.debug("a connection from {}", channel);
            SelectionKey key = selection.watch(channel, SelectionKey.OP_READ);
            wire.watchedBy(key);
            key.attach(tls.isPresent() ? TlsReceiver.accept(driver, tls.get(), wire) : driver.accept(wire));
        } catch (IOException gone) {
            LOG.debug("{} was gone before it was served: {}", channel, gone.toString());
            channel.close();
        }
    }

    @Override
    public Wire connect(InetSocketAddress server, Receiver receiver) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SocketWire wire = new SocketWire(channel, this, server.getAddress());
            boolean connected = channel.connect(server);
            int operations = connected ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
            SelectionKey key = selection.watch(channel, operations);
            key.attach(receiver);
            wire.watchedBy(key);
            return wire;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Says whether the connection stands; then it is writable, and the receiver is about to hear of it. */
    private static boolean finishConnect(SelectionKey key, Receiver receiver) {
        try {
            ((SocketChannel) key.channel()).finishConnect();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return true;
        } catch (IOException e) {
            LOG.debug("a connection cannot be made: {}", e.toString());
            key.cancel();
            receiver.reset();
            return false;
        }
    }

    private void read(SelectionKey key, Receiver receiver) {
        input.clear();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(input);
        } catch (IOException e) {
            stopReading(key);
            receiver.reset();
            return;
        }
        if (count < 0) {
            stopReading(key);
            receiver.endOfStream();
        } else if (count > 0) {
            input.flip().get(bytes, 0, count);
            receiver.received(bytes, 0, count);
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
            selection.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed: {}", listener, e.toString());
        }
    }
}
