/** {@code @WithDflockd}: a lock server and a client for any JUnit Jupiter test class. The annotation is public, the extension behind it is not. */
@NullMarked
package io.dflockd.junit;

import org.jspecify.annotations.NullMarked;
