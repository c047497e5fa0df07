package io.dflockd.examples.invoices;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.junit.WithDflockd;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes, A and B, and three orders that must be billed once: what happens without each piece of care, and with it. */
@Timeout(60)
@WithDflockd(profile = Profile.V2) // which has fences
class InvoiceRunTest {

    private final CountDownLatch lost = new CountDownLatch(1);
    private FakeDflockdServer server;
    private DflockdClient a;
    private DflockdClient b;
    private Shop shop;

    @BeforeEach
    void start(FakeDflockdServer theServer, DflockdClient client) throws Exception {
        server = theServer;
        b = client;
        a = DflockdClient.builder()
                .servers(server.address())
                .serversHaveFences()
                .listener(new DflockdListener() {
                    @Override
                    public void lost(LeaseLost loss, ServerAddress at, Duration held) {
                        lost.countDown();
                    }
                })
                .build();
        shop = new Shop();
    }

    @AfterEach
    void close() {
        a.close();
    }

    @Test
    void every_order_is_billed_once() throws Exception {
        assertThat(runOf(a).run()).hasValue(3);
        assertThat(runOf(b).run()).hasValue(0);
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L);
        server.verify().neverHeldTwice(InvoiceRun.KEY).noLeaks();
    }

    @Test
    void run_of_another_process_is_left_alone() throws Exception {
        InvoicePrinter slow = Shop.slow(() -> assertThat(runOf(b).run()).isEmpty());
        assertThat(new InvoiceRun(a, shop.store, slow).run()).hasValue(3);
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void lost_grant_without_care_bills_twice() throws Exception {
        loseAGrant();
        shop.runWithoutTheLock(a, Shop.slow(this::otherProcessRuns));
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void lost_grant_with_care_bills_nothing_and_the_next_run_everything() throws Exception {
        loseAGrant();
        assertThatThrownBy(() -> runOf(a).run()).isInstanceOf(ConnectionException.class);
        assertThat(shop.store.invoiced()).isEmpty();
        otherProcessRuns(); // the connection that had the lock is closed, and the lock free
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void lost_lease_without_care_bills_twice() throws Exception {
        shop.runWithoutALook(a, Shop.slow(this::leaseIsLost));
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void lost_lease_with_care_is_seen_before_the_write() {
        InvoiceRun run = new InvoiceRun(a, shop.store, Shop.slow(this::leaseIsLost));
        assertThatThrownBy(run::run).isInstanceOf(LeaseLostException.class);
        await().untilAsserted(() -> assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L));
    }

    @Test
    void paused_holder_without_a_fence_bills_twice() throws Exception {
        shop.runWithoutAFence(a, this::leaseRunsOutUnnoticed);
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void paused_holder_is_stopped_by_its_fence() throws Exception {
        InvoiceStore paused = shop.pausedBeforeItsFirstWrite(this::leaseRunsOutUnnoticed);
        assertThatThrownBy(() -> new InvoiceRun(a, paused, Order::toString).run())
                .isInstanceOf(StaleHolderException.class)
                .hasMessageContaining("order 1");
        assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L);
        assertThat(runOf(a).run()).as("the next run of the same process").hasValue(0);
    }

    @Test
    void service_goes_on_after_a_run_that_failed() throws Exception {
        loseAGrant();
        try (InvoiceService service = new InvoiceService(runOf(a))) {
            service.start(Duration.ofMillis(10));
            await().untilAsserted(() -> assertThat(shop.store.invoiced()).containsExactly(1L, 2L, 3L));
        }
    }

    private InvoiceRun runOf(DflockdClient client) {
        return new InvoiceRun(client, shop.store, Order::toString);
    }

    /** The server grants, but the answer never arrives. */
    private void loseAGrant() {
        server.on(acquire(InvoiceRun.KEY)).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
    }

    private void otherProcessRuns() throws Exception {
        await().until(() -> server.state().held().isEmpty());
        assertThat(runOf(b).run()).hasValue(3);
    }

    /** The connection of A breaks, which its client notices; the server gives the lock to B. */
    private void leaseIsLost() throws Exception {
        server.kick(1);
        lost.await();
        otherProcessRuns();
    }

    /** A stands still for longer than its lease: nothing in A can know. */
    private void leaseRunsOutUnnoticed() throws Exception {
        server.expireLease(InvoiceRun.KEY);
        otherProcessRuns();
    }
}
