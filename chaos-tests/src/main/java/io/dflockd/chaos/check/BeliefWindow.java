package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a client has every reason to believe that it holds a slot, as far as the history proves it.
 *
 * <p>It opens when the grant was received. It ends when the lease may be over, or at a cap: a release was sent, the client learned of the loss, and so on. It is
 * conclusive only until the connection is known to have been alive, which may turn out much later; until then the window is undecided.
 */
final class BeliefWindow {

    private final Exchange grantedBy;
    private final String token;
    private final long limit;
    private final long leaseSeconds;
    /** Requests that may move the end and are not answered, each with the end that it may bring and the lowest that requests beside it may bring. */
    private final Map<Exchange, long[]> pending = new HashMap<>();

    private final List<Event> evidence = new ArrayList<>();
    private long leaseEnd;
    private long cap = Spans.NEVER;
    private @Nullable Event cappedBy;
    private boolean decided;
    private long end;

    BeliefWindow(Exchange grantedBy, long limit) {
        this.grantedBy = grantedBy;
        this.token = grantedBy.reply().token();
        this.limit = limit;
        this.leaseSeconds = leaseOf(grantedBy);
        this.leaseEnd = Spans.leaseEnd(grantedBy.sent().time(), leaseSeconds);
        evidence.add(grantedBy.sent());
        evidence.add(grantedBy.received());
    }

    /** The server says the lease that was asked for; should it say another, the shorter one counts. */
    private static long leaseOf(Exchange exchange) {
        long asked = exchange.request().lease();
        long told = exchange.reply().seconds();
        return asked == 0 ? told : Math.min(asked, told);
    }

    String token() {
        return token;
    }

    String queue() {
        return grantedBy.request().queue();
    }

    String grant() {
        return grantedBy.request().key() + '\n' + token;
    }

    String actor() {
        return grantedBy.connection().actor();
    }

    long limit() {
        return limit;
    }

    long opened() {
        return grantedBy.received().time();
    }

    long openedSeq() {
        return grantedBy.received().seq();
    }

    /** A renew, or an await that starts the lease again, was sent: from now on the end may be the one that it brings, if that is earlier. */
    void mayMove(Exchange by, long seconds) {
        long brings = Spans.leaseEnd(by.sent().time(), seconds);
        long lowest = Spans.NEVER;
        for (long[] beside : pending.values()) {
            beside[1] = Math.min(beside[1], brings);
            lowest = Math.min(lowest, beside[0]);
        }
        pending.put(by, new long[] {brings, lowest});
        leaseEnd = Math.min(leaseEnd, brings);
    }

    /** It was granted, for at least {@code seconds}. Where requests crossed each other, nobody knows which came last: the earliest end counts. */
    void moved(Exchange by, long seconds) {
        long[] own = pending.remove(by);
        long lowest = own == null ? leaseEnd : own[1];
        leaseEnd = Math.min(Spans.leaseEnd(by.sent().time(), seconds), lowest);
        if (evidence.size() > 2) {
            evidence.subList(2, evidence.size()).clear();
        }
        evidence.add(by.sent());
        evidence.add(by.received());
    }

    /** It was refused, and the client knows now that the lease is over. */
    void refused(Exchange by) {
        pending.remove(by);
        cap(by.received().time(), by.received());
    }

    long leaseSeconds() {
        return leaseSeconds;
    }

    /** The window ends at {@code time} at the latest. */
    void cap(long time, Event because) {
        if (!decided && time < cap) {
            cap = time;
            cappedBy = because;
        }
    }

    /** Whether nothing that is still to come can make more of it. */
    boolean decided() {
        return decided;
    }

    /** Looks whether the connection is known to have been alive to the window's end. */
    void decideIfProved() {
        if (Math.min(leaseEnd, cap) <= grantedBy.connection().aliveUntil()) {
            decide();
        }
    }

    /** Nothing more will be known of the connection: what is proved so far is all. */
    void decide() {
        if (!decided) {
            decided = true;
            end = Math.min(Math.min(leaseEnd, cap), grantedBy.connection().aliveUntil());
            if (cappedBy != null && cap <= leaseEnd) {
                evidence.add(cappedBy);
            }
        }
    }

    /** The conclusive end; only of a decided window. */
    long end() {
        return end;
    }

    boolean isEmpty() {
        return end <= opened();
    }

    /** The events that prove the window. */
    List<Event> evidence() {
        return evidence;
    }
}
