/** The facade: {@code FakeDflockdServer}, its options and its clock. What a test writes against. */
@NullMarked
package io.dflockd.fake;

import org.jspecify.annotations.NullMarked;
