package io.dflockd.fake.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file (RFC 7468). What stands between them does not count. */
record PemFile(Path path, List<Block> blocks) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*(?:-(?!-)[^-]*)*)-----END \\1-----");
    private static final long MOST_BYTES = 1 << 20;

    /** One block: its label, its text and, unless the text is not Base64, its bytes. */
    record Block(String label, String text) {

        boolean isEncrypted() {
            return label.startsWith("ENCRYPTED") || text.contains("ENCRYPTED");
        }

        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }

        /** Never the text: it may be a key. */
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    static PemFile read(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new IllegalArgumentException("the file '" + path + "' is too big for PEM");
            }
            Matcher matcher = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
            List<Block> blocks = new ArrayList<>();
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1) + "", matcher.group(2) + ""));
            }
            return new PemFile(path, List.copyOf(blocks));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("cannot read the file '" + path + "': there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the file '" + path + "': " + e.getMessage(), e);
        }
    }
}
