/**
 * The lock server as a pure state machine: time is an argument, replies are results. No clock, no thread, no socket, no randomness.
 *
 * <pre>{@code
 * LockEngine engine = new LockEngine(EngineOptions.DEFAULTS, () -> "token", new TimerQueue(), event -> {});
 * engine.connect(1, 0);
 * List<Delivery> replies = engine.handle(1, command, 0);
 * List<Delivery> later = engine.advanceTo(Duration.ofSeconds(33).toNanos());
 * }</pre>
 */
@NullMarked
package io.dflockd.fake.engine;

import org.jspecify.annotations.NullMarked;
