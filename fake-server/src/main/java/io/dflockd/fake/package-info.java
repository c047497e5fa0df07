/**
 * The facade: {@code FakeDflockdServer}, its options and its clock. What a test writes against.
 *
 * <pre>{@code
 * try (FakeDflockdServer server = FakeDflockdServer.start(FakeOptions.defaults().withManualClock())) {
 *     String address = server.address(); // for the client under test
 *     server.clock().advance(Duration.ofSeconds(30));
 * }
 * }</pre>
 */
@NullMarked
package io.dflockd.fake;

import org.jspecify.annotations.NullMarked;
