package io.dflockd.fake.server;

import io.dflockd.fake.fault.FaultHost;

/** The server as its faults see it. */
final class ServerFaultHost implements FaultHost {

    private final EngineDriver driver;

    ServerFaultHost(EngineDriver driver) {
        this.driver = driver;
    }

    /** On a thread that is not the server's: with the interrupt flag set aside, as an interrupted thread would close the sockets that it writes to. */
    @Override
    public void change(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            driver.inside(action);
        } finally {
            driver.wake();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void idleFaultArmed() {
        driver.sessions().all().forEach(Session::strikeIfIdle);
    }

    @Override
    public boolean hasTls() {
        return driver.options().tls().isPresent();
    }

    @Override
    public boolean hasFences() {
        return driver.profile().hasFences();
    }

    @Override
    public boolean isProxy() {
        return !driver.backend().isServer();
    }
}
