/** The manual clock is the system clock, without the waiting. */
@NullMarked
package io.dflockd.fake.time;

import org.jspecify.annotations.NullMarked;
