/** Certificates: made for tests, or read from PEM files. No sockets in here. */
@NullMarked
package io.dflockd.fake.tls;

import org.jspecify.annotations.NullMarked;
