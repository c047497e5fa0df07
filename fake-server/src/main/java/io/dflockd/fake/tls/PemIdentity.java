package io.dflockd.fake.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A server's certificates and its private key, read from two PEM files, as {@code --tls-cert} and {@code --tls-key} name them. The key may be PKCS#8, PKCS#1 (RSA)
 * or SEC 1 (EC).
 */
final class PemIdentity {

    private static final String[] KINDS = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"};

    private PemIdentity() {}

    /**
     * Reads both files.
     *
     * @throws IllegalArgumentException if one cannot be read or is not what it should be, or they do not fit; the message is one line for the user
     */
    static Identity read(Path certificateFile, Path keyFile) {
        List<X509Certificate> chain = chain(PemFile.read(certificateFile));
        PrivateKey key = key(PemFile.read(keyFile), chain.get(0).getPublicKey());
        if (!fits(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException(
                    "the key in '" + keyFile + "' is not that of the first certificate in '" + certificateFile + "'");
        }
        return new Identity(key, chain);
    }

    private static List<X509Certificate> chain(PemFile file) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemFile.Block block : file.blocks()) {
                if (block.label().equals("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate " + (chain.size() + 1) + " in '" + file.path() + "' is damaged", e);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no certificate in '" + file.path() + "'; it must be PEM, -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(PemFile file, PublicKey partner) {
        for (PemFile.Block block : file.blocks()) {
            if (block.isEncrypted()) {
                throw new IllegalArgumentException("the key in '" + file.path()
                        + "' is encrypted; store it without a password (openssl pkey -in FILE -out NEWFILE)");
            }
            if (List.of(KINDS).contains(block.label())) {
                return key(block, file.path(), partner);
            }
        }
        throw new IllegalArgumentException("there is no private key in '" + file.path()
                + "'; it must be PEM, -----BEGIN PRIVATE KEY----- or RSA or EC PRIVATE KEY");
    }

    private static PrivateKey key(PemFile.Block block, Path file, PublicKey partner) {
        try {
            byte[] bytes = block.label().equals("PRIVATE KEY") ? block.bytes() : wrapped(block.bytes(), partner);
            return KeyFactory.getInstance(partner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the " + block.label() + " in '" + file
                            + "' is damaged, or of another kind than the certificate's (" + partner.getAlgorithm()
                            + ")",
                    e);
        }
    }

    /** PKCS#8 (RFC 5208) round a bare key. Which algorithm and curve it is for stands in the public key, too. */
    private static byte[] wrapped(byte[] bare, PublicKey partner) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm(partner.getEncoded()), Der.octets(bare));
    }

    /** The first part of a SubjectPublicKeyInfo (RFC 5280 section 4.1). */
    private static byte[] algorithm(byte[] publicKey) {
        ByteBuffer input = ByteBuffer.wrap(publicKey);
        skipHeader(input);
        int start = input.position();
        int length = skipHeader(input);
        byte[] part = new byte[input.position() - start + length];
        input.position(start).get(part);
        return part;
    }

    private static int skipHeader(ByteBuffer input) {
        input.get();
        int length = input.get() & 0xFF;
        if (length < 0x80) {
            return length;
        }
        int value = 0;
        for (int i = 0; i < (length & 0x7F); i++) {
            value = (value << 8) | (input.get() & 0xFF);
        }
        return value;
    }

    private static boolean fits(PrivateKey key, PublicKey partner) {
        String algorithm =
                switch (partner.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> partner.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(partner);
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
