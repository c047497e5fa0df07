package io.dflockd.client.failure;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Zero, negative and huge durations, wherever one may be given: DESIGN section 4, rule 10. */
@Timeout(60)
class DurationTest {

    /** What V2 takes at most, and V1 overflows above (PROTOCOL.md section 1). */
    private static final long MOST_SECONDS = 9_223_372_036L;

    private static final FakeOptions V2 = FakeOptions.defaults().withProfile(Profile.V2);

    static Stream<Duration> huge() {
        return Stream.of(
                ofSeconds(Long.MAX_VALUE),
                ofSeconds(Long.MAX_VALUE, 999_999_999),
                ofSeconds(MOST_SECONDS + 1),
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofDays(36_500));
    }

    static Stream<Duration> notPositive() {
        return Stream.of(Duration.ZERO, Duration.ofNanos(-1), ofSeconds(-1), ofSeconds(Long.MIN_VALUE));
    }

    static Stream<Duration> negative() {
        return notPositive().skip(1);
    }

    @ParameterizedTest
    @MethodSource("huge")
    void huge_lease_and_timeout_are_cut_to_what_servers_take(Duration huge) throws Exception {
        try (Stage stage = Stage.open(V2)) {
            DistributedLock lock = stage.client.lock("orders").withLease(huge).withAcquireTimeout(huge);
            Lease lease = lock.acquire();
            assertThat(lease.remaining()).isGreaterThan(Duration.ofDays(10_000)).isLessThanOrEqualTo(lease.ttl());
            lease.renew();
            lease.ensure(Duration.ofDays(10_000));
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.release()).isTrue();
            assertThat(lock.tryAcquire(huge).map(Lease::release)).contains(true);
            assertSecondsOnTheWire(stage);
        }
    }

    @ParameterizedTest
    @MethodSource("huge")
    void huge_timeouts_really_wait(Duration huge) throws Exception {
        try (Stage stage = Stage.open(V2)) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued place = stage.client.lock("orders").withLease(huge).enqueue();
            Background<Optional<Lease>> awaiting = Background.start(() -> place.await(huge));
            Background<Optional<Lease>> acquiring =
                    Background.start(() -> stage.client.lock("orders").tryAcquire(huge));
            stage.awaitQueued(2);
            assertThat(awaiting.isDone() || acquiring.isDone()).isFalse();

            assertThat(holder.release()).isTrue();

            assertThat(awaiting.result().map(Lease::release)).contains(true);
            assertThat(acquiring.result().map(Lease::release)).contains(true);
            assertSecondsOnTheWire(stage);
        }
    }

    @ParameterizedTest
    @MethodSource("huge")
    void huge_settings_of_a_client_overflow_nowhere(Duration huge) throws Exception {
        try (Stage stage = Stage.open(V2, builder -> everywhere(builder, huge))) {
            try (Lease lease = stage.client.lock("orders").acquire()) {
                lease.renew();
                Enqueued place = stage.client.lock("orders").enqueue();
                place.close();
                assertThat(stage.client.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
                assertThat(stage.client.lock("orders").tryAcquire(Duration.ZERO))
                        .isEmpty();
                assertThat(lease.isHeld()).isTrue();
            }
            stage.assertServes("orders");
            assertSecondsOnTheWire(stage);
        }
    }

    @ParameterizedTest
    @MethodSource("huge")
    void more_than_the_lease_cannot_be_ensured(Duration huge) throws Exception {
        try (Stage stage = Stage.open(V2);
                Lease lease =
                        stage.client.lock("orders").withLease(ofSeconds(60)).acquire()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lease.ensure(huge))
                    .withMessageContaining("PT1M");
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("notPositive")
    void lease_and_limits_of_zero_or_less_are_refused(Duration senseless) throws Exception {
        try (Stage stage = Stage.open(V2);
                Lease lease = stage.client.lock("orders").acquire()) {
            DflockdClientBuilder builder = DflockdClient.builder();
            for (Runnable setting : List.<Runnable>of(
                    () -> lease.ensure(senseless),
                    () -> stage.client.lock("orders").withLease(senseless),
                    () -> builder.defaultLease(senseless),
                    () -> builder.connectTimeout(senseless),
                    () -> builder.responseTimeout(senseless),
                    () -> builder.serverReadTimeout(senseless))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(setting::run)
                        .withMessageContaining(senseless.toString());
            }
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("negative")
    void negative_timeouts_are_refused_and_a_place_is_kept(Duration negative) throws Exception {
        try (Stage stage = Stage.open(V2)) {
            DistributedLock lock = stage.client.lock("orders");
            assertThatIllegalArgumentException().isThrownBy(() -> lock.tryAcquire(negative));
            assertThatIllegalArgumentException().isThrownBy(() -> lock.withAcquireTimeout(negative));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DflockdClient.builder().acquireTimeout(negative));
            assertThat(stage.runtime.connects()).as("nothing was sent").isZero();

            Enqueued place = lock.enqueue();
            Enqueued queued = lock.enqueue();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> place.await(negative))
                    .withMessageContaining(negative.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> queued.await(negative));
            assertThat(place.await(Duration.ZERO).map(Lease::release)).contains(true);
            assertThat(queued.await(ofSeconds(5)).map(Lease::release)).contains(true);
        }
    }

    @Test
    void timeout_of_zero_asks_and_does_not_wait() throws Exception {
        try (Stage stage = Stage.open(V2)) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued place = stage.client.lock("orders").enqueue();
            assertThat(stage.client.lock("orders").tryAcquire(Duration.ZERO)).isEmpty();
            assertThat(place.await(Duration.ZERO)).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(holder.release()).isTrue();
            assertThat(stage.client.lock("orders").tryAcquire(Duration.ZERO).map(Lease::release))
                    .contains(true);
            stage.awaitNothingHeld();
        }
    }

    private static void everywhere(DflockdClientBuilder builder, Duration duration) {
        builder.connectTimeout(duration)
                .responseTimeout(duration)
                .serverReadTimeout(duration)
                .acquireTimeout(duration)
                .defaultLease(duration);
    }

    private static void assertSecondsOnTheWire(Stage stage) {
        assertThat(stage.server.journal().requests()).allSatisfy(request -> {
            Command command = request.command();
            assertThat(command).isNotInstanceOf(Command.Malformed.class);
            if (command instanceof Command.Acquire acquire) {
                assertSeconds(acquire.leaseSeconds());
                assertThat(acquire.timeoutSeconds()).isBetween(0L, MOST_SECONDS);
            } else if (command instanceof Command.Await await) {
                assertThat(await.timeoutSeconds()).isBetween(0L, MOST_SECONDS);
            } else if (command instanceof Command.Enqueue enqueue) {
                assertSeconds(enqueue.leaseSeconds());
            } else if (command instanceof Command.Renew renew) {
                assertSeconds(renew.leaseSeconds());
            }
        });
    }

    private static void assertSeconds(OptionalLong lease) {
        lease.ifPresent(seconds -> assertThat(seconds).isBetween(1L, MOST_SECONDS));
    }
}
