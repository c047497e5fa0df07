package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Reply;

/** A reply, and the number of the connection that waits for it. */
public record Delivery(long conn, Reply reply) {}
