package io.dflockd.client.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ValueSource;

/** Once for each error of PROTOCOL.md section 1, and for one that no client knows. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ValueSource(
        strings = {
            "error",
            "error_auth",
            "error_max_locks",
            "error_max_waiters",
            "error_limit_mismatch",
            "error_not_enqueued",
            "error_already_enqueued",
            "error_lease_expired",
            "error_draining",
            "error_not_leader 10.0.0.1:6388",
            "error_xyz"
        })
@interface EveryStatus {}
