package io.dflockd.client.internal;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a channel in a {@link SelectorWatch}, from watch to unwatch.
 *
 * <p>Its phase moves on by compare-and-set, so that of a noise and an unwatch at the same time one wins. From WATCHED on, the channel belongs to the selector's
 * thread until {@link #left}, but for one thing: from LEAVING on that thread does not read it any more, so that whoever leaves may write already.
 */
final class WatchedChannel {

    /** What was heard on a channel that is in non-blocking mode. */
    enum Noise {
        NONE,
        /** Bytes that may mean nothing. */
        BYTES,
        OVER
    }

    /** Looks for unread bytes, on the selector's thread. */
    interface Ear {
        Noise listen();
    }

    private enum Phase {
        WANTED,
        WATCHED,
        LISTENING,
        DISTURBED,
        LEAVING,
        LEFT
    }

    private static final long LONGEST_LEAVE_SECONDS = 5;

    private final SelectorWatch watch;
    private final SocketChannel channel;
    private final Ear ear;
    private final IdleListener listener;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WANTED);
    private final CountDownLatch left = new CountDownLatch(1);
    private boolean over;

    /** Who is in {@link #tell}. Others may read it too early or too late, but never find themselves in it by mistake. */
    private @Nullable Thread teller;

    private @Nullable Closeable toClose;

    WatchedChannel(SelectorWatch watch, SocketChannel channel, Ear ear, IdleListener listener) {
        this.watch = watch;
        this.channel = channel;
        this.ear = ear;
        this.listener = listener;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Begins to take it back: once this has returned it may be written to, and what arrives then is no noise. */
    void beginToLeave() throws IOException {
        while (true) {
            Phase now = phase.get();
            if (now == Phase.WANTED && phase.compareAndSet(now, Phase.LEFT)) {
                left.countDown();
                break;
            }
            boolean listened = now == Phase.LISTENING;
            if ((listened || now == Phase.WATCHED) && phase.compareAndSet(now, Phase.LEAVING)) {
                watch.change(this);
                if (listened) {
                    leave(); // what arrives could still be read by the selector's thread
                }
                break;
            }
            if (now == Phase.DISTURBED || now == Phase.LEAVING || now == Phase.LEFT) {
                leave();
                break;
            }
        }
        requireOpen();
    }

    /** Waits until the selector's thread has given it back: once this has returned it is in blocking mode. */
    void leave() throws IOException {
        if (!awaitLeft()) {
            channel.close();
            throw new IOException("the thread that watches idle connections does not give this one back");
        }
        requireOpen();
    }

    private void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    private boolean awaitLeft() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_LEAVE_SECONDS);
        try {
            while (true) {
                try {
                    return left.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The channel has been closed, by any thread: wakes who leaves, and the selector, which keeps the descriptor until then. */
    void closed() {
        left.countDown();
        if (phase.get() != Phase.LEFT) {
            watch.change(this);
        }
    }

    /** On the selector's thread: whether it is to be registered now. */
    boolean enters() {
        return phase.compareAndSet(Phase.WANTED, Phase.WATCHED);
    }

    /** On the selector's thread: whether it is to be taken out without a word. */
    boolean isLeaving() {
        return phase.get() == Phase.LEAVING;
    }

    /** On the selector's thread. Nothing is heard if somebody leaves: it may be the answer to what he has written already. */
    Noise listen() {
        if (!phase.compareAndSet(Phase.WATCHED, Phase.LISTENING)) {
            return Noise.NONE;
        }
        Noise noise = ear.listen();
        if (noise == Noise.NONE) {
            phase.compareAndSet(Phase.LISTENING, Phase.WATCHED);
        }
        return noise;
    }

    /** On the selector's thread: whether the listener has to be told, after the channel has been taken out. */
    boolean disturb(boolean isOver) {
        if (!phase.compareAndSet(Phase.WATCHED, Phase.DISTURBED)
                && !phase.compareAndSet(Phase.LISTENING, Phase.DISTURBED)) {
            return false;
        }
        over = isOver;
        return true;
    }

    /** On the selector's thread, when the channel is in blocking mode again, or closed. */
    void left() {
        phase.set(Phase.LEFT);
        left.countDown();
    }

    void tell() {
        teller = Thread.currentThread();
        try {
            listener.disturbed(over);
        } finally {
            teller = null;
        }
    }

    /** Whether this thread is telling it, which closes the channel afterwards. */
    private boolean closesLater(Closeable open) {
        if (teller != Thread.currentThread()) {
            return false;
        }
        toClose = open;
        return true;
    }

    /** On the selector's thread, as the next one. */
    boolean isToBeClosed() {
        return toClose != null;
    }

    void closeAtLast() {
        close(toClose);
        closed();
    }

    private static void close(@Nullable Closeable open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /** The stays of one channel, one after the other: what {@link io.dflockd.client.spi.Transport#watch} and {@code unwatch} are with and without TLS. */
    static final class Stays {

        private final SocketChannel channel;
        private final Ear ear;
        private volatile @Nullable WatchedChannel watched;

        Stays(SocketChannel channel, Ear ear) {
            this.channel = channel;
            this.ear = ear;
        }

        void begin(IdleWatch watch, IdleListener listener) {
            if (watched != null) {
                throw new IllegalStateException("the connection is watched, or nothing was read since it was");
            }
            WatchedChannel entered = ((SelectorWatch) watch).add(channel, ear, listener);
            watched = entered;
            if (!channel.isOpen()) {
                entered.closed(); // which close() could not yet say
            }
        }

        /** From now on the channel may be written to, in the mode that it is in; for everything else {@link #end} comes first. */
        void beginToEnd() throws IOException {
            WatchedChannel leaving = watched;
            if (leaving != null) {
                leaving.beginToLeave();
            }
        }

        /** Waits for the end that was begun, if it was. The channel is in blocking mode then. */
        void end() throws IOException {
            WatchedChannel leaving = watched;
            if (leaving != null) {
                leaving.leave();
                watched = null; // not before, so that close() wakes who leaves
            }
        }

        /** Closes the channel, from any thread, by closing this; if its end is just being told to the caller, soon after that. */
        void close(Closeable open) {
            WatchedChannel stay = watched;
            if (stay != null && stay.closesLater(open)) {
                return;
            }
            WatchedChannel.close(open);
            stay = watched;
            if (stay != null) {
                stay.closed();
            }
        }
    }
}
