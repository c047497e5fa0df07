package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.fault.Delay;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.Pieces;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.TlsEffect;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.RequestParser;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The faults of one session: the one that its request has taken, and what each does when its phase comes. */
final class Strikes {

    private final Session session;
    private final Exchanges exchanges;
    private final EngineDriver driver;
    private final Outlet out;
    private Optional<Command> request = Optional.empty();
    private long began;
    private @Nullable FaultHandle fault;

    Strikes(Session session, Exchanges exchanges, EngineDriver driver, Outlet out) {
        this.session = session;
        this.exchanges = exchanges;
        this.driver = driver;
        this.out = out;
    }

    /** A request is parsed: the first fault that is for it is its own. */
    void begin(Command command) {
        request = Optional.of(command);
        began = driver.now();
        fault = driver.faults()
                .match(session.number(), exchanges.number(), command)
                .orElse(null);
        FaultHandle mine = fault;
        boolean inItsPlace = mine != null && mine.effect() instanceof ReplyEffect;
        if (inItsPlace && isFor(Point.BEFORE_APPLY) && driver.backend().isUnderWay(session)) {
            // What the server behind has seen of the request cannot be taken back.
            skip(Point.BEFORE_APPLY);
        }
    }

    /** Whether the request has a fault that strikes at this point. */
    boolean isFor(Point point) {
        return fault != null && fault.phase().point() == point;
    }

    /** A point on the way of the request is reached. */
    void at(Point point, Runnable goOn) {
        if (!isFor(point)) {
            goOn.run();
        } else {
            strike(take(), goOn);
        }
    }

    /** The request will not come to this point any more. */
    void skip(Point point) {
        if (isFor(point)) {
            driver.faults().giveBack(take());
        }
    }

    /** The session is over: what its request has taken, and was not struck by, is for others. */
    void end() {
        if (fault != null) {
            driver.faults().giveBack(take());
        }
    }

    /** So many lines of a request have come. */
    void onLine(int line, RequestParser parser, Runnable goOn) {
        if (!driver.faults().isAnyArmed()) {
            goOn.run();
            return;
        }
        request = Optional.empty();
        Optional<FaultHandle> match =
                driver.faults().matchLine(line, session.number(), exchanges.number() + 1, parser.kind(), parser.key());
        match.ifPresentOrElse(found -> strikeEarly(found, line, goOn), goOn);
    }

    private void strikeEarly(FaultHandle found, int line, Runnable goOn) {
        exchanges.beginEarly(line);
        strike(found, goOn);
    }

    /** A moment of the connection that belongs to no request. */
    void onConnection(Point point, Runnable goOn) {
        request = Optional.empty();
        Optional<FaultHandle> match = driver.faults().matchConnection(point, session.number(), exchanges.number());
        match.ifPresentOrElse(found -> strike(found, goOn), goOn);
    }

    /** The client begins a TLS handshake: how it goes. */
    TlsHandshake onHandshake() {
        request = Optional.empty();
        return driver.faults()
                .matchConnection(Point.ON_TLS_HANDSHAKE, session.number(), exchanges.number())
                .map(this::drawn)
                .map(Strikes::handshake)
                .orElse(TlsHandshake.NORMAL);
    }

    private static TlsHandshake handshake(Effect effect) {
        if (effect instanceof TlsEffect tls) {
            return switch (tls) {
                case FAILED_HANDSHAKE -> TlsHandshake.FAIL;
                case EXPIRED_CERTIFICATE -> TlsHandshake.EXPIRED_CERTIFICATE;
                case WRONG_HOST_NAME -> TlsHandshake.WRONG_HOST;
                case PLAIN_TEXT -> TlsHandshake.PLAIN_TEXT;
            };
        } else if (effect instanceof Effect.Close) {
            return TlsHandshake.CLOSE;
        }
        return effect instanceof Effect.Reset ? TlsHandshake.RESET : TlsHandshake.STALL;
    }

