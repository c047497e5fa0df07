package io.dflockd.client.internal;

/** The commands this client sends, with their names on the wire for a lock and for a semaphore. */
enum Command {
    ACQUIRE("l", "sl"),
    ENQUEUE("e", "se"),
    AWAIT("w", "sw"),
    RENEW("n", "sn"),
    RELEASE("r", "sr"),
    STATS("stats", "stats"),
    AUTH("auth", "auth"),
    PING("ping", "ping");

    final String lockName;
    final String semaphoreName;

    Command(String lockName, String semaphoreName) {
        this.lockName = lockName;
        this.semaphoreName = semaphoreName;
    }

    /** The word for messages. */
    String phase() {
        return switch (this) {
            case ACQUIRE -> "acquire";
            case ENQUEUE -> "enqueue";
            case AWAIT -> "await";
            case RENEW -> "renew";
            case RELEASE -> "release";
            case STATS -> "stats";
            case AUTH -> "auth";
            case PING -> "ping";
        };
    }
}
