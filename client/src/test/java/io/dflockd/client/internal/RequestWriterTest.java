package io.dflockd.client.internal;

import static io.dflockd.client.internal.RequestWriter.DEFAULT_LEASE;
import static io.dflockd.client.internal.RequestWriter.LOCK;
import static io.dflockd.client.internal.RequestWriter.SEMAPHORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ten commands as text, and what cannot get into them. */
class RequestWriterTest {

    private static final WireKey KEY = WireKey.of("Schlüssel");

    @Test
    void locks_and_semaphores_have_their_own_commands() {
        assertThat(text(LOCK.acquire(KEY, 10, 1, 33))).isEqualTo("l\nSchlüssel\n10 33\n");
        assertThat(text(LOCK.acquire(KEY, 0, 1, DEFAULT_LEASE))).isEqualTo("l\nSchlüssel\n0\n");
        assertThat(text(LOCK.enqueue(KEY, 1, 33))).isEqualTo("e\nSchlüssel\n33\n");
        assertThat(text(LOCK.enqueue(KEY, 1, DEFAULT_LEASE))).isEqualTo("e\nSchlüssel\n\n");
        assertThat(text(LOCK.await(KEY, 5))).isEqualTo("w\nSchlüssel\n5\n");
        assertThat(text(LOCK.renew(KEY, "abc", 33))).isEqualTo("n\nSchlüssel\nabc 33\n");
        assertThat(text(LOCK.renew(KEY, "abc", DEFAULT_LEASE))).isEqualTo("n\nSchlüssel\nabc\n");
        assertThat(text(LOCK.release(KEY, "abc"))).isEqualTo("r\nSchlüssel\nabc\n");
        assertThat(text(SEMAPHORE.acquire(KEY, 10, 4, 33))).isEqualTo("sl\nSchlüssel\n10 4 33\n");
        assertThat(text(SEMAPHORE.acquire(KEY, 10, 4, DEFAULT_LEASE))).isEqualTo("sl\nSchlüssel\n10 4\n");
        assertThat(text(SEMAPHORE.enqueue(KEY, 4, 33))).isEqualTo("se\nSchlüssel\n4 33\n");
        assertThat(text(SEMAPHORE.enqueue(KEY, 4, DEFAULT_LEASE))).isEqualTo("se\nSchlüssel\n4\n");
        assertThat(text(SEMAPHORE.await(KEY, 5))).isEqualTo("sw\nSchlüssel\n5\n");
        assertThat(text(SEMAPHORE.renew(KEY, "abc", 33))).isEqualTo("sn\nSchlüssel\nabc 33\n");
        assertThat(text(SEMAPHORE.release(KEY, "abc"))).isEqualTo("sr\nSchlüssel\nabc\n");
        assertThat(text(RequestWriter.stats())).isEqualTo("stats\n-\n-\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nr", "a\r", "\u00a0", "ü", "\t"})
    void rule_14_tokens_cannot_smuggle_a_line(String token) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOCK.release(KEY, token))
                .withMessageContaining("token");
        assertThatIllegalArgumentException().isThrownBy(() -> LOCK.renew(KEY, token, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\tb", "a\rb", "a\nb", "\ud800", "a\udc00b", "\ud800\ud800"})
    void rule_14_keys_are_checked(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> WireKey.of(key)).withMessageContaining("key");
    }

    @Test
    void rule_14_keys_have_at_most_256_bytes() {
        assertThat(WireKey.of("k".repeat(256)).utf8()).hasSize(256);
        assertThat(WireKey.of("ü".repeat(128)).utf8()).hasSize(256);
        assertThat(WireKey.of("\ud83d\ude00").utf8()).hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireKey.of("ü".repeat(128) + "k"))
                .withMessageContaining("257")
                .withMessageContaining("256");
    }

    private static String text(Request request) {
        return new String(request.bytes(), StandardCharsets.UTF_8);
    }
}
