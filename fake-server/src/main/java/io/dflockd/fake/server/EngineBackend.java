package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.Delivery;
import io.dflockd.fake.engine.LockEngine;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The lock server itself: the engine, and what surrounds it in time. */
final class EngineBackend implements Backend {

    private final EngineDriver driver;
    private final Supplier<String> tokens;
    private LockEngine engine;
    private long start;
    private boolean draining;

    EngineBackend(EngineDriver driver, TimeSource clock) {
        this.driver = driver;
        FakeOptions options = driver.options();
        boolean fenced = options.profile().hasFences();
        this.tokens =
                fenced ? FencedTokens.of(driver.seed(), clock, options.fenceStateFile()) : new Tokens(driver.seed());
        this.engine = newEngine();
    }

    private LockEngine newEngine() {
        start = driver.now();
        FakeOptions options = driver.options();
        return new LockEngine(
                options.engineOptions(start),
                tokens,
                driver.timers(),
                driver.records().before(new GuardedSinks(options)));
    }

    @Override
    public EngineBackend engine() {
        return this;
    }

    /** The driver's options have changed. */
    void configure() {
        engine.configure(driver.options().engineOptions(start));
    }

    @Override
    public void connected(Session session) {
        deliver(engine.connect(session.number(), driver.now()));
    }

    @Override
    public void apply(Session session, Command command) {
        deliver(engine.handle(session.number(), command, driver.now()));
        session.exchanges().queued();
    }

    @Override
    public void gone(Session session) {
        deliver(engine.disconnect(session.number(), driver.now()));
    }

    /** The connection is over as after a crash of the server that has kept its state. */
    void abandon(Session session) {
        deliver(engine.abandon(session.number(), driver.now()));
    }

    @Override
    public void afterTimers() {
        deliver(engine.takeDeliveries());
    }

    @Override
    public boolean refuses(Command command) {
        return draining && !driver.profile().servesWhileDraining() && !(command instanceof Command.Malformed);
    }

    @Override
    public boolean isBlocked(Session session) {
        return engine.isBlocked(session.number());
    }

    /** A new process has begun, and knows what the one before knew. */
    void restart() {
        draining = false;
        engine.endDrain();
        configure();
        pauseSweeps(false);
    }

    @Override
    public void reset() {
        draining = false;
        driver.records().stateLost();
        engine = newEngine();
    }

    /** From now on nobody waits, as the profile has it. */
    void drain() {
        draining = true;
        deliver(engine.drain(driver.now()));
    }

    void expire(Key key) {
        deliver(engine.expire(key, driver.now()));
    }

    void shorten(Key key, Duration left) {
        deliver(engine.force().shorten(key, driver.after(left), driver.now()));
    }

    String steal(Key key) {
        String token = engine.force().steal(key, driver.now());
        afterTimers();
        return token;
    }

    void skipHead(Key key) {
        engine.force().skipHead(key);
    }

    /** Grants an acquire or enqueue though others hold the key, unless it is refused; says which. */
    boolean grantAnyway(Session session, Command command) {
        List<Delivery> granted = engine.force().grantAnyway(session.number(), command, driver.now());
        deliver(granted);
        return !granted.isEmpty();
    }

    void keepAfterEnd(Session session) {
        engine.force().keepAfterEnd(session.number());
    }

    void pauseSweeps(boolean pause) {
        if (pause) {
            engine.force().pauseSweeps();
        } else if (!draining) { // a V1 that drains sweeps no more, whatever else is asked for
            deliver(engine.force().resumeSweeps(driver.now()));
        }
    }

    void fencesGoBack(long by) {
        if (tokens instanceof FencedTokens fenced) {
            fenced.goBack(by);
        }
    }

    private void deliver(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            driver.sessions().find(delivery.conn()).ifPresent(session -> session.exchanges()
                    .answer(delivery.reply()));
        }
    }
}
