/**
 * Faults as trigger, phase and effect: what goes wrong, where, and how it shows.
 *
 * <pre>{@code
 * server.on(Trigger.acquire("orders")).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.reset());
 * }</pre>
 */
@NullMarked
package io.dflockd.fake.fault;

import org.jspecify.annotations.NullMarked;
