/** The {@code ./chaos} command: options, messages, exit status. */
@NullMarked
package io.dflockd.chaos.cli;

import org.jspecify.annotations.NullMarked;
