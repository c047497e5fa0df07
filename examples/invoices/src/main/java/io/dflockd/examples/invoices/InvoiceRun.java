package io.dflockd.examples.invoices;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdException;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Bills every order that has not been billed. Several processes try it at the same times; one at a time does it.
 *
 * <p>Three lines make it safe, and each is of no use without the others: the run needs the lock, or does nothing; the lease is looked at before each write; and the write
 * carries the fence, because between the look and the write the process may stand still for longer than any lease.
 */
final class InvoiceRun {

    static final String KEY = "invoice-run";

    private static final Duration ONE_WRITE = Duration.ofSeconds(5);

    private final DistributedLock lock;
    private final InvoiceStore store;
    private final InvoicePrinter printer;

    /** The client must have been built with {@code serversHaveFences()}. */
    InvoiceRun(DflockdClient client, InvoiceStore store, InvoicePrinter printer) {
        this.lock = client.lock(KEY);
        this.store = store;
        this.printer = printer;
    }

    /**
     * Runs, unless somebody else does.
     *
     * @return how many orders were billed; empty if another process has the lock
     * @throws DflockdException if the lock server cannot be reached: whether the lock was granted is unknown, so nothing is done, and the next run tries again
     * @throws LeaseLostException if the lease was lost on the way: what has been billed stays, the rest is for the next run
     * @throws StaleHolderException if that was found out by the database only
     */
    OptionalInt run() throws InterruptedException, SQLException {
        Optional<Lease> got = lock.tryAcquire(Duration.ZERO);
        if (got.isEmpty()) {
            return OptionalInt.empty();
        }
        try (Lease lease = got.get()) {
            long fence = lease.fencingToken().orElseThrow();
            int billed = 0;
            for (Order order : store.unbilled()) {
                String body = printer.print(order);
                lease.ensure(ONE_WRITE);
                store.bill(order, body, fence);
                billed++;
            }
            return OptionalInt.of(billed);
        }
    }
}
