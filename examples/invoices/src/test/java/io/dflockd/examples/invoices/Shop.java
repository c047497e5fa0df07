package io.dflockd.examples.invoices;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Lease;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A shop with three orders that wait to be billed, in a database in memory, and the run as it is written first, without care. */
final class Shop {

    final DataSource database;
    final InvoiceStore store;

    Shop() throws SQLException {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        database = memory;
        store = new InvoiceStore(database);
        store.createTables();
        for (long id = 1; id <= 3; id++) {
            store.add(new Order(id, "customer " + id, new BigDecimal("19.90")));
        }
    }

    /** The store, but the process stands still when the first invoice is about to be written, and {@code meanwhile} happens. */
    InvoiceStore pausedBeforeItsFirstWrite(Meanwhile meanwhile) {
        return new InvoiceStore(database) {
            private boolean paused;

            @Override
            void bill(Order order, String body, long fence) throws SQLException {
                if (!paused) {
                    paused = true;
                    meanwhile.happensOrThrow();
                }
                super.bill(order, body, fence);
            }
        };
    }

    /** A printer during whose first invoice {@code meanwhile} happens. */
    static InvoicePrinter slow(Meanwhile meanwhile) {
        return new InvoicePrinter() {
            private boolean printed;

            @Override
            public String print(Order order) {
                if (!printed) {
                    printed = true;
                    meanwhile.happensOrThrow();
                }
                return order.toString();
            }
        };
    }

    /** "The lock server has a hiccup, but the invoices must go out": goes on without the lock. */
    void runWithoutTheLock(DflockdClient client, InvoicePrinter printer) throws Exception {
        try {
            client.lock(InvoiceRun.KEY).acquire().close();
            throw new AssertionError("this test is about a grant that gets lost");
        } catch (DflockdException e) {
            for (Order order : store.unbilled()) {
                writeUnfenced(order, printer.print(order));
            }
        }
    }

    /** "I have the lock": never looks whether that is still true. */
    void runWithoutALook(DflockdClient client, InvoicePrinter printer) throws Exception {
        Lease lease = client.lock(InvoiceRun.KEY).acquire();
        try {
            for (Order order : store.unbilled()) {
                writeUnfenced(order, printer.print(order));
            }
        } finally {
            lease.close();
        }
    }

    /** "I look before each write": as if no time could pass between the look and the write. */
    void runWithoutAFence(DflockdClient client, Meanwhile pause) throws Exception {
        try (Lease lease = client.lock(InvoiceRun.KEY).acquire()) {
            for (Order order : store.unbilled()) {
                lease.ensure(Duration.ofSeconds(5));
                if (order.id() == 1) {
                    pause.happensOrThrow();
                }
                writeUnfenced(order, order.toString());
            }
        }
    }

    private void writeUnfenced(Order order, String body) throws SQLException {
        try (Connection connection = database.getConnection()) {
            InvoiceStore.insert(connection, order, body);
        }
    }

    /** What others do in a moment that only a test can hold. */
    @FunctionalInterface
    interface Meanwhile {
        void happens() throws Exception;

        default void happensOrThrow() {
            try {
                happens();
            } catch (Exception e) {
                throw new AssertionError("what should happen meanwhile failed", e);
            }
        }
    }
}
