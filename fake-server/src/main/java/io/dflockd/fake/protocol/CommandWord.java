package io.dflockd.fake.protocol;

import io.dflockd.fake.protocol.Command.Family;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The first line of a request about a key, and what the third has to say for it. */
enum CommandWord {
    ACQUIRE("l", Family.LOCK),
    ENQUEUE("e", Family.LOCK),
    AWAIT("w", Family.LOCK),
    RELEASE("r", Family.LOCK),
    RENEW("n", Family.LOCK),
    SEMAPHORE_ACQUIRE("sl", Family.SEMAPHORE),
    SEMAPHORE_ENQUEUE("se", Family.SEMAPHORE),
    SEMAPHORE_AWAIT("sw", Family.SEMAPHORE),
    SEMAPHORE_RELEASE("sr", Family.SEMAPHORE),
    SEMAPHORE_RENEW("sn", Family.SEMAPHORE);

    private static final Map<String, CommandWord> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(word -> word.text, Function.identity()));

    private final String text;
    private final Family family;

    CommandWord(String text, Family family) {
        this.text = text;
        this.family = family;
    }

    static Optional<CommandWord> of(byte[] line, Profile profile) {
        return Optional.ofNullable(BY_TEXT.get(new String(line, StandardCharsets.ISO_8859_1)))
                .filter(word -> word.family == Family.LOCK || profile.hasSemaphores());
    }

    /** What it asks for. */
    Class<? extends Command> kind() {
        return switch (this) {
            case ACQUIRE, SEMAPHORE_ACQUIRE -> Command.Acquire.class;
            case ENQUEUE, SEMAPHORE_ENQUEUE -> Command.Enqueue.class;
            case AWAIT, SEMAPHORE_AWAIT -> Command.Await.class;
            case RELEASE, SEMAPHORE_RELEASE -> Command.Release.class;
            case RENEW, SEMAPHORE_RENEW -> Command.Renew.class;
        };
    }

    /** The request with this word. */
    Command command(Key key, Fields fields) {
        return switch (this) {
            case ACQUIRE, SEMAPHORE_ACQUIRE -> acquire(key, fields);
            case ENQUEUE, SEMAPHORE_ENQUEUE -> enqueue(key, fields);
            case AWAIT, SEMAPHORE_AWAIT -> await(key, fields);
            case RELEASE, SEMAPHORE_RELEASE ->
                fields.count() == 1
                        ? new Command.Release(family, key, fields.text(0))
                        : new Command.Malformed("a release takes one token");
            case RENEW, SEMAPHORE_RENEW -> renew(key, fields);
        };
    }

    /** {@code T[ L]} for a lock, {@code T N[ L]} for a semaphore. */
    private Command acquire(Key key, Fields fields) {
        int leaseAt = family == Family.LOCK ? 1 : 2;
        if (!fits(fields, leaseAt)) {
            return new Command.Malformed("an acquire takes a timeout, the limit of a semaphore, and at most one lease");
        }
        OptionalLong timeout = fields.seconds(0, 0);
        OptionalLong limit = family == Family.LOCK ? OptionalLong.of(1) : fields.number(1, 1);
        OptionalLong lease = lease(fields, leaseAt);
        if (timeout.isEmpty() || limit.isEmpty() || isBadLease(fields, leaseAt, lease)) {
            return new Command.Malformed("a timeout, limit or lease of an acquire is no number or out of range");
        }
        return new Command.Acquire(family, key, timeout.getAsLong(), limit.getAsLong(), lease);
    }

    /** {@code [L]} for a lock, {@code N[ L]} for a semaphore. */
    private Command enqueue(Key key, Fields fields) {
        int leaseAt = family == Family.LOCK ? 0 : 1;
        if (!fits(fields, leaseAt)) {
            return new Command.Malformed("an enqueue takes the limit of a semaphore and at most one lease");
        }
        OptionalLong limit = family == Family.LOCK ? OptionalLong.of(1) : fields.number(0, 1);
        OptionalLong lease = lease(fields, leaseAt);
        if (limit.isEmpty() || isBadLease(fields, leaseAt, lease)) {
            return new Command.Malformed("a limit or lease of an enqueue is no number or out of range");
        }
        return new Command.Enqueue(family, key, limit.getAsLong(), lease);
    }

    private Command await(Key key, Fields fields) {
        OptionalLong timeout = fields.count() == 1 ? fields.seconds(0, 0) : OptionalLong.empty();
        return timeout.isPresent()
                ? new Command.Await(family, key, timeout.getAsLong())
                : new Command.Malformed("an await takes one timeout");
    }

    private Command renew(Key key, Fields fields) {
        OptionalLong lease = lease(fields, 1);
        if (!fits(fields, 1) || isBadLease(fields, 1, lease)) {
            return new Command.Malformed("a renew takes a token and at most one lease");
        }
        return new Command.Renew(family, key, fields.text(0), lease);
    }

    /** Whether there are as many fields as must be before the lease, and at most the lease behind them. */
    private static boolean fits(Fields fields, int leaseAt) {
        return fields.count() == leaseAt || fields.count() == leaseAt + 1;
    }

    private static OptionalLong lease(Fields fields, int at) {
        return fields.count() > at ? fields.seconds(at, 1) : OptionalLong.empty();
    }

    private static boolean isBadLease(Fields fields, int at, OptionalLong lease) {
        return fields.count() > at && lease.isEmpty();
    }
}
