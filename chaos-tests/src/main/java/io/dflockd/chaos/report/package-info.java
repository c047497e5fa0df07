/** What the user gets to read about a run: progress, figures, one line per property, the evidence, the verdict. */
@NullMarked
package io.dflockd.chaos.report;

import org.jspecify.annotations.NullMarked;
