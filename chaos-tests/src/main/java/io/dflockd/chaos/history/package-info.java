/** What happened, in one order: the events of clients, server and nemesis, recorded, written and read. */
@NullMarked
package io.dflockd.chaos.history;

import org.jspecify.annotations.NullMarked;
