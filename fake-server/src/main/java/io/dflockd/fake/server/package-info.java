/**
 * What stands between the engine and the world: connections, framing, timers, sockets.
 *
 * <p>What runs when a server starts uses no lambda and no method reference, here and in the other packages: each costs up to a millisecond when it runs for the
 * first time in a JVM, and a test suite waits for that. A test of the first start finds them.
 */
@NullMarked
package io.dflockd.fake.server;

import org.jspecify.annotations.NullMarked;
