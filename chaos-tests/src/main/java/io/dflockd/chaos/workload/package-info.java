/** What the clients of a run do: settings, workers at protocol and at client level, and the run that holds them together. */
@NullMarked
package io.dflockd.chaos.workload;

import org.jspecify.annotations.NullMarked;
