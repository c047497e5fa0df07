package io.dflockd.examples.invoices;

import java.math.BigDecimal;

/** Something sold that is to be billed once. */
record Order(long id, String customer, BigDecimal amount) {}
