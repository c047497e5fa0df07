package io.dflockd.fake.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;

/** Makes X.509 v3 certificates (RFC 5280) with keys on P-256, signed by SHA256withECDSA. */
final class CertificateWriter {

    private static final byte[] ALGORITHM = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String issuer;
    private final KeyPair issuerKeys;

    private CertificateWriter(String issuer, KeyPair issuerKeys) {
        this.issuer = issuer;
        this.issuerKeys = issuerKeys;
    }

    /** A new authority with new keys. */
    static CertificateWriter authority(String name) throws GeneralSecurityException {
        return new CertificateWriter(name, newKeys());
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The authority's own certificate, signed by itself. */
    X509Certificate own(Instant from, Instant until) throws GeneralSecurityException {
        byte[] isAuthority = extension(19, true, Der.sequence(Der.bool(true)));
        return sign(issuer, issuerKeys, from, until, isAuthority);
    }

    /** A certificate for a server that has these names, with new keys. */
    Identity server(List<ServerName> names, Instant from, Instant until) throws GeneralSecurityException {
        return server(names, newKeys(), from, until);
    }

    /** The same for keys of any kind. */
    Identity server(List<ServerName> names, KeyPair keys, Instant from, Instant until) throws GeneralSecurityException {
        byte[][] encoded = names.stream().map(ServerName::encoded).toArray(byte[][]::new);
        byte[] alternatives = extension(17, false, Der.sequence(encoded));
        X509Certificate certificate = sign(names.get(0).text(), keys, from, until, alternatives);
        return new Identity(keys.getPrivate(), List.of(certificate));
    }

    private static byte[] extension(int number, boolean critical, byte[] value) {
        byte[] oid = Der.oid(2, 5, 29, number);
        return critical ? Der.sequence(oid, Der.bool(true), Der.octets(value)) : Der.sequence(oid, Der.octets(value));
    }

    private X509Certificate sign(String subject, KeyPair keys, Instant from, Instant until, byte[] extension)
            throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(64, RANDOM).setBit(64)),
                ALGORITHM,
                name(issuer),
                Der.sequence(Der.time(from), Der.time(until)),
                name(subject),
                keys.getPublic().getEncoded(),
                Der.tagged(3, Der.sequence(extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKeys.getPrivate());
        signature.update(body);
        byte[] whole = Der.sequence(body, ALGORITHM, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] name(String common) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.text(common))));
    }
}
