package io.dflockd.fake.protocol;

import java.util.OptionalLong;

/** What a client asks for, in one request. Its text form is {@link RequestParser}'s business. */
public sealed interface Command {

    /** Whether the lock or the semaphore form was used. V0 and V1 keep one key space for both (PROTOCOL.md section 2). */
    enum Family {
        LOCK,
        SEMAPHORE
    }

    /** A command about one key. */
    sealed interface OnKey extends Command {
        Family family();

        Key key();
    }

    /** {@code l}, {@code sl}: wait for a slot up to {@code timeoutSeconds}. The lease is empty where the server's default applies. */
    record Acquire(Family family, Key key, long timeoutSeconds, long limit, OptionalLong leaseSeconds)
            implements OnKey {}

    /** {@code e}, {@code se}: take a slot or a place in the queue, without blocking. */
    record Enqueue(Family family, Key key, long limit, OptionalLong leaseSeconds) implements OnKey {}

    /** {@code w}, {@code sw}: wait for the grant of an earlier {@link Enqueue} of this connection. */
    record Await(Family family, Key key, long timeoutSeconds) implements OnKey {}

    /** {@code r}, {@code sr}. The token is bytes read as ISO-8859-1, so that nothing a client sends is lost. */
    record Release(Family family, Key key, String token) implements OnKey {}

    /** {@code n}, {@code sn}. The lease is empty where the server's default applies. */
    record Renew(Family family, Key key, String token, OptionalLong leaseSeconds) implements OnKey {}

    /** {@code stats}. */
    record Stats() implements Command {}

    /** {@code ping}: the client wants to know whether anybody is there. */
    record Ping() implements Command {}

    /** {@code auth}: the client shows that it knows the server's secret. */
    record Auth(Secret secret) implements Command {}

    /** Three lines that are no request: answered with {@code error}, and nothing changes. */
    record Malformed(String why) implements Command {}
}
