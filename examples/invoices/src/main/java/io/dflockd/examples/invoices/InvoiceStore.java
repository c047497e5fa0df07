package io.dflockd.examples.invoices;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The orders and the invoices, in a database that several processes share. */
class InvoiceStore {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY, customer VARCHAR(100), amount DECIMAL(12, 2), billed BOOLEAN DEFAULT FALSE);
            CREATE TABLE IF NOT EXISTS invoices (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id BIGINT, body VARCHAR(1000));
            CREATE TABLE IF NOT EXISTS fences (name VARCHAR(256) PRIMARY KEY, highest DECIMAL(20));
            MERGE INTO fences USING (VALUES ('invoice-run', 0)) AS fresh (name, highest) ON fences.name = fresh.name
                WHEN NOT MATCHED THEN INSERT VALUES (fresh.name, fresh.highest);
            """;

    private final DataSource database;

    InvoiceStore(DataSource database) {
        this.database = database;
    }

    void createTables() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
    }

    void add(Order order) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (id, customer, amount) VALUES (?, ?, ?)")) {
            insert.setLong(1, order.id());
            insert.setString(2, order.customer());
            insert.setBigDecimal(3, order.amount());
            insert.executeUpdate();
        }
    }

    List<Order> unbilled() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement query = connection.createStatement();
                ResultSet rows =
                        query.executeQuery("SELECT id, customer, amount FROM orders WHERE NOT billed ORDER BY id")) {
            List<Order> orders = new ArrayList<>();
            while (rows.next()) {
                orders.add(new Order(rows.getLong(1), rows.getString(2), rows.getBigDecimal(3)));
            }
            return orders;
        }
    }

    /** The orders for which there is an invoice, once for each invoice, in the order of their numbers. */
    List<Long> invoiced() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery("SELECT order_id FROM invoices ORDER BY number")) {
            List<Long> orders = new ArrayList<>();
            while (rows.next()) {
                orders.add(rows.getLong(1));
            }
            return orders;
        }
    }

    /**
     * Writes an invoice, unless somebody with a newer fence has written before: then it is too late, whatever the caller believes.
     *
     * @throws StaleHolderException if so; nothing was written
     */
    void bill(Order order, String body, long fence) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            if (!raiseFence(connection, fence)) {
                connection.rollback();
                throw new StaleHolderException("the invoice for order " + order.id(), fence);
            }
            insert(connection, order, body);
            connection.commit();
        }
    }

    /** In the transaction of the write, so that nobody comes in between. Fences are unsigned numbers of 64 bits, which no SQL type but a decimal can hold. */
    private static boolean raiseFence(Connection connection, long fence) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE fences SET highest = ? WHERE name = 'invoice-run' AND highest <= ?")) {
            BigDecimal number = new BigDecimal(Long.toUnsignedString(fence));
            update.setBigDecimal(1, number);
            update.setBigDecimal(2, number);
            return update.executeUpdate() == 1;
        }
    }

    /** The write itself, which nothing protects. */
    static void insert(Connection connection, Order order, String body) throws SQLException {
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO invoices (order_id, body) VALUES (?, ?)");
                PreparedStatement mark = connection.prepareStatement("UPDATE orders SET billed = TRUE WHERE id = ?")) {
            insert.setLong(1, order.id());
            insert.setString(2, body);
            insert.executeUpdate();
            mark.setLong(1, order.id());
            mark.executeUpdate();
        }
    }
}
