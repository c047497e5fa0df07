/**
 * The public API of the dflockd client: connect, take locks and semaphores, know when they are lost.
 *
 * <p>What is here is for users. How it reaches the world is {@code .spi}; how it works is {@code .internal}.
 *
 * <pre>{@code
 * try (DflockdClient client = DflockdClient.connect("127.0.0.1:6388");
 *         Lease lease = client.lock("orders").acquire()) {
 *     lease.onLost(lost -> System.err.println("stop: " + lost.reason()));
 *     System.out.println(lease.isHeld());
 * }
 * }</pre>
 */
@NullMarked
package io.dflockd.client;

import org.jspecify.annotations.NullMarked;
