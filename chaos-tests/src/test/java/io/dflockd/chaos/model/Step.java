package io.dflockd.chaos.model;

/** One thing that happens to a server. Connections, keys and tokens are named by small numbers, so that a step still means something when others are left out. */
sealed interface Step {

    enum Verb {
        ACQUIRE,
        ENQUEUE,
        AWAIT,
        RELEASE,
        RENEW
    }

    /**
     * A request.
     *
     * @param who the connection; if it is blocked, the next one that is not
     * @param semaphore whether the semaphore form is used
     * @param lease seconds, 0 for the default of the server
     * @param timeout seconds
     * @param tokenKey which key's token to present
     * @param back 0 for that key's latest token, 1 for the one before, ...; -1 for one that never was
     */
    record Send(
            int who,
            Verb verb,
            boolean semaphore,
            int key,
            long limit,
            long lease,
            long timeout,
            int tokenKey,
            int back)
            implements Step {

        @Override
        public String toString() {
            String form = semaphore ? "s" : "";
            String on = "c" + who + " " + form + verb.name().toLowerCase(java.util.Locale.ROOT) + " k" + key;
            return switch (verb) {
                case ACQUIRE -> on + " timeout " + timeout + " limit " + limit + " lease " + lease;
                case ENQUEUE -> on + " limit " + limit + " lease " + lease;
                case AWAIT -> on + " timeout " + timeout;
                case RELEASE -> on + " token k" + tokenKey + "-" + back;
                case RENEW -> on + " token k" + tokenKey + "-" + back + " lease " + lease;
            };
        }
    }

    /** Time passes, in one leap or from deadline to deadline. */
    record Pass(long millis, boolean leap) implements Step {
        @Override
        public String toString() {
            return millis + " ms pass" + (leap ? " in one leap" : "");
        }
    }

    /** The client closes the connection and opens another one. The server sees it as soon as no command of it blocks. */
    record Close(int who) implements Step {
        @Override
        public String toString() {
            return "c" + who + " closes";
        }
    }
}
