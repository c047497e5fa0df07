/**
 * The public API of the dflockd client: connect, take locks and semaphores, know when they are lost.
 *
 * <p>What is here is for users. How it reaches the world is {@code .spi}; how it works is {@code .internal}.
 */
@NullMarked
package io.dflockd.client;

import org.jspecify.annotations.NullMarked;
