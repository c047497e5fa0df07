/** Faults as trigger, phase and effect: what goes wrong, where, and how it shows. */
@NullMarked
package io.dflockd.fake.fault;

import org.jspecify.annotations.NullMarked;
