package io.dflockd.fake.protocol;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leases of one connection that no 64 bits hold. V0 takes them and says the very number again (PROTOCOL.md section 1); for everything behind the parser they are
 * {@link Long#MAX_VALUE}, which never ends either.
 */
final class HugeLeases {

    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    /** What an enqueue asked for; its await answers with it. At most as many as the connection has entries. */
    private final Map<Key, BigInteger> enqueued = new HashMap<>();

    private @Nullable BigInteger asked;

    /** A request begins whose third line has these fields. A lease is the last of them. */
    void asked(Fields fields) {
        asked = fields.count() == 0
                ? null
                : PythonInt.of(fields.text(fields.count() - 1))
                        .filter(number -> number.compareTo(MOST) > 0)
                        .orElse(null);
    }

    /** The line of the reply to the request, with the lease that was asked for. */
    byte[] write(Command request, Reply reply) {
        String line = new String(ReplyWriter.write(reply), StandardCharsets.UTF_8);
        BigInteger lease = lease(request, reply);
        if (lease != null) {
            line = replaceEnd(line, MOST, lease);
            line = replaceEnd(line, MOST.subtract(BigInteger.ONE), lease.subtract(BigInteger.ONE));
        }
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable BigInteger lease(Command request, Reply reply) {
        if (request instanceof Command.Await await) {
            return enqueued.remove(await.key());
        }
        if (request instanceof Command.Enqueue enqueue && !(reply instanceof Reply.Refused)) {
            Optional.ofNullable(asked)
                    .ifPresentOrElse(lease -> enqueued.put(enqueue.key(), lease), () -> enqueued.remove(enqueue.key()));
        }
        return asked;
    }

    private static String replaceEnd(String line, BigInteger from, BigInteger to) {
        String end = " " + from + '\n';
        return line.endsWith(end) ? line.substring(0, line.length() - end.length()) + ' ' + to + '\n' : line;
    }
}
