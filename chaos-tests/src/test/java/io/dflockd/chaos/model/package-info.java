/**
 * A naive model of a V1 server and the properties that run the engine against it (PROPERTIES.md, P15 and rung R1). The model may be read and understood without
 * the engine, and must never be made to fit it: where the two differ, PROTOCOL.md and the transcripts say who is wrong.
 */
@NullMarked
package io.dflockd.chaos.model;

import org.jspecify.annotations.NullMarked;
