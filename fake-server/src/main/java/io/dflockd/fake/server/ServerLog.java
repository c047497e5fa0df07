package io.dflockd.fake.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one logger of this package: finding a logger for the first time takes tens of milliseconds, and a server that starts has nothing to say. */
final class ServerLog {

    static final Logger LOG = LoggerFactory.getLogger("io.dflockd.fake.server");

    private ServerLog() {}
}
