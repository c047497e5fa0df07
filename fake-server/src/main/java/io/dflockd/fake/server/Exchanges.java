package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.journal.JournalEntry;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.ReplyReader;
import io.dflockd.fake.protocol.ReplyWriter;
import io.dflockd.fake.protocol.RequestParser;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of one session and their replies, one after the other, with what faults make of them. */
final class Exchanges {

    /** How long a client that is not let in has to wait for the close. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int LINES = 3;

    private static final Reply NOT_LET_IN = new Reply.Refused(Status.AUTH);

    private final Session session;
    private final EngineDriver driver;
    private final RequestParser parser;
    private final Outlet out;
    private final Gate gate;
    private final Strikes strikes;
    private Command request = new Command.Malformed("none yet");
    private long number;
    private @Nullable JournalEntry entry;
    private boolean begun;
    private boolean waiting;
    private boolean stalled;
    private @Nullable Runnable deferred;

    Exchanges(Session session, EngineDriver driver, RequestParser parser, Outlet out, Gate gate) {
        this.session = session;
        this.driver = driver;
        this.parser = parser;
        this.out = out;
        this.gate = gate;
        this.strikes = new Strikes(session, this, driver, out);
    }

    /** The number of the last request, from 1; 0 before the first. */
    long number() {
        return number;
    }

    /** The faults of this session. */
    Strikes strikes() {
        return strikes;
    }

    /** A request is complete. */
    void begin(Command command) {
        number++;
        request = command;
        if (LOG.isDebugEnabled()) {
            LOG.debug("#{} {}", session.number(), command);
        }
        note(number, command, LINES);
        begun = false;
        strikes.begin(command);
        strikes.at(Point.BEFORE_APPLY, () -> apply(command));
    }

    /** The next request is struck, of which no more than this many lines have come. */
    void beginEarly(int lines) {
        note(number + 1, new Command.Malformed("not complete"), lines);
        begun = true;
    }

    private void note(long exchange, Command command, int lines) {
        byte[][] raw = parser.raw(lines);
        if (begun) {
            entry().sent(command, raw);
        } else {
            entry = driver.records().journal().begin(session.number(), exchange, driver.now(), command, raw);
        }
    }

    /** The present request in the journal. */
    JournalEntry entry() {
        return Objects.requireNonNull(entry, "no request yet; this is a bug in the fake server");
    }

    /** The connection is over. */
    void over() {
        if (entry != null) {
            entry.over();
        }
    }

    private void apply(Command command) {
        waiting = true;
        entry().applied();
        if (gate.isOpen() || driver.backend().refuses(command)) {
            driver.backend().apply(session, command);
        } else {
            answer(gate.opensTo(command) ? new Reply.Done() : NOT_LET_IN);
        }
    }

    /** The request was carried out; unless it is answered, it has a place in a queue. */
    void queued() {
        if (waiting && !session.isClosed()) {
            entry().queued();
            strikes.at(Point.WHILE_QUEUED, () -> {});
        }
    }

    /** A reply, its line, and whether the connection ends with it. No record: its array would not be compared. */
    private static final class Decision {
        final Reply reply;
        final byte[] line;
        final boolean last;

        Decision(Reply reply, byte[] line, boolean last) {
            this.reply = reply;
            this.line = line;
            this.last = last;
        }
    }

    /** The reply to the request is decided. */
    void answer(Reply reply) {
        boolean last = driver.profile().endsConnection(request, reply);
        answer(new Decision(reply, parser.answer(request, reply), last));
    }

    /** A server behind has replied to the request with this line. */
    void answer(byte[] line) {
        answer(new Decision(ReplyReader.read(request, line), line, false));
    }

    private void answer(Decision decision) {
        entry().decided(decision.reply, decision.line);
        if (stalled) {
            deferred = () -> send(decision);
        } else {
            send(decision);
        }
    }

    private void send(Decision decision) {
        Reply reply = decision.reply;
        if (session.isMuted()) {
            return;
        }
        waiting = false;
        if (!(reply instanceof Reply.Queued)) {
            strikes.skip(Point.WHILE_QUEUED);
        }
        strikes.reply(reply, decision.line, () -> replied(reply, decision.last));
    }

    private void replied(Reply reply, boolean last) {
        if (reply == NOT_LET_IN) {
            strikes.at(Point.AFTER_REPLY, () -> session.hold().later(PAUSE, session::close));
        } else if (last) {
            strikes.at(Point.AFTER_REPLY, session::close);
        } else if (reply instanceof Reply.Queued) {
            strikes.at(Point.WHILE_QUEUED, this::replied);
        } else {
            replied();
        }
    }

    /** The reply is written, or whatever there is in its place. */
    void replied() {
        strikes.at(Point.AFTER_REPLY, session::finish);
    }

    /** Nothing goes on until the fault is released, or the connection is closed after this time. */
    void stall(FaultHandle fault, Optional<Duration> closeAfter, Runnable goOn) {
        stalled = true;
        Runnable resume = () -> session.hold().resume(() -> resume(goOn));
        fault.onRelease(resume);
        session.hold().onEnd(() -> fault.forget(resume));
        closeAfter.ifPresent(time -> session.hold().later(time, session::close));
    }

    private void resume(Runnable goOn) {
        stalled = false;
        session.hold().cancelDelay();
        goOn.run();
        Runnable late = deferred;
        deferred = null;
        if (late != null) {
            late.run();
        }
    }

    /** Says {@code error_auth} to what is no request, and closes a moment later; until then the peer is not listened to. */
    void turnAway() {
        out.write(ReplyWriter.write(NOT_LET_IN));
        session.hold().later(PAUSE, session::close);
    }

    /** Whether the profile does not wait for the reply to a peer that is gone, or has sent too much ahead. */
    boolean isGivenUp(boolean gone, boolean tooMuchAhead) {
        return !stalled
                && driver.profile().givesUpWaiting(gone, tooMuchAhead)
                && driver.backend().isBlocked(session);
    }

    /** Whether the request is being carried out, and its reply is to come. */
    boolean isWaiting() {
        return waiting && !stalled;
    }

    /** How many bytes of the peer were read as lines. */
    long taken() {
        return parser.taken();
    }

    Outlet out() {
        return out;
    }

    boolean isLetIn() {
        return gate.isOpen();
    }
}
