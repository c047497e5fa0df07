/** What stands between the engine and the world: connections, framing, timers, sockets. */
@NullMarked
package io.dflockd.fake.server;

import org.jspecify.annotations.NullMarked;
