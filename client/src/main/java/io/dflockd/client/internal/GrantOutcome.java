package io.dflockd.client.internal;

import io.dflockd.client.Reply;

/** How a request that may wait for a grant ended. Nothing is held in the server's eyes unless it is {@link Granted}. */
sealed interface GrantOutcome {

    record Granted(HeldLease lease) implements GrantOutcome {}

    record Refused(Reply.Refused reply) implements GrantOutcome {}

    /** The time was over, here or at the server. */
    record NotInTime() implements GrantOutcome {}

    /** It was granted, but so long ago that the server has taken it back (DESIGN rule 2). */
    record Worthless() implements GrantOutcome {}

    /** The connection came from the pool and was dead: the request did not go out. */
    record Stale() implements GrantOutcome {}
}
