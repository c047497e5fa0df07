package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.RequestParser;
import io.dflockd.fake.protocol.RequestParser.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Changes the server's state behind the clients' backs, for tests. Every method is safe from any thread. */
public final class Tampering {

    private final EngineDriver driver;

    Tampering(EngineDriver driver) {
        this.driver = driver;
    }

    /**
     * Whoever is about to change the server asks first.
     *
     * @throws UnsupportedOperationException if this is a proxy: the state is another server's
     */
    public void requireServer() {
        engine();
    }

    private EngineBackend engine() {
        return driver.backend().engine();
    }

    /**
     * The key that clients name with this text.
     *
     * @throws IllegalArgumentException if none can
     */
    public Key key(String text) {
        requireServer();
        Key key = Key.of(text);
        byte[] lines = ("r\n" + text + '\n').getBytes(StandardCharsets.UTF_8);
        RequestParser parser = new RequestParser(driver.profile());
        parser.append(lines, 0, lines.length);
        Progress command = parser.next();
        boolean read = command == Progress.LINE && parser.next() == Progress.LINE;
        if (!read || !parser.key().equals(Optional.of(key))) {
            throw new IllegalArgumentException(
                    "no client of " + driver.profile() + " can name the key '" + text
                            + "'; it must not be empty nor longer than a line, nor contain what the profile takes for white space");
        }
        return key;
    }

    /** Ends all leases of the key now. */
    public void expire(Key key) {
        driver.inside(() -> engine().expire(key));
    }

    /** Lets leases of the key that last longer end so long from now. */
    public void shorten(Key key, Duration left) {
        driver.inside(() -> engine().shorten(key, left));
    }

    /** Gives the key to somebody who is nobody's client, past all who hold or wait. */
    public String steal(Key key) {
        driver.enter();
        try {
            return engine().steal(key);
        } finally {
            driver.leave();
        }
    }

    /** The clock jumps ahead, and everything happens at once that falls due on the way. */
    public void jump(Duration ahead) {
        driver.inside(() -> {
            requireServer();
            driver.time().jump(Deadline.nanos(ahead));
            driver.catchUp();
        });
    }

    /** The whole server stands still for this long; its clock goes on. */
    public void freeze(Duration duration) {
        driver.inside(() -> {
            requireServer();
            driver.time().freeze(driver.after(duration));
        });
    }

    /** Ends a {@link #freeze} before its time. */
    public void thaw() {
        driver.inside(driver.time()::thaw);
        driver.runDue();
    }

    /** Stops looking for leases that are over, or begins again. */
    public void pauseSweeps(boolean pause) {
        driver.inside(() -> engine().pauseSweeps(pause));
    }

    /**
     * The server is told to end and lets its clients finish, as far as its profile does (PROTOCOL.md section 4): V0 drops them all at once, V1 carries out what need
     * not wait, V2 says {@code error_draining} to whatever comes next. Then {@link #awaitNoConnections} waits for the rest.
     */
    public void drain() {
        driver.inside(() -> {
            EngineBackend engine = engine();
            driver.connector().stopListening();
            if (driver.profile().endsWithoutDraining()) {
                endConnections();
            } else {
                engine.drain();
            }
        });
    }

    private void endConnections() {
        driver.sessions().all().forEach(engine()::abandon);
        driver.sessions().crashAll();
    }

    /**
     * Waits until no connection is open, at most for this long in real time.
     *
     * @return whether none is
     */
    public boolean awaitNoConnections(Duration timeout) throws InterruptedException {
        return driver.sessions().awaitNone(timeout);
    }

    /** Closes a connection. Nothing happens if it is over. */
    public void kick(long number) {
        driver.inside(() -> driver.sessions().find(number).ifPresent(Session::close));
    }

    /** Cuts the network between the server and these connections, all and future ones if none is named, or mends it. */
    public void partition(boolean cut, long... numbers) {
        driver.inside(() -> driver.sessions().partition(cut, numbers));
    }

    /**
     * Ends all connections as a crash would, and begins a new process, with what was known or without: it listens, has the options of the start, does not drain and
     * does not stand still. The network, the clock and the faults are as before.
     */
    public void restart(Restart how) {
        driver.inside(() -> {
            endConnections();
            driver.connector().clearBacklog();
            driver.time().thaw();
            driver.restoreOptions();
            if (how == Restart.LOSE_STATE) {
                driver.timers().clear();
                engine().reset();
            } else {
                engine().restart();
                driver.catchUp();
            }
            driver.connector().startListening();
        });
    }

    /** A fault changes the state, and the session goes on if it still can. */
    void apply(StateEffect effect, Session session, Optional<Command> request, Runnable goOn) {
        if (effect instanceof StateEffect.DoubleGrant) {
            grantAnyway(session, request.orElseThrow(), goOn);
            return;
        }
        if (effect instanceof StateEffect.Freeze freeze) {
            freeze(freeze.time());
            // Due at once, which is as soon as the server does not stand still any more.
            session.hold().later(Duration.ZERO, goOn);
            return;
        }
        change(effect, session, request);
        if (!session.isClosed()) {
            goOn.run();
        }
    }

    /** What would be refused is refused all the same. */
    private void grantAnyway(Session session, Command command, Runnable goOn) {
        if (!session.exchanges().isLetIn() || engine().refuses(command) || !engine().grantAnyway(session, command)) {
            goOn.run();
        }
    }

    private void change(StateEffect effect, Session session, Optional<Command> request) {
        if (effect instanceof StateEffect.OfKey ofKey) {
            request.filter(Command.OnKey.class::isInstance)
                    .map(Command.OnKey.class::cast)
                    .ifPresent(command -> changeKey(ofKey, command.key()));
        } else if (effect instanceof StateEffect.NoAutoRelease) {
            engine().keepAfterEnd(session);
        } else if (effect instanceof StateEffect.ClockJump jump) {
            jump(jump.ahead());
        } else if (effect instanceof StateEffect.Restarted restart) {
            restart(restart.how());
        } else if (effect instanceof StateEffect.FencesGoBack fences) {
            engine().fencesGoBack(fences.by());
        }
    }

    private void changeKey(StateEffect.OfKey effect, Key key) {
        if (effect instanceof StateEffect.ExpireLease) {
            expire(key);
        } else if (effect instanceof StateEffect.ShortenLease shorten) {
            shorten(key, shorten.left());
        } else if (effect instanceof StateEffect.Steal) {
            steal(key);
        } else {
            engine().skipHead(key);
        }
    }
}
