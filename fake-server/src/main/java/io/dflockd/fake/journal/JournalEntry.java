package io.dflockd.fake.journal;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request in the journal while the server is at it. Called by the server, under its lock. */
public final class JournalEntry {

    private static final int LONGEST_REPLY = 1_000;

    private final Journal journal;
    private final long number;
    private final long connection;
    private final long exchange;
    private final long at;
    private final long wallMillis = System.currentTimeMillis();
    private Command command;
    private byte[][] lines;
    private List<RecordedRequest.Strike> faults = List.of();
    private byte @Nullable [] reply;
    private Sending sending = Sending.PENDING;
    private Change change = Change.NOT_APPLIED;
    private @Nullable RecordedRequest picture;

    JournalEntry(Journal journal, long number, long connection, long exchange, long at) {
        this.journal = journal;
        this.number = number;
        this.connection = connection;
        this.exchange = exchange;
        this.at = at;
        this.command = new Command.Malformed("not complete");
        this.lines = new byte[0][];
    }

    /** What the client has sent, as far as it has come: the secret is not kept. */
    public void sent(Command request, byte[][] raw) {
        command = journal.mask().of(request);
        lines = journal.mask().of(raw);
        moved();
    }

    /** A fault strikes the request. */
    public void struck(Phase phase, Effect effect) {
        faults = new ArrayList<>(faults);
        faults.add(new RecordedRequest.Strike(phase, effect));
        boolean whole = effect instanceof ReplyEffect.Coalesce || effect instanceof ReplyEffect.Unsolicited;
        if (phase.point() == Point.DURING_REPLY || (effect instanceof ReplyEffect && !whole)) {
            sending = Sending.CHANGED;
        } else if (effect instanceof Effect.ShutdownOutput) {
            over();
        }
        moved();
    }

    /** It is carried out now; what that means, the reply will tell. */
    public void applied() {
        change = Change.UNKNOWN;
        moved();
    }

    /** It has a place in the queue. */
    public void queued() {
        change = Change.QUEUED;
        moved();
    }

    /** The reply is decided. */
    public void decided(Reply decided, byte[] line) {
        change = Change.of(command, decided, change == Change.QUEUED);
        reply = line.length <= LONGEST_REPLY ? line : cut(line);
        moved();
    }

    /** Long ones are for looking at, not for keeping. */
    private static byte[] cut(byte[] line) {
        String start = new String(line, 0, LONGEST_REPLY, StandardCharsets.ISO_8859_1);
        String text = start + "... (" + (line.length - LONGEST_REPLY) + " bytes more)\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The whole reply is written. */
    public void written() {
        if (sending == Sending.PENDING || isWholeAfterAll()) {
            sending = Sending.WRITTEN;
            moved();
        }
    }

    private boolean isWholeAfterAll() {
        return sending == Sending.CHANGED
                && faults.get(faults.size() - 1).phase().point() == Point.DURING_REPLY;
    }

    /** The connection is over: what is not written will never be. */
    public void over() {
        if (sending == Sending.PENDING) {
            sending = Sending.SUPPRESSED;
            moved();
        }
    }

    private void moved() {
        picture = null;
        journal.moved();
    }

    /** As it is now. */
    RecordedRequest picture() {
        RecordedRequest known = picture;
        if (known == null) {
            known = draw();
            picture = known;
        }
        return known;
    }

    private RecordedRequest draw() {
        List<String> text = new ArrayList<>();
        for (byte[] line : lines) {
            text.add(LineText.of(line));
        }
        Optional<String> answer =
                Optional.ofNullable(reply).map(line -> new String(line, StandardCharsets.UTF_8).stripTrailing());
        Instant wallTime = Instant.ofEpochMilli(wallMillis);
        return new RecordedRequest(
                number, connection, exchange, command, text, at, wallTime, faults, answer, sending, change);
    }
}
