/**
 * How the client works: the wire, connections, renewals. Not for users; nothing here keeps its shape between releases.
 */
@NullMarked
package io.dflockd.client.internal;

import org.jspecify.annotations.NullMarked;
