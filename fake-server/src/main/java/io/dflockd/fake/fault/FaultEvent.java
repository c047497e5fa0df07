package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Command;

/**
 * A fault struck.
 *
 * @param at the server's time, nanoseconds
 * @param conn the number of the connection
 * @param command the request it struck
 * @param phase where
 * @param effect what it did
 */
public record FaultEvent(long at, long conn, Command command, Phase phase, Effect effect) {}
