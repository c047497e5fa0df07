/** Plays the recorded transcripts of real servers against the fake, on the manual clock and without sockets. */
@NullMarked
package io.dflockd.fake.transcript;

import org.jspecify.annotations.NullMarked;
