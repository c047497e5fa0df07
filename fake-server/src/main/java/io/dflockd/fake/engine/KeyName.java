package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;

/** What names one queue and its slots: a key, and on V2 also whether it is the lock or the semaphore (PROTOCOL.md section 2). */
record KeyName(Family space, Key key) {

    /** What the command is about. */
    static KeyName of(Command.OnKey command, Profile profile) {
        return new KeyName(profile.hasTwoKeySpaces() ? command.family() : Family.LOCK, command.key());
    }
}
