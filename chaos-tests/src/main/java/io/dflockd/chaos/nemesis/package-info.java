/** What goes wrong during a run, and who makes it go wrong. */
@NullMarked
package io.dflockd.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
