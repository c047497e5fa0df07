/** The wire as text and as data: commands, replies, and the two classes that translate. Pure: no clock, no thread, no socket. */
@NullMarked
package io.dflockd.fake.protocol;

import org.jspecify.annotations.NullMarked;
