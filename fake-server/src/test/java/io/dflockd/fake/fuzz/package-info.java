/** What no client should send, in great amounts; {@code fake-server/fuzz} runs it for longer than the build does. */
@NullMarked
package io.dflockd.fake.fuzz;

import org.jspecify.annotations.NullMarked;
