/** A dflockd server in a container, by Testcontainers, which is an optional dependency: whoever uses this adds it. The extension is in {@link io.dflockd.junit}. */
@NullMarked
package io.dflockd.junit.container;

import org.jspecify.annotations.NullMarked;
