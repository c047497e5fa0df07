package io.dflockd.fake.fault;

/** No server at all; it only says what it could do. */
class LoneHost implements FaultHost {

    boolean tls;
    boolean proxy;
    boolean fences;
    int idleFaults;

    @Override
    public void change(Runnable action) {
        action.run();
    }

    @Override
    public void idleFaultArmed() {
        idleFaults++;
    }

    @Override
    public boolean hasTls() {
        return tls;
    }

    @Override
    public boolean hasFences() {
        return fences;
    }

    @Override
    public boolean isProxy() {
        return proxy;
    }
}
