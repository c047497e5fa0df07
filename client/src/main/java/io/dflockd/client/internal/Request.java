package io.dflockd.client.internal;

/** One request, ready to be written. */
final class Request {

    private final Command command;
    private final WireKey key;
    private final byte[] bytes;
    private final long waitSeconds;

    /**
     * Takes the three lines over; nobody changes them any more.
     *
     * @param waitSeconds how long the server may take at most before it has to answer
     */
    Request(Command command, WireKey key, byte[] bytes, long waitSeconds) {
        this.command = command;
        this.key = key;
        this.bytes = bytes;
        this.waitSeconds = waitSeconds;
    }

    Command command() {
        return command;
    }

    WireKey key() {
        return key;
    }

    byte[] bytes() {
        return bytes;
    }

    long waitSeconds() {
        return waitSeconds;
    }

    @Override
    public String toString() {
        return command.phase() + " of '" + key + "'";
    }
}
