package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {

    /** Values of Python's zlib.crc32, so of another implementation. */
    @ParameterizedTest
    @CsvSource({
        "my-key, 3605215937",
        "orders, 3845127662",
        "Schlüssel, 2863109926",
        "鍵, 1817482040",
        "k1, 2517541033",
        "k2, 252178707",
        "k3, 2013315461",
    })
    void rule_13_key_goes_to_the_server_that_crc_32_says(String key, long crc) {
        for (int servers : new int[] {1, 2, 3, 7, 1000}) {
            assertThat(Shards.indexOf(WireKey.of(key), servers)).isEqualTo((int) (crc % servers));
        }
    }
}
