package io.dflockd.fake.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** What a server shows and proves: its private key, and the certificates for it, its own first. Never shows the key in text. */
record Identity(PrivateKey key, List<X509Certificate> chain) {

    /** A context for servers that present this. */
    SSLContext serverContext() throws GeneralSecurityException {
        KeyStore store = emptyStore();
        char[] password = new char[0];
        store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        // Trusts nobody, as no client is asked for a certificate: reading the JVM's authorities would take long.
        context.init(keys.getKeyManagers(), new TrustManager[0], null);
        return context;
    }

    static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new IllegalStateException("there is nothing to be read", impossible);
        }
        return store;
    }

    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal() + ']';
    }
}