    /** The reply is decided: it goes out, as far as the fault lets it, and then the session goes on. */
    void reply(Reply reply, byte[] line, Runnable done) {
        Runnable plain = () -> {
            exchanges.entry().written();
            out.writeReply(line);
            done.run();
        };
        FaultHandle mine = fault;
        if (mine == null) {
            plain.run();
        } else if (mine.phase().point() == Point.DURING_REPLY) {
            int cut = Math.min(mine.phase().number(), line.length - 1);
            out.write(Arrays.copyOf(line, cut));
            strike(take(), () -> {
                exchanges.entry().written();
                out.write(Arrays.copyOfRange(line, cut, line.length));
                done.run();
            });
        } else if (!mine.phase().equals(Phase.AFTER_APPLY_BEFORE_REPLY)) {
            plain.run();
        } else if (!mine.effect().fits(reply)) {
            driver.faults().giveBack(take());
            plain.run();
        } else if (mine.effect() instanceof ReplyEffect) {
            rewrite(take(), line, done);
        } else {
            strike(take(), plain);
        }
    }

    private FaultHandle take() {
        FaultHandle taken = fault;
        fault = null;
        if (taken == null) {
            throw new IllegalStateException("there is no fault to take; this is a bug in the fake server");
        }
        return taken;
    }

    private Effect drawn(FaultHandle struck) {
        boolean ofNextRequest = struck.phase().point() == Point.AFTER_REQUEST_LINE;
        long exchange = exchanges.number() + (ofNextRequest ? 1 : 0);
        Effect effect = driver.faults().strike(struck, driver.now(), session.number(), exchange, request);
        if (!struck.phase().point().isOfConnection()) {
            exchanges.entry().struck(struck.phase(), effect);
        }
        return effect;
    }

    private void rewrite(FaultHandle struck, byte[] line, Runnable done) {
        ReplyEffect effect = (ReplyEffect) drawn(struck);
        if (effect instanceof ReplyEffect.Coalesce coalesce) {
            exchanges.entry().written();
            out.join(coalesce.replies());
            out.writeReply(line);
            done.run();
            return;
        }
        Runnable then = done;
        if (effect instanceof ReplyEffect.Partial partial && partial.then().isPresent()) {
            then = () -> end(struck, partial.then().get(), done);
        }
        out.write(Pieces.of(effect, line), then);
    }

    /** The fault strikes, and the session goes on as far as that allows. */
    private void strike(FaultHandle struck, Runnable goOn) {
        if (struck.effect() instanceof ReplyEffect && !(struck.effect() instanceof ReplyEffect.Unsolicited)) {
            rewrite(struck, new byte[0], exchanges::replied);
            return;
        }
        Effect effect = drawn(struck);
        if (effect instanceof Effect.Latency latency && latency.delay() instanceof Delay.Fixed fixed) {
            session.hold().later(fixed.time(), goOn);
        } else if (effect instanceof Effect.LateReply late) {
            session.hold().later(untilLate(late.after()), goOn);
        } else if (effect instanceof ReplyEffect.Unsolicited unsolicited) {
            out.write(Pieces.line(unsolicited.line()));
            goOn.run();
        } else if (effect instanceof Effect.Ending ending) {
            end(struck, ending, goOn);
        } else if (effect instanceof StateEffect change) {
            driver.tampering().apply(change, session, request, goOn);
        } else {
            throw new IllegalStateException(effect + " cannot strike here; this is a bug in the fake server");
        }
    }

    /** How long it takes until the client has given up, and then this long. */
    private Duration untilLate(Duration after) {
        long seconds = request.map(Strikes::timeoutSeconds).orElse(0L);
        long due = Deadline.after(
                Deadline.after(began, Deadline.nanos(Duration.ofSeconds(seconds))), Deadline.nanos(after));
        return Duration.ofNanos(Math.max(0, due - driver.now()));
    }

    private static long timeoutSeconds(Command command) {
        if (command instanceof Command.Acquire acquire) {
            return acquire.timeoutSeconds();
        }
        return command instanceof Command.Await await ? await.timeoutSeconds() : 0;
    }

    private void end(FaultHandle struck, Effect.Ending ending, Runnable goOn) {
        if (ending instanceof Effect.Close) {
            session.close();
        } else if (ending instanceof Effect.Reset) {
            session.breakOff();
        } else if (ending instanceof Effect.ShutdownOutput) {
            session.mute();
        } else if (ending instanceof Effect.SlowClose slow) {
            session.letGo(slow.after());
        } else {
            exchanges.stall(struck, ((Effect.Stall) ending).closeAfter(), goOn);
        }
    }
}
