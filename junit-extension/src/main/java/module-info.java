/** {@link io.dflockd.junit.WithDflockd}: a dflockd server and a client for any JUnit Jupiter test class, whose parameters are of the other two modules. */
module io.dflockd.junit {
    requires transitive io.dflockd.client;
    requires transitive io.dflockd.fake;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.commons;
    requires org.slf4j;
    requires static org.jspecify;
    requires static testcontainers;

    exports io.dflockd.junit;
    exports io.dflockd.junit.container;

    // JUnit makes the extension, which is not public.
    opens io.dflockd.junit to
            org.junit.platform.commons;
}
