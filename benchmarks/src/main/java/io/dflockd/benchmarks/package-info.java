/** Measurements, always as a ratio in one run against a floor or a peer. Not deployed. */
@NullMarked
package io.dflockd.benchmarks;

import org.jspecify.annotations.NullMarked;
