package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.tls.ServerTls;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What the TLS connections of a server share: certificates, the choice of how handshakes go, and room for one record each way.
 *
 * <p>Used under the driver's lock, which is why one room is enough.
 */
public final class TlsPort {

    private final ServerTls tls;
    private final TlsHandshakes handshakes;
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private ByteBuffer sealed = ByteBuffer.allocate(0);

    /** Empty if the options want plain text. */
    public static Optional<TlsPort> of(FakeOptions options, EngineDriver driver) {
        return options.tls().isPresent()
                ? Optional.of(new TlsPort(options.tls().get(), driver.handshakes()))
                : Optional.empty();
    }

    /** Makes the certificate that it shows now rather than at the first connection. */
    TlsPort(ServerTls tls, TlsHandshakes handshakes) {
        this.tls = tls;
        this.handshakes = handshakes;
        tls.context();
    }

    TlsHandshake next(long connection) {
        return handshakes.next(connection);
    }

    /** One side of a new connection, which shows the certificate for such a handshake. */
    SSLEngine engineFor(TlsHandshake handshake) {
        SSLContext context =
                switch (handshake) {
                    case EXPIRED_CERTIFICATE -> tls.certificates().expired();
                    case WRONG_HOST -> tls.certificates().wrongHost();
                    default -> tls.context();
                };
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        String[] modern = Arrays.stream(engine.getSupportedProtocols())
                .filter(protocol -> protocol.equals("TLSv1.2") || protocol.equals("TLSv1.3"))
                .toArray(String[]::new);
        engine.setEnabledProtocols(modern);
        return engine;
    }

    /** Empty room for what one record holds. */
    ByteBuffer plain(SSLEngine engine) {
        plain = room(plain, engine.getSession().getApplicationBufferSize());
        return plain;
    }

    /** Empty room for one record. */
    ByteBuffer sealed(SSLEngine engine) {
        sealed = room(sealed, engine.getSession().getPacketBufferSize());
        return sealed;
    }

    private static ByteBuffer room(ByteBuffer old, int size) {
        return old.capacity() >= size ? old.clear() : ByteBuffer.allocate(size);
    }
}
