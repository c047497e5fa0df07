/** What the client does when something goes wrong: one test for each situation of docs/guarantees.md that no test of a rule shows. Only tests may come in. */
@NullMarked
package io.dflockd.client.failure;

import org.jspecify.annotations.NullMarked;
