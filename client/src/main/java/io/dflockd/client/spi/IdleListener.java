package io.dflockd.client.spi;

/** Hears that an idle connection is no longer quiet ({@link Transport#watch}): once, on the thread that {@link IdleWatch#await awaits}. Must not wait for I/O. */
@FunctionalInterface
public interface IdleListener {

    /**
     * Something arrived although nothing was asked, or the connection was closed by this side.
     *
     * @param over whether the connection is of no use any more; false where the bytes may mean nothing, as those that TLS sends of its own: only an exchange
     *     can tell then
     */
    void disturbed(boolean over);
}
