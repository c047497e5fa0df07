package io.dflockd.chaos.model;

import io.dflockd.fake.engine.EngineOptions;
import java.util.Optional;

/** A duel that begins with its first step, so that the options of the server can be one of the steps, and be left out while shrinking. */
public final class Run {

    private Optional<Duel> duel = Optional.empty();

    boolean hasBegun() {
        return duel.isPresent();
    }

    void begin(EngineOptions options) {
        duel = Optional.of(new Duel(options, Steps.CONNECTIONS));
    }

    Duel duel() {
        if (duel.isEmpty()) {
            begin(Duel.options(1, 1024, 0, true, false));
        }
        return duel.orElseThrow();
    }
}
