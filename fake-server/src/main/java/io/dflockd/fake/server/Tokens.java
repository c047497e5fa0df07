package io.dflockd.fake.server;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Tokens as V0 and V1 make them: 32 lower-case hexadecimal digits without a meaning. The same seed gives the same tokens. */
final class Tokens implements Supplier<String> {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random;

    Tokens(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public String get() {
        return token(random.nextLong(), random.nextLong());
    }

    /** 16 digits for each half. */
    static String token(long first, long second) {
        byte[] token = new byte[32];
        putHex(token, 0, first);
        putHex(token, 16, second);
        return new String(token, StandardCharsets.ISO_8859_1);
    }

    private static void putHex(byte[] target, int at, long bits) {
        for (int i = 0; i < 16; i++) {
            target[at + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 15];
        }
    }
}
