package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.Session;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Somebody who sends noise, does not read, goes, breaks off, and comes again. */
final class BadPeer {

    /** What the server may leave with a wire that takes nothing: one reply, and what ends the connection. */
    static final long MOST_KEPT = 16 * 1024;

    private final EngineDriver driver;
    private final SplittableRandom random;
    private final FuzzRun run;
    private final Noise noise;
    private final long mostKept;
    private FuzzWire wire = new FuzzWire();
    private Session session;
    private boolean ended;

    BadPeer(EngineDriver driver, SplittableRandom random, FuzzRun run, long mostKept) {
        this.driver = driver;
        this.random = random;
        this.run = run;
        this.mostKept = mostKept;
        noise = new Noise(random);
        session = driver.accept(wire);
    }

    void act() {
        switch (random.nextInt(16)) {
            case 0 -> leave();
            case 1 -> breakOff();
            case 2 -> {
                wire.clogged = true;
                wire.sated = random.nextBoolean();
            }
            case 3, 4 -> unclog();
            case 5, 6 -> comeBack();
            case 7 -> send("auth\n_\nsecret\n".getBytes(StandardCharsets.UTF_8));
            default -> send(noise.some());
        }
        wire.take();
        assertThat(wire.kept()).isLessThan(mostKept);
    }

    private void send(byte[] bytes) {
        int sent = 0;
        while (sent < bytes.length && wire.isRead() && !ended) {
            int length = Math.min(random.nextInt(1, 3_000), bytes.length - sent);
            session.received(bytes, sent, length);
            sent += length;
        }
        run.count("bytes", sent);
    }

    private void unclog() {
        wire.clogged = false;
        wire.sated = false;
        session.writable();
    }

    private void breakOff() {
        wire.gone = true;
        wire.sated = false;
        session.reset();
    }

    private void comeBack() {
        if (wire.isOver() || random.nextInt(4) == 0) {
            breakOff();
            wire = new FuzzWire();
            session = driver.accept(wire);
            ended = false;
            run.count("connections", 1);
        }
    }

    /** The server's number of its present connection. */
    long number() {
        return session.number();
    }

    void leave() {
        ended = true;
        unclog();
        wire.gone = true;
        session.endOfStream();
    }

    boolean isGone() {
        return wire.isOver();
    }
}
