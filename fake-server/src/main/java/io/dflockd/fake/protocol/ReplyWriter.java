package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;

/** Puts replies into the one line that goes on the wire. */
public final class ReplyWriter {

    private ReplyWriter() {}

    /** The reply's line, with its line feed. */
    public static byte[] write(Reply reply) {
        return (text(reply) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Reply reply) {
        if (reply instanceof Reply.Granted granted) {
            return "ok " + granted.token() + ' ' + granted.leaseSeconds();
        } else if (reply instanceof Reply.Done) {
            return "ok";
        } else if (reply instanceof Reply.Renewed renewed) {
            return "ok " + renewed.seconds();
        } else if (reply instanceof Reply.Acquired acquired) {
            return "acquired " + acquired.token() + ' ' + acquired.leaseSeconds();
        } else if (reply instanceof Reply.Queued) {
            return "queued";
        } else if (reply instanceof Reply.TimedOut) {
            return "timeout";
        } else if (reply instanceof Reply.Refused refused) {
            return refused.status().word();
        } else if (reply instanceof Reply.Other other) {
            return other.text();
        }
        return "ok " + ((Reply.Stats) reply).json();
    }
}
