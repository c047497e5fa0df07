package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Command;
import java.util.Optional;

/**
 * A fault struck.
 *
 * @param at the server's time, nanoseconds
 * @param conn the number of the connection
 * @param exchange the number of the request on its connection, from 1; at {@code ON_CONNECT} and {@code IDLE} how many there were before
 * @param command the request it struck; empty where there is none, or not the whole
 * @param phase where
 * @param effect what it did, with everything decided that is a matter of chance
 */
public record FaultEvent(long at, long conn, long exchange, Optional<Command> command, Phase phase, Effect effect) {}
