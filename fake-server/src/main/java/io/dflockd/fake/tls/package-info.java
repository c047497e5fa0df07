/**
 * Certificates: made for tests, or read from PEM files. No sockets in here.
 *
 * <pre>{@code
 * TestCertificates certificates = TestCertificates.create();
 * FakeDflockdServer server = FakeDflockdServer.start(FakeOptions.defaults().withTls(certificates.wrongHost()));
 * SSLContext trusting = certificates.client();
 * }</pre>
 */
@NullMarked
package io.dflockd.fake.tls;

import org.jspecify.annotations.NullMarked;
