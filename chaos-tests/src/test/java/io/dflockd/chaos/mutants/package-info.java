/** Mutants of the engine, made from its source while the tests run, to show that the properties find what they are there to find. Nothing of it is published. */
@NullMarked
package io.dflockd.chaos.mutants;

import org.jspecify.annotations.NullMarked;
