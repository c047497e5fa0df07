package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.TimerQueue.Timer;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.ReplyWriter;
import io.dflockd.fake.protocol.RequestParser;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the server lives it: framing, one request at a time, read timeout, half-close (PROTOCOL.md sections 1 and 3).
 *
 * <p>As V1 does, it looks at nothing the peer sends, not even its end, while a command blocks. The public methods tell what the peer did; they are safe from
 * any thread, and what follows from them has happened when they return.
 */
public final class Session implements Receiver {

    /** How much may be sent ahead behind a blocked command before the wire is asked to read no more. */
    private static final int MOST_AHEAD = 4096;

    /** How long a client that is not let in has to wait for the close. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Reply NOT_LET_IN = new Reply.Refused(Status.AUTH);

    private final long number;
    private final EngineDriver driver;
    private final Wire wire;
    private final Gate gate;
    private final RequestParser parser = new RequestParser();
    private long lineStart;
    private @Nullable Timer readTimeout;
    private @Nullable Timer writeTimeout;
    private Command request = new Command.Malformed("none yet");
    private @Nullable FaultHandle fault;
    private @Nullable Timer delay;
    private boolean busy;
    private boolean stepping;
    private boolean paused;
    private boolean inputEnded;
    private boolean broken;
    private boolean closed;

    Session(long number, EngineDriver driver, Wire wire, Gate gate) {
        this.number = number;
        this.driver = driver;
        this.wire = wire;
        this.gate = gate;
    }

    /** The server's number of the connection, from 1. */
    public long number() {
        return number;
    }

    /** The peer sent these bytes. */
    @Override
    public void received(byte[] bytes, int offset, int length) {
        driver.enter();
        try {
            if (!closed) {
                parser.append(bytes, offset, length);
                driver.ready(this);
            }
        } finally {
            driver.leave();
        }
    }

    /** The peer will send no more. */
    @Override
    public void endOfStream() {
        driver.enter();
        try {
            inputEnded = true;
            driver.ready(this);
        } finally {
            driver.leave();
        }
    }

    /** The peer broke the connection off: nothing that waits for its turn can be answered any more. */
    @Override
    public void reset() {
        driver.enter();
        try {
            broken = true;
            driver.ready(this);
        } finally {
            driver.leave();
        }
    }

    /** The peer takes bytes again, after the wire was congested. */
    @Override
    public void writable() {
        driver.enter();
        try {
            wire.flush();
            if (!wire.isCongested()) {
                cancelWriteTimeout();
                if (!closed) {
                    awaitLine();
                    driver.ready(this);
                }
            }
        } finally {
            driver.leave();
        }
    }

    /** The connection begins; from now on the peer has its time for the first line. */
    void open() {
        awaitLine();
    }

