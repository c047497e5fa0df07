/**
 * The deterministic simulator: the client's real code against the engine, in virtual time, one actor at a time.
 *
 * <p>Nothing here may depend on real time, thread timing, identity hashes or unseeded randomness: the same seed gives the same history, to the last byte, on
 * every JDK. The only real threads are those that the actors run on, and of these one runs at a time.
 */
@NullMarked
package io.dflockd.chaos.simulation;

import org.jspecify.annotations.NullMarked;
