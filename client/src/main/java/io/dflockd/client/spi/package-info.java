/**
 * The seam between the client and the world: time, threads, locks and connections.
 *
 * <p>Production uses the JDK; a simulator supplies virtual time and simulated connections and runs the client's real code. Only interfaces and plain data
 * belong here.
 *
 * <pre>{@code
 * ClientRuntime runtime = simulator.get();
 * DflockdClient client = DflockdClient.builder().runtime(runtime).build();
 * }</pre>
 */
@NullMarked
package io.dflockd.client.spi;

import org.jspecify.annotations.NullMarked;
