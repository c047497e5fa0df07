/** The lock server as a pure state machine: time is an argument, replies are results. No clock, no thread, no socket, no randomness. */
@NullMarked
package io.dflockd.fake.engine;

import org.jspecify.annotations.NullMarked;
