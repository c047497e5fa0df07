package io.dflockd.fake.fuzz;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.server.EngineDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Somebody who arms every fault that may be armed, and changes the state behind everybody's back. */
final class Mischief {

    private static final int ROUNDS_OF_RELEASE = 6;

    private final EngineDriver driver;
    private final Profile profile;
    private final SplittableRandom random;
    private final FuzzRun run;
    private final List<FaultHandle> armed = new ArrayList<>();

    Mischief(EngineDriver driver, Profile profile, SplittableRandom random, FuzzRun run) {
        this.driver = driver;
        this.profile = profile;
        this.random = random;
        this.run = run;
    }

    /** Something of which only this connection, and those who want its keys, may notice. */
    void to(long connection) {
        switch (random.nextInt(8)) {
            case 0 -> driver.tampering().kick(connection);
            case 1 -> driver.tampering().partition(random.nextBoolean(), connection);
            case 2 -> driver.tampering().expire(Key.of("a"));
            case 3 -> driver.tampering().steal(Key.of("b"));
            case 4 -> driver.tampering().jump(time());
            default -> arm(Trigger.anyCommand().connection(connection), effect());
        }
    }

    /** Something of which everybody may notice. */
    void toAll() {
        switch (random.nextInt(8)) {
            case 0 -> driver.tampering().freeze(time());
            case 1 -> driver.tampering().thaw();
            case 2 -> driver.tampering().partition(random.nextBoolean());
            case 3 -> driver.tampering().pauseSweeps(random.nextBoolean());
            case 4 -> driver.reset();
            case 5 -> arm(trigger(), StateEffect.freeze(time()));
            default -> arm(trigger(), effect());
        }
    }

    private void arm(Trigger trigger, Effect effect) {
        FaultHandle fault;
        try {
            fault = driver.faults().on(trigger).at(phase()).then(effect);
        } catch (IllegalArgumentException makesNoSense) {
            return;
        }
        armed.add(fault);
        run.count("faults", 1);
        switch (random.nextInt(6)) {
            case 0 -> fault.times(3);
            case 1 -> fault.always();
            case 2 -> fault.failEvery(2);
            case 3 -> fault.probability(0.5);
            default -> {}
        }
        if (random.nextInt(3) == 0) {
            armed.get(random.nextInt(armed.size())).release();
        }
    }

    /** No fault strikes any more, and whatever was stopped goes on. */
    void end() {
        armed.forEach(FaultHandle::remove);
        driver.tampering().thaw();
        driver.tampering().partition(false);
        driver.tampering().pauseSweeps(false);
        for (int i = 0; i < ROUNDS_OF_RELEASE; i++) {
            armed.forEach(FaultHandle::release);
            driver.advance(Duration.ofMinutes(1));
        }
        armed.forEach(fault -> run.count("strikes", fault.fired()));
    }

    private Trigger trigger() {
        return switch (random.nextInt(6)) {
            case 0 -> Trigger.acquire();
            case 1 -> Trigger.enqueue();
            case 2 -> Trigger.await();
            case 3 -> Trigger.anyCommand().keyMatching("[ab]");
            default -> Trigger.anyCommand();
        };
    }

    private Phase phase() {
        return switch (random.nextInt(8)) {
            case 0 -> Phase.ON_CONNECT;
            case 1 -> Phase.afterRequestLine(random.nextInt(1, 4));
            case 2 -> Phase.WHILE_QUEUED;
            case 3 -> Phase.duringReply(random.nextInt(1, 40));
            case 4 -> Phase.AFTER_REPLY;
            case 5 -> Phase.IDLE;
            case 6 -> Phase.BEFORE_APPLY;
            default -> Phase.AFTER_APPLY_BEFORE_REPLY;
        };
    }

    private Effect effect() {
        return switch (random.nextInt(4)) {
            case 0 -> ending();
            case 1 -> timed();
            case 2 -> bytes();
            default -> state();
        };
    }

    private Effect ending() {
        return switch (random.nextInt(6)) {
            case 0 -> Effect.close();
            case 1 -> Effect.reset();
            case 2 -> Effect.shutdownOutput();
            case 3 -> Effect.stall();
            case 4 -> Effect.stallThenClose(time());
            default -> Effect.slowClose(time());
        };
    }

    private Effect timed() {
        return switch (random.nextInt(6)) {
            case 0 -> Effect.latency(time());
            case 1 -> Effect.uniformLatency(Duration.ZERO, time());
            case 2 -> Effect.lateReply(time());
            case 3 -> ReplyEffect.dribble(random.nextInt(1, 9), time());
            case 4 -> ReplyEffect.slice(time(), 1, 2, 3);
            default -> ReplyEffect.bandwidth(random.nextInt(1, 100));
        };
    }

    private Effect bytes() {
        return switch (random.nextInt(10)) {
            case 0 -> ReplyEffect.emptyReply();
            case 1 -> ReplyEffect.partialReply(random.nextInt(9), ending());
            case 2 -> ReplyEffect.missingNewline();
            case 3 -> ReplyEffect.duplicateReply();
            case 4 -> ReplyEffect.unsolicitedLine("hello");
            case 5 -> ReplyEffect.garbage();
            case 6 -> ReplyEffect.endlessLine();
            case 7 -> ReplyEffect.coalesce(random.nextInt(2, 5));
            case 8 -> ReplyEffect.shortToken();
            default -> ReplyEffect.wrongReplyKind();
        };
    }

    /** On V0 a lease may last for ever, so there nothing may outlive its connection. */
    private Effect state() {
        boolean mayLast = profile != Profile.V0;
        return switch (random.nextInt(9)) {
            case 0 -> StateEffect.expireLease();
            case 1 -> StateEffect.shortenLease(time());
            case 2 -> StateEffect.steal();
            case 3 -> mayLast ? StateEffect.noAutoRelease() : StateEffect.steal();
            case 4 -> StateEffect.clockJump(time());
            case 5 -> StateEffect.restart(mayLast ? Restart.KEEP_STATE : Restart.LOSE_STATE);
            case 6 -> StateEffect.restart(Restart.LOSE_STATE);
            case 7 -> StateEffect.UNSAFE_doubleGrant();
            default -> StateEffect.UNSAFE_skipHeadOfQueue();
        };
    }

    private Duration time() {
        return Duration.ofMillis(random.nextInt(10_000));
    }
}
