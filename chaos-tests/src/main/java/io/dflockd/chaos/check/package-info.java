/**
 * What holds (PROPERTIES.md section 2) and how a history shows it: one streaming check per property, and the verdict over all of them.
 *
 * <p>Checks see events only, in order. They assert conservative sides: where a history does not prove a violation, there is none.
 */
@NullMarked
package io.dflockd.chaos.check;

import org.jspecify.annotations.NullMarked;
