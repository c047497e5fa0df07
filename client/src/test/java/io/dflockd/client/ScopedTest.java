package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that runs while a slot is held: the lease ends with it, its exception comes through, a loss is never overlooked. */
class ScopedTest {

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final DflockdClient client = DflockdClient.connect(server.address());
    private final DistributedLock orders = client.lock("orders");
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void all_four_forms_hold_the_slot_while_they_run_and_not_after() throws Exception {
        orders.run(() -> requireHeldBySomebody());
        orders.run(lease -> {
            assertThat(lease.isHeld()).isTrue();
            requireHeldBySomebody();
        });
        String result = orders.call(() -> {
            requireHeldBySomebody();
            return "result";
        });
        Lease gone = orders.call(lease -> {
            requireHeldBySomebody();
            return lease;
        });

        assertThat(runs).hasValue(4);
        assertThat(result).isEqualTo("result");
        assertThat(gone.isHeld()).isFalse();
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void semaphores_and_settings_apply() throws Exception {
        Duration ttl = client.semaphore("gpu", 2)
                .withLease(ofSeconds(7))
                .call(lease -> client.semaphore("gpu", 2).call(Lease::ttl).plus(lease.ttl()));
        assertThat(ttl).as("both slots at once").isEqualTo(ofSeconds(33 + 7));
    }

    @Test
    void checked_exception_of_the_body_comes_through_with_its_type() {
        IOException broken = new IOException("disk full");
        try {
            orders.run(() -> fail(broken));
        } catch (IOException e) { // which compiles, since the type is known
            assertThat(e).isSameAs(broken).hasNoSuppressedExceptions();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(runs).hasValue(1);
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void exception_of_the_body_comes_through_though_the_release_fails_in_an_odd_way() {
        AtomicInteger asked = new AtomicInteger();
        try (FakeDflockdServer other =
                        FakeDflockdServer.start(FakeOptions.defaults().withAutoReleaseOnDisconnect(false));
                DflockdClient careless = DflockdClient.builder()
                        .servers(other.address())
                        .serverAutoRelease(false)
                        .secret(() -> {
                            if (asked.incrementAndGet() > 1) {
                                throw new UnsupportedOperationException("the vault is closed");
                            }
                            return "secret";
                        })
                        .build()) {
            IllegalStateException broken = new IllegalStateException("body");
            assertThatThrownBy(() -> careless.lock("orders").call(lease -> {
                        other.kick(1);
                        await().until(() -> other.state().connections().isEmpty());
                        throw broken;
                    }))
                    .isSameAs(broken)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
            assertThat(asked).hasValueGreaterThan(1);
        }
    }

    @Test
    void error_of_the_body_comes_through_and_the_lease_is_closed() {
        AssertionError error = new AssertionError("body");
        assertThatThrownBy(() -> orders.call(lease -> {
                    throw error;
                }))
                .isSameAs(error)
                .hasNoSuppressedExceptions();
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void without_a_grant_the_body_does_not_run() throws Exception {
        try (Lease holder = orders.acquire()) {
            assertThatThrownBy(() -> orders.withAcquireTimeout(ofMillis(20)).run(runs::incrementAndGet))
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThat(holder.isHeld()).isTrue();
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> orders.run(runs::incrementAndGet)).isInstanceOf(InterruptedException.class);
        assertThat(runs).hasValue(0);
        await().until(() -> server.state().isQuiet()); // the wait that was given up ends at the server within a second
    }

    @Test
    void loss_in_the_body_that_ended_normally_is_an_exception() {
        assertThatThrownBy(() -> orders.call(lease -> {
                    loseIt(lease);
                    return "result";
                }))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("scope 'orders' at " + server.address())
                .hasMessageContaining("REFUSED");
    }

    @Test
    void loss_that_nobody_noticed_is_found_by_the_release() {
        assertThatThrownBy(() -> orders.run(() -> expire("orders")))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("over for the server");
    }

    @Test
    void loss_never_hides_what_the_body_threw_and_is_attached_to_it() {
        IOException broken = new IOException("disk full");
        assertThatThrownBy(() -> orders.run(lease -> {
                    loseIt(lease);
                    throw broken;
                }))
                .isSameAs(broken)
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class));
    }

    @Test
    void body_that_releases_itself_has_lost_nothing() throws Exception {
        assertThat(orders.call(Lease::release)).isTrue();
        orders.run(lease -> {
            expire("orders");
            assertThat(lease.release()).as("it knows").isFalse();
        });
    }

    @Test
    void closing_the_client_in_the_body_loses_the_lease() {
        assertThatThrownBy(() -> orders.run(client::close))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("CLIENT_CLOSED");
    }

    @Test
    void interrupt_in_the_body_is_kept_and_the_lease_is_released() throws Exception {
        orders.run(() -> Thread.currentThread().interrupt());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void release_that_finds_the_connection_broken_is_no_normal_end() throws Exception {
        try (ScriptedServer script = new ScriptedServer(peer -> {
                    for (String request = peer.read();
                            request != null && !request.startsWith("r|");
                            request = peer.read()) {
                        peer.sendUsual(request);
                    }
                });
                DflockdClient scripted = DflockdClient.connect(script.address())) {
            assertThatThrownBy(() ->
                            scripted.lock("orders").withLease(ofSeconds(33)).run(() -> {}))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("the release was not confirmed")
                    .hasCauseInstanceOf(ConnectionException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "error_draining", "error_future 7"})
    void answer_that_says_nothing_against_the_lease_is_a_normal_end(String answer) throws Exception {
        try (ScriptedServer script = new ScriptedServer(peer -> {
                    for (String request = peer.read(); request != null; request = peer.read()) {
                        peer.send((request.startsWith("r|") ? answer : ScriptedServer.Peer.usual(request)) + "\n");
                    }
                });
                DflockdClient scripted = DflockdClient.connect(script.address())) {
            assertThat(scripted.lock("orders").withLease(ofSeconds(33)).<String, Exception>call(() -> "result"))
                    .isEqualTo("result");
        }
    }

    private void requireHeldBySomebody() throws InterruptedException {
        runs.incrementAndGet();
        assertThat(client.lock("orders").tryAcquire(Duration.ZERO)).isEmpty();
    }

    private void fail(IOException e) throws IOException {
        runs.incrementAndGet();
        throw e;
    }

    /** Ends the lease at the server and lets another take and leave the key, so that nothing of it is left. */
    private void expire(String key) throws InterruptedException {
        server.expireLease(key);
        try (DflockdClient other = DflockdClient.connect(server.address())) {
            other.lock(key).acquire().close();
        }
    }

    private void loseIt(Lease lease) throws InterruptedException {
        expire(lease.key());
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
    }
}
