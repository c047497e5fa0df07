/**
 * What a server remembers for tests: its requests and its events, and ready questions about both. Nothing here changes the server.
 *
 * <pre>{@code
 * server.journal().await(request -> request.command() instanceof Command.Acquire, 1, Duration.ofSeconds(5));
 * server.verify().neverHeldTwice("orders").noLeaks();
 * }</pre>
 */
@NullMarked
package io.dflockd.fake.journal;

import org.jspecify.annotations.NullMarked;
