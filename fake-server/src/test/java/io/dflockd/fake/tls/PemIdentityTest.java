package io.dflockd.fake.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in the three forms that are about, and files that are none. */
class PemIdentityTest {

    private final Instant start = Instant.now().minusSeconds(60);
    private final Instant end = start.plusSeconds(3600);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_key_may_be_pkcs8_or_bare_ec_or_bare_rsa() throws Exception {
        for (String algorithm : List.of("EC", "RSA")) {
            Identity made = identity(algorithm);
            Path certificate = write("cert", "CERTIFICATE", made.chain().get(0).getEncoded());
            byte[] pkcs8 = made.key().getEncoded();

            Identity whole = PemIdentity.read(certificate, write("key", "PRIVATE KEY", pkcs8));
            Identity bare = PemIdentity.read(certificate, write("bare", algorithm + " PRIVATE KEY", unwrapped(pkcs8)));

            assertThat(whole.chain()).isEqualTo(made.chain());
            assertThat(whole.key()).isEqualTo(made.key());
            assertThat(bare.serverContext()).isNotNull();
            assertThat(whole.toString()).doesNotContain("key");
        }
    }

    @Test
    void what_does_not_fit_is_one_clear_line() throws Exception {
        Identity made = identity("EC");
        Path certificate = write("cert", "CERTIFICATE", made.chain().get(0).getEncoded());
        Path key = write("key", "PRIVATE KEY", made.key().getEncoded());
        Path other = write("other", "PRIVATE KEY", identity("EC").key().getEncoded());
        Path rsa = write("rsa", "PRIVATE KEY", identity("RSA").key().getEncoded());

        assertRefused(certificate, other, "is not that of the first certificate in");
        assertRefused(certificate, rsa, "is damaged, or of another kind than the certificate's (EC)");
        assertRefused(
                certificate, write("enc", "ENCRYPTED PRIVATE KEY", new byte[8]), "is encrypted; store it without");
        assertRefused(certificate, write("bad", "EC PRIVATE KEY", new byte[8]), "EC PRIVATE KEY in");
        assertRefused(certificate, certificate, "there is no private key in");
        assertRefused(key, key, "there is no certificate in");
        assertRefused(write("junk", "CERTIFICATE", new byte[8]), key, "certificate 1 in");
        assertRefused(folder.resolve("none"), key, "cannot read the file");
        assertRefused(folder, key, "cannot read the file");
    }

    private static void assertRefused(Path certificate, Path key, String part) {
        assertThatThrownBy(() -> PemIdentity.read(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }

    private Identity identity(String algorithm) throws GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        return CertificateWriter.authority("test").server(List.of(ServerName.dns("localhost")), keys, start, end);
    }

    private Path write(String name, String label, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        return Files.writeString(
                folder.resolve(name),
                "a comment\n-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }

    /** The octets at the end of PKCS#8: the length of what is before them follows from the algorithm. */
    private static byte[] unwrapped(byte[] pkcs8) {
        for (int at = 8; at < 40; at++) {
            byte[] rest = Arrays.copyOfRange(pkcs8, at, pkcs8.length);
            if (rest[0] == 0x30
                    && Arrays.equals(Der.octets(rest), Arrays.copyOfRange(pkcs8, at - headerOf(rest), pkcs8.length))) {
                return rest;
            }
        }
        throw new AssertionError("no key in there");
    }

    private static int headerOf(byte[] content) {
        return Der.octets(content).length - content.length;
    }
}
