package io.dflockd.examples.invoices;

/** Makes the text of an invoice, which may take long: a good moment for the process to be paused. */
@FunctionalInterface
interface InvoicePrinter {
    String print(Order order);
}
