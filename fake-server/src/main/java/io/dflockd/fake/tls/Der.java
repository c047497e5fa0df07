package io.dflockd.fake.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes the few kinds of values of ASN.1 DER (X.690) that certificates and keys are made of. */
final class Der {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(0x31, parts);
    }

    /** A value that is tagged by its number in the structure around it. */
    static byte[] tagged(int number, byte[]... parts) {
        return value(0xA0 | number, parts);
    }

    static byte[] integer(BigInteger number) {
        return value(0x02, number.toByteArray());
    }

    static byte[] bool(boolean value) {
        return value(0x01, new byte[] {(byte) (value ? 0xFF : 0)});
    }

    /** A string of whole bytes as a string of bits. */
    static byte[] bits(byte[] bytes) {
        return value(0x03, new byte[1], bytes);
    }

    static byte[] octets(byte[] bytes) {
        return value(0x04, bytes);
    }

    static byte[] nothing() {
        return value(0x05);
    }

    static byte[] text(String text) {
        return value(0x0C, text.getBytes(StandardCharsets.UTF_8));
    }

    /** To the second. */
    static byte[] time(Instant instant) {
        return value(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    /** An object identifier: the first two numbers share a byte, the others take seven bits a byte. */
    static byte[] oid(int... numbers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(numbers[0] * 40 + numbers[1]);
        for (int i = 2; i < numbers.length; i++) {
            int digits = (Math.max(1, 32 - Integer.numberOfLeadingZeros(numbers[i])) + 6) / 7;
            for (int digit = digits - 1; digit >= 0; digit--) {
                bytes.write(((numbers[i] >> (7 * digit)) & 0x7F) | (digit > 0 ? 0x80 : 0));
            }
        }
        return value(0x06, bytes.toByteArray());
    }

    /** Any value: tag, length, and its parts one after the other. */
    static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length < 0x80) {
            whole.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int zeros = digits[0] == 0 ? 1 : 0;
            whole.write(0x80 | digits.length - zeros);
            whole.write(digits, zeros, digits.length - zeros);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
