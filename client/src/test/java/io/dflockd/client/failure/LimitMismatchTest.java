package io.dflockd.client.failure;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dflockd.client.Lease;
import io.dflockd.client.RejectedException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not agree on the limit of a key: PROTOCOL.md section 2. */
@Timeout(60)
class LimitMismatchTest {

    @Test
    void limit_mismatch_is_a_rejection_that_holds_nothing_and_keeps_the_connection() throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.semaphore("gpu", 2).acquire();
            assertMismatch(catchThrowable(() -> stage.client.semaphore("gpu", 3).acquire()));
            assertMismatch(catchThrowable(() -> stage.client.semaphore("gpu", 3).enqueue()));
            assertMismatch(catchThrowable(() -> stage.client.semaphore("gpu", 3).tryAcquire(ofSeconds(1))));
            assertThat(stage.runtime.connects()).isEqualTo(2);
            assertThat(lease.release()).isTrue();
            stage.awaitNothingHeld();
        }
    }

    @Test
    void limit_mismatch_of_a_lock_and_a_semaphore_on_v1_but_not_on_v2() throws Exception {
        try (Stage v1 = Stage.open(FakeOptions.defaults().withProfile(Profile.V1));
                Lease lock = v1.client.lock("orders").acquire()) {
            assertMismatch(catchThrowable(() -> v1.client.semaphore("orders", 2).acquire()));
            assertThat(v1.client.semaphore("orders", 1).tryAcquire(Duration.ZERO))
                    .as("a semaphore with limit 1 is the lock itself")
                    .isEmpty();
            assertThat(lock.isHeld()).isTrue();
        }
        try (Stage v2 = Stage.open(FakeOptions.defaults().withProfile(Profile.V2));
                Lease lock = v2.client.lock("orders").acquire();
                Lease slot = v2.client.semaphore("orders", 2).acquire()) {
            assertThat(lock.isHeld() && slot.isHeld()).isTrue();
        }
    }

    private static void assertMismatch(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                .isEqualTo("error_limit_mismatch"));
    }
}
