package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Command;
import java.util.Set;

/** What makes no sense together, and is refused when it is armed. */
final class ArmingRules {

    private static final Set<Class<? extends Command>> QUEUE =
            Set.of(Command.class, Command.Acquire.class, Command.Enqueue.class, Command.Await.class);

    private static final Set<Class<? extends Command>> GRANTED =
            Set.of(Command.class, Command.Acquire.class, Command.Enqueue.class);

    private ArmingRules() {}

    /**
     * Checks a fault.
     *
     * @throws IllegalArgumentException if it makes no sense, with what would
     */
    static void check(FaultHandle fault, FaultHost host) {
        checkPlace(fault.trigger(), fault.phase(), fault.effect());
        checkServer(fault.phase(), fault.effect(), host);
    }

    private static void checkPlace(Trigger trigger, Phase phase, Effect effect) {
        Point point = phase.point();
        check(
                effect.points().contains(point),
                effect + " makes no sense at " + phase + "; it strikes at " + Points.text(effect.points()));
        check(
                !point.isOfConnection() || !trigger.isAboutRequests(),
                phase + " has no request; begin with anyCommand(), for some connection if you like, not with "
                        + trigger);
        check(
                !isOfAnotherTime(trigger, point),
                phase + (point.isOfConnection() ? " is before request 1: " : " has requests from 1 on: ") + trigger);
        check(
                !trigger.isAboutKeys() || hasKey(trigger.command()),
                trigger + " never strikes, as such requests have no key");
        check(
                point != Point.AFTER_REQUEST_LINE || phase.number() > 1 || !trigger.isAboutKeys(),
                "the key is not known after line 1 of a request; strike after line 2, or name no key: " + trigger);
        check(
                point != Point.WHILE_QUEUED || QUEUE.contains(trigger.command()),
                trigger + " never waits in a queue; only acquire, enqueue and await do");
        check(
                !(effect instanceof StateEffect.OfKey) || hasKey(trigger.command()),
                trigger + " has no key for " + effect);
        check(
                !(effect instanceof StateEffect.DoubleGrant) || GRANTED.contains(trigger.command()),
                trigger + " is never granted; only acquire and enqueue are");
    }

    private static void checkServer(Phase phase, Effect effect, FaultHost host) {
        check(
                !(effect instanceof StateEffect) || !host.isProxy(),
                effect
                        + " changes the state of a server, and a proxy cannot change the one behind it; use what a network can do");
        check(
                !(effect instanceof StateEffect.FencesGoBack) || host.hasFences(),
                effect + " needs tokens with a fence; only the profile v2 has them");
        check(phase.point() != Point.ON_TLS_HANDSHAKE || host.hasTls(), phase + " never comes: this server has no TLS");
    }

    private static boolean isOfAnotherTime(Trigger trigger, Point point) {
        return point != Point.IDLE
                && trigger.exchange().isPresent()
                && (trigger.exchange().getAsLong() == 0) != point.isOfConnection();
    }

    private static boolean hasKey(Class<? extends Command> command) {
        return command == Command.class || Command.OnKey.class.isAssignableFrom(command);
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
