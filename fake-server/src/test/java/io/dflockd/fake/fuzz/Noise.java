package io.dflockd.fake.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Bytes as a broken or hostile client sends them: from nearly right to nonsense. */
final class Noise {

    private static final List<String> WORDS =
            List.of("l", "e", "w", "r", "n", "sl", "se", "sw", "sr", "sn", "stats", "auth", "ping", "L", "", "hello");
    private static final List<String> KEYS = List.of("a", "b", "c", "", "a b", "ä", "a\r", "\t", "_");
    private static final List<String> ARGS = List.of(
            "0",
            "1",
            "2 3",
            "0 30",
            "5 1",
            "1 2 3",
            "2",
            "",
            " 7 ",
            "-1",
            "+1",
            "007",
            "x",
            "1_0",
            "99999999999999999999",
            "0 0",
            "0123456789abcdef0123456789abcdef",
            "ffffffffffffffff0000000000000000 4",
            "\u00a01\u2003",
            "secret");

    private final SplittableRandom random;

    Noise(SplittableRandom random) {
        this.random = random;
    }

    /** Some requests, whole or spoilt, or bytes that never were one. */
    byte[] some() {
        return switch (random.nextInt(8)) {
            case 0 -> bytes(random.nextInt(1, 600));
            case 1 -> line(random.nextInt(200, 700));
            case 2 -> line(random.nextInt(60_000, 70_000));
            case 3, 4 -> mutated(requests());
            default -> requests();
        };
    }

    /** Well-formed in their lines. */
    byte[] requests() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(1, 5); left > 0; left--) {
            String ending = random.nextInt(6) == 0 ? "\r\n" : "\n";
            text.append(one(WORDS)).append(ending);
            text.append(one(KEYS)).append(ending);
            text.append(one(ARGS)).append(ending);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] line(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        if (random.nextBoolean()) {
            bytes[length - 1] = '\n';
        }
        return random.nextBoolean() ? joined("auth\n_\n".getBytes(StandardCharsets.UTF_8), bytes) : bytes;
    }

    /** With a few bytes lost, changed, doubled or put in. */
    private byte[] mutated(byte[] good) {
        byte[] bytes = good;
        for (int left = random.nextInt(1, 4); left > 0 && bytes.length > 0; left--) {
            int at = random.nextInt(bytes.length);
            byte[] head = Arrays.copyOf(bytes, at);
            byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
            bytes = switch (random.nextInt(4)) {
                case 0 -> joined(head, Arrays.copyOfRange(tail, 1, tail.length));
                case 1 -> joined(head, bytes(1), tail);
                case 2 -> joined(head, tail, tail);
                default -> joined(head, "\n\r\t ".substring(random.nextInt(4)).getBytes(StandardCharsets.UTF_8), tail);
            };
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
