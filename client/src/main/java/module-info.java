/**
 * The dflockd client. {@link io.dflockd.client.DflockdClient} is the place to begin.
 *
 * <p>{@code io.dflockd.client.internal} is not exported: nothing there keeps its shape between releases. Micrometer is needed only by those who use
 * {@link io.dflockd.client.micrometer}, who name {@code micrometer.core} in their own module too.
 */
module io.dflockd.client {
    requires org.slf4j;
    requires static micrometer.core;
    requires static org.jspecify;

    exports io.dflockd.client;
    exports io.dflockd.client.micrometer;
    exports io.dflockd.client.spi;
}
