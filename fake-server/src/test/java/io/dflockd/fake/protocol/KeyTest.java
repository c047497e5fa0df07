package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void keys_are_their_bytes() {
        byte[] bytes = {(byte) 0xff, 'a'};
        Key key = Key.of(bytes);
        bytes[1] = 'b';

        assertThat(key).isEqualTo(Key.of(new byte[] {(byte) 0xff, 'a'})).hasSameHashCodeAs(Key.of(key.bytes()));
        assertThat(key).isNotEqualTo(Key.of(bytes)).isNotEqualTo("\ufffda").hasToString("\ufffda");
        assertThat(Key.of("a")).isLessThan(key);
    }
}
