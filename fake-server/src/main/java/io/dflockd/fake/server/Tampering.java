package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.time.Duration;
import java.util.Optional;

/** Changes the server's state behind the clients' backs, for tests. Every method is safe from any thread. */
public final class Tampering {

    private final EngineDriver driver;

    Tampering(EngineDriver driver) {
        this.driver = driver;
    }

    /** Ends all leases of the key now. */
    public void expire(Key key) {
        driver.inside(() -> driver.deliver(driver.engine().expire(key, driver.now())));
    }

    /** Lets leases of the key that last longer end so long from now. */
    public void shorten(Key key, Duration left) {
        long deadline = Deadline.after(driver.now(), Deadline.nanos(left));
        driver.inside(() -> driver.deliver(driver.engine().force().shorten(key, deadline, driver.now())));
    }

    /** Gives the key to somebody who is nobody's client, past all who hold or wait. */
    public String steal(Key key) {
        driver.enter();
        try {
            return driver.engine().force().steal(key, driver.now());
        } finally {
            driver.leave();
        }
    }

    /** A fault changes the state, and the session goes on if it still can. */
    void apply(StateEffect effect, Session session, Optional<Command> request, Runnable goOn) {
        if (effect instanceof StateEffect.DoubleGrant) {
            driver.deliver(driver.engine().force().grantAnyway(session.number(), request.orElseThrow(), driver.now()));
            return;
        }
        if (effect instanceof StateEffect.Freeze freeze) {
            driver.freeze(freeze.time());
            session.later(freeze.time(), goOn);
            return;
        }
        change(effect, session, request);
        if (!session.isClosed()) {
            goOn.run();
        }
    }

    private void change(StateEffect effect, Session session, Optional<Command> request) {
        if (effect instanceof StateEffect.OfKey ofKey) {
            request.filter(Command.OnKey.class::isInstance)
                    .map(Command.OnKey.class::cast)
                    .ifPresent(command -> changeKey(ofKey, command.key()));
        } else if (effect instanceof StateEffect.NoAutoRelease) {
            driver.engine().force().keepAfterEnd(session.number());
        } else if (effect instanceof StateEffect.ClockJump jump) {
            driver.jump(jump.ahead());
        } else if (effect instanceof StateEffect.Restarted restart) {
            driver.restart(restart.how());
        } else if (effect instanceof StateEffect.FencesGoBack fences
                && driver.tokens() instanceof FencedTokens tokens) {
            tokens.goBack(fences.by());
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
            driver.engine().force().skipHead(key);
        }
    }
}
