package io.dflockd.chaos.model;

import io.dflockd.fake.engine.EngineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One thing that happens to a server. Connections, keys and tokens are named by small numbers, so that a step still means something when others are left out. */
sealed interface Step {

    enum Verb {
        ACQUIRE,
        ENQUEUE,
        AWAIT,
        RELEASE,
        RENEW
    }

    /** Steps that say less, the simplest first. */
    default List<Step> simpler() {
        return List.of();
    }

    /** The server starts with these options. */
    record Begin(EngineOptions options) implements Step {
        @Override
        public String toString() {
            return options.toString();
        }
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
        public List<Step> simpler() {
            List<Step> simpler = new ArrayList<>();
            for (int other = 0; other < who; other++) {
                simpler.add(new Send(other, verb, semaphore, key, limit, lease, timeout, tokenKey, back));
            }
            if (key > 0) {
                simpler.add(new Send(who, verb, false, 0, 1, lease, timeout, 0, back));
            }
            if (timeout > 0 && (verb == Verb.ACQUIRE || verb == Verb.AWAIT)) {
                simpler.add(new Send(who, verb, semaphore, key, limit, lease, timeout - 1, tokenKey, back));
            }
            if (lease > 1) {
                simpler.add(new Send(who, verb, semaphore, key, limit, lease - 1, timeout, tokenKey, back));
            }
            return simpler;
        }

        @Override
        public String toString() {
            String form = semaphore ? "s" : "";
            String on = "c" + who + " " + form + verb.name().toLowerCase(Locale.ROOT) + " k" + key;
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
        public List<Step> simpler() {
            long rounded = millis - millis % 1_000;
            return rounded < millis && rounded > 0 ? List.of(new Pass(rounded, leap)) : List.of();
        }

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
