package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.Reply;
import io.dflockd.client.Scoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lease that lasts as long as a piece of code, and what is said if it did not. */
final class Scope {

    private final Shard shard;
    private final HeldLease lease;
    private final Attempt attempt;

    /** The attempt is for messages: who ends the lease. */
    Scope(Shard shard, HeldLease lease, Attempt attempt) {
        this.shard = shard;
        this.lease = lease;
        this.attempt = attempt;
    }

    /**
     * Runs the body and ends the lease, whatever happens.
     *
     * @throws LeaseLostException as {@link #end} says, if the body ended normally
     * @throws E what the body throws; that the lease was lost too is attached to it
     */
    <T extends @Nullable Object, E extends Exception> T call(Scoped.LeaseCall<T, E> body) throws E {
        T result;
        try {
            result = body.call(new LeaseHandle(lease));
        } catch (Throwable thrown) {
            endAfter(thrown);
            throw thrown;
        }
        Optional<LeaseLostException> lost = end();
        if (lost.isPresent()) {
            throw lost.get();
        }
        return result;
    }

    /** Nothing hides what the body threw. */
    private void endAfter(Throwable thrown) {
        try {
            end().ifPresent(thrown::addSuppressed);
        } catch (Throwable e) {
            thrown.addSuppressed(e);
        }
    }

    /**
     * Releases, unless that has been done.
     *
     * @return present if the lease was not held until now as far as can be known: it had been lost, the server no longer knew it, or the release found the
     *     connection broken, which may have happened before. A refusal for another reason, as that the server is draining, is no loss: the server had it until then.
     */
    Optional<LeaseLostException> end() {
        Optional<Reply> answer;
        try {
            answer = lease.giveBack();
        } catch (DflockdException e) {
            return Optional.of(lost("the release was not confirmed, so the lease may have been lost before", e));
        }
        if (answer.isEmpty()) {
            return lease.lossReason().map(reason -> lost("the lease was lost: " + reason, null));
        }
        boolean over = answer.get() instanceof Reply.Refused refused
                && refused.status().equals("error");
        return over ? Optional.of(lost("the lease was over for the server", null)) : Optional.empty();
    }

    private LeaseLostException lost(String why, @Nullable Throwable cause) {
        return attempt.lost(why, cause, shard.now());
    }
}
