package io.dflockd.fake.journal;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;

/** What a request has changed on the server. */
public enum Change {
    /** It was not carried out: a fault came first, or still keeps it. */
    NOT_APPLIED("not applied"),

    /** It was handed to a server that has not answered: nobody knows. */
    UNKNOWN("unknown"),

    /** It was looked at, and all is as before. */
    NOTHING("nothing changed"),

    /** A slot was given. */
    GRANTED("granted"),

    /** It has a place in the queue. */
    QUEUED("queued"),

    /** An await came after its grant; the lease began again. */
    FETCHED("fetched"),

    /** The lease was made longer, or shorter. */
    RENEWED("renewed"),

    /** The slot was given back. */
    RELEASED("released"),

    /** A place in the queue was lost without a grant. */
    LEFT_QUEUE("left the queue"),

    /** The connection has shown that it knows the secret. */
    LET_IN("let in");

    private final String text;

    Change(String text) {
        this.text = text;
    }

    /** What such a reply to such a request means. */
    static Change of(Command request, Reply reply, boolean queued) {
        if (reply instanceof Reply.Granted) {
            return request instanceof Command.Await && !queued ? FETCHED : GRANTED;
        } else if (reply instanceof Reply.Acquired) {
            return GRANTED;
        } else if (reply instanceof Reply.Queued) {
            return QUEUED;
        } else if (reply instanceof Reply.Renewed) {
            return RENEWED;
        } else if (reply instanceof Reply.Done) {
            return request instanceof Command.Release ? RELEASED : request instanceof Command.Auth ? LET_IN : NOTHING;
        }
        boolean lost = queued || (request instanceof Command.Await && reply instanceof Reply.TimedOut);
        return lost ? LEFT_QUEUE : NOTHING;
    }

    /** As in a journal line. */
    @Override
    public String toString() {
        return text;
    }
}
