package io.dflockd.fake.tls;

import java.security.GeneralSecurityException;
import java.util.Optional;

/** Something that is made when it is first asked for, and kept. */
final class Made<T> {

    private final Recipe<T> recipe;
    private Optional<T> made = Optional.empty();

    Made(Recipe<T> recipe) {
        this.recipe = recipe;
    }

    synchronized T get() {
        if (made.isEmpty()) {
            try {
                made = Optional.of(recipe.make());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(
                        "this Java cannot make certificates for tests (EC keys on P-256, PKCS12 stores, TLS): " + e, e);
            }
        }
        return made.get();
    }

    /** How it is made. */
    @FunctionalInterface
    interface Recipe<T> {
        T make() throws GeneralSecurityException;
    }
}