    /** Goes on as far as it can: until bytes are missing, a command blocks, or the connection is closed. */
    void proceed() {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            boolean moved = true;
            while (moved && !closed && !busy && !wire.isCongested()) {
                moved = step();
            }
        } finally {
            stepping = false;
        }
        boolean tooMuch = parser.buffered() > MOST_AHEAD;
        if (tooMuch != paused && !closed) {
            paused = tooMuch;
            if (paused) {
                wire.pauseReading();
            } else {
                wire.resumeReading();
            }
        }
    }

    private boolean step() {
        if (broken) {
            close();
            return false;
        }
        switch (parser.next()) {
            case LINE -> lineStart = driver.now();
            case REQUEST -> execute(parser.command());
            case TOO_LONG -> refuse();
            case INCOMPLETE -> {
                if (inputEnded) {
                    endUnfinished();
                }
                return false;
            }
        }
        return true;
    }

    private void endUnfinished() {
        if (parser.isOverlong()) {
            refuse();
        } else {
            close();
        }
    }

    private void execute(Command command) {
        busy = true;
        request = command;
        fault = driver.faults().match(number, command).orElse(null);
        if (fault != null && fault.phase() == Phase.BEFORE_APPLY) {
            strike(fault, () -> apply(command));
        } else {
            apply(command);
        }
    }

    private void apply(Command command) {
        if (gate.isOpen()) {
            driver.apply(this, command);
        } else {
            answer(gate.opensTo(command) ? new Reply.Done() : NOT_LET_IN);
        }
    }

    /** The reply to the request is decided. */
    void answer(Reply reply) {
        Runnable goOn = reply == NOT_LET_IN ? this::turnAway : () -> send(reply);
        if (fault != null) {
            strike(fault, goOn);
        } else {
            goOn.run();
        }
    }

    /** The fault strikes, and the request goes on as far as that allows. */
    private void strike(FaultHandle struck, Runnable goOn) {
        fault = null;
        driver.faults().strike(struck, driver.now(), number, request);
        Effect effect = struck.effect();
        if (effect instanceof Effect.Latency latency) {
            later(latency.delay(), goOn);
        } else if (effect instanceof Effect.ExpireLease) {
            driver.expire(((Command.OnKey) request).key());
            goOn.run();
        } else if (effect instanceof Effect.Close) {
            close();
        } else {
            wire.reset();
            end();
        }
    }

    private void later(Duration after, Runnable action) {
        long deadline = Deadline.after(driver.now(), Deadline.nanos(after));
        delay = driver.timers().schedule(deadline, at -> action.run());
    }

    private void send(Reply reply) {
        write(reply);
        busy = false;
        awaitLine();
        if (!stepping) {
            driver.ready(this);
        }
    }

    private void write(Reply reply) {
        wire.write(ReplyWriter.write(reply));
        if (wire.isCongested() && writeTimeout == null) {
            writeTimeout = driver.timers().schedule(driver.deadlineOfWrite(), at -> abort());
        }
    }

    /** The peer did not take what was written to it. */
    private void abort() {
        writeTimeout = null;
        wire.reset();
        if (!closed) {
            end();
        }
    }

    /** The peer has the whole read timeout for the next line. A timer that is armed already finds that out by itself. */
    private void awaitLine() {
        lineStart = driver.now();
        if (readTimeout == null) {
            scheduleReadTimeout();
        }
    }

    private void scheduleReadTimeout() {
        long deadline = driver.deadlineOfRead(lineStart);
        if (deadline != Deadline.NEVER) {
            readTimeout = driver.timers().schedule(deadline, this::checkSilence);
        }
    }

    private void checkSilence(long now) {
        readTimeout = null;
        if (busy || wire.isCongested()) {
            return;
        }
        if (now < driver.deadlineOfRead(lineStart)) {
            scheduleReadTimeout();
        } else {
            refuse();
        }
    }

    /** Says {@code error} and closes. */
    private void refuse() {
        if (!gate.isOpen()) {
            turnAway();
            return;
        }
        write(new Reply.Refused(Status.ERROR));
        close();
    }

    /** Says {@code error_auth}, and closes a moment later; until then the peer is not listened to. */
    private void turnAway() {
        busy = true;
        write(NOT_LET_IN);
        later(PAUSE, this::close);
    }

    private void close() {
        wire.close();
        end();
    }

    /** The connection is over for the server; only what is still to be sent may take its time. */
    private void end() {
        forget();
        if (!wire.isCongested()) {
            cancelWriteTimeout();
        }
        driver.gone(this);
    }

    /** Cut off by the server itself, when it resets or stops. */
    void cut() {
        forget();
        cancelWriteTimeout();
        if (wire.isCongested()) {
            wire.reset();
        } else {
            wire.close();
        }
    }

    /** Nothing that the peer does counts any more. */
    private void forget() {
        closed = true;
        if (readTimeout != null) {
            driver.timers().cancel(readTimeout);
            readTimeout = null;
        }
        if (delay != null) {
            driver.timers().cancel(delay);
        }
    }

    private void cancelWriteTimeout() {
        if (writeTimeout != null) {
            driver.timers().cancel(writeTimeout);
            writeTimeout = null;
        }
    }
}
