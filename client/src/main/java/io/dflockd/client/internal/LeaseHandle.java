package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the caller has of a lease. Nothing of the client refers to it but weakly, so that a lease that nobody has any more is found out (DESIGN rule 10). */
final class LeaseHandle implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseHandle.class);

    private final HeldLease lease;

    LeaseHandle(HeldLease lease) {
        this.lease = lease;
    }

    @Override
    public String key() {
        return lease.key();
    }

    @Override
    public OptionalLong fencingToken() {
        return lease.wire().fencingToken();
    }

    /** The lease itself, for who keeps this object for as long as it is held. */
    HeldLease held() {
        return lease;
    }

    @Override
    public String token() {
        return lease.wire().token();
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(lease.wire().leaseSeconds());
    }

    @Override
    public Duration remaining() {
        return lease.remaining();
    }

    @Override
    public boolean isHeld() {
        return lease.isHeld();
    }

    @Override
    public void ensure(Duration atLeast) {
        WireTime.requirePositive(atLeast, "the time to ensure");
        if (atLeast.compareTo(ttl()) > 0) {
            throw new IllegalArgumentException("cannot ensure " + atLeast + ": the whole lease is " + ttl());
        }
        Duration longest = Duration.ofNanos(lease.term().lastMoment() - lease.now());
        if (isHeld() && atLeast.compareTo(longest) > 0) {
            throw new IllegalArgumentException("cannot ensure " + atLeast + ": '" + key() + "' may be held for "
                    + longest + " more, and no longer");
        }
        try {
            lease.ensure(atLeast);
        } finally {
            Reference.reachabilityFence(this); // a lease is not abandoned while it is used
        }
    }

    @Override
    public void renew() {
        try {
            lease.renew();
        } finally {
            Reference.reachabilityFence(this); // a lease is not abandoned while it is used
        }
    }

    @Override
    public void onLost(Consumer<LeaseLost> listener) {
        lease.onLost(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void onLost(Executor executor, Consumer<LeaseLost> listener) {
        lease.onLost(new ElsewhereListener(executor, listener));
    }

    @Override
    public boolean release() {
        try {
            return lease.release();
        } finally {
            Reference.reachabilityFence(this); // or it could count as abandoned while it is being released
        }
    }

    @Override
    public void close() {
        try {
            release();
        } catch (DflockdException e) {
            LOG.debug("closing the lease of '{}': {}", key(), e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("closing the lease of '{}' failed; this is a mistake in the client", key(), e);
        }
    }

    @Override
    public String toString() {
        return lease.toString();
    }
}
