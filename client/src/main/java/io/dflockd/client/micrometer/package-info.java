/**
 * Metrics of a client for those who use Micrometer. The only package that needs {@code micrometer-core}, which is an optional dependency: add it to your own build.
 *
 * <pre>{@code
 * DflockdClient client = DflockdClient.builder().listener(DflockdMetrics.of(registry)).build();
 * }</pre>
 */
@NullMarked
package io.dflockd.client.micrometer;

import org.jspecify.annotations.NullMarked;
