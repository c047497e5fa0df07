/** What a server remembers for tests: its requests and its events, and ready questions about both. Nothing here changes the server. */
@NullMarked
package io.dflockd.fake.journal;

import org.jspecify.annotations.NullMarked;
