package io.dflockd.client.internal;

/**
 * One request, ready to be written.
 *
 * @param bytes the three lines; nobody changes them
 * @param waitSeconds how long the server may take at most before it has to answer
 */
record Request(Command command, WireKey key, byte[] bytes, long waitSeconds) {

    @Override
    public String toString() {
        return command.phase() + " of key '" + key + "'";
    }
}
