package io.dflockd.examples.invoices;

import io.dflockd.client.DflockdClient;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that runs the invoices every so often, beside others that do the same. */
final class InvoiceService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InvoiceService.class);

    private final InvoiceRun run;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    InvoiceService(InvoiceRun run) {
        this.run = run;
    }

    void start(Duration period) {
        scheduler.scheduleWithFixedDelay(this::runOnce, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A run that fails is no reason to have no more of them: an exception would end the schedule. */
    private void runOnce() {
        try {
            OptionalInt billed = run.run();
            if (billed.isEmpty()) {
                LOG.info("another process runs the invoices");
            } else {
                LOG.info("{} orders billed", billed.getAsInt());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the run ended early; the next one goes on: {}", e.toString());
        }
    }

    /** Ends the run, too, if there is one: a lease is released on the way out. */
    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    /** {@code InvoiceService HOST:PORT JDBC-URL}: runs every ten seconds until it is ended. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println(
                    "usage: InvoiceService HOST:PORT JDBC-URL, as in: 127.0.0.1:6388 jdbc:h2:./shop;AUTO_SERVER=TRUE");
            System.exit(2);
        }
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(args[1]);
        InvoiceStore store = new InvoiceStore(database);
        store.createTables();
        try (DflockdClient client = DflockdClient.builder()
                        .servers(args[0])
                        .serversHaveFences()
                        .build();
                InvoiceService service = new InvoiceService(new InvoiceRun(client, store, Order::toString))) {
            service.start(Duration.ofSeconds(10));
            Thread.currentThread().join();
        }
    }
}
