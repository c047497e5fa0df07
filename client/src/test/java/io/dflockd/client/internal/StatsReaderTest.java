package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ServerStats;
import io.dflockd.client.ServerStats.IdleStats;
import io.dflockd.client.ServerStats.LockStats;
import io.dflockd.client.ServerStats.SemaphoreStats;
import io.dflockd.client.spi.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of {@code stats}: what is read, what is ignored, and that nothing else gets through. */
class StatsReaderTest {

    private static final ServerAddress SERVER = new ServerAddress("localhost", 6388);
    private static final String EMPTY =
            "{\"connections\":1,\"locks\":[],\"semaphores\":[],\"idle_locks\":[],\"idle_semaphores\":[]}";
    private static final String FULL = """
            {"connections":3,
             "locks":[{"key":"a","owner_conn_id":7,"lease_expires_in_s":32.5,"waiters":2},
                      {"key":"b\\u00fc\\n\\"\\\\\\/\\ud83d\\ude00é","owner_conn_id":0,"lease_expires_in_s":0,"waiters":1}],
             "semaphores":[{"key":"gpu","limit":4,"holders":3,"waiters":0}],
             "idle_locks":[{"key":"i","idle_s":1.5e1}],
             "idle_semaphores":[{"key":"j","idle_s":2.5e-07}]}
            """;

    @Test
    void everything_that_servers_say_is_read() throws Exception {
        assertThat(read(FULL))
                .isEqualTo(new ServerStats(
                        SERVER,
                        3,
                        List.of(
                                new LockStats("a", 7, Duration.ofMillis(32_500), 2),
                                new LockStats("bü\n\"\\/\ud83d\ude00é", 0, Duration.ZERO, 1)),
                        List.of(new SemaphoreStats("gpu", 4, 3, 0)),
                        List.of(new IdleStats("i", Duration.ofSeconds(15))),
                        List.of(new IdleStats("j", Duration.ofNanos(250)))));
    }

    @Test
    void unknown_members_of_every_kind_are_ignored_at_every_level() throws Exception {
        String unknown = "\"new\":{\"a\":[1,-2.5e+3,true,false,null,\"}]\",{\"locks\":7}],\"b\":{}},\"more\":[[[]]],";
        assertThat(read(FULL.replace("{\"", "{" + unknown + "\""))).isEqualTo(read(FULL));
        assertThat(read(EMPTY.replace("}", ",\"last\" : null } "))).isEqualTo(read(EMPTY));
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "-1, PT0S",
        "-1e400, PT0S",
        "1e-400, PT0S",
        "0.9999999999, PT1S",
        "9223372036, PT2562047H47M16S",
        "1e400, PT277777777777H46M40S"
    })
    void durations_never_overflow(String seconds, Duration expected) throws Exception {
        assertThat(read(FULL.replace("32.5", seconds)).locks().get(0).leaseExpiresIn())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"connections", "locks", "semaphores", "idle_locks", "idle_semaphores", "key", "limit", "idle_s"})
    void missing_members_are_said(String member) {
        assertThatThrownBy(() -> read(FULL.replace("\"" + member + "\"", "\"other\"")))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("member " + member);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "null",
                "{}",
                "{\"connections\"}",
                "{\"connections\":}",
                "{\"connections\":1,}",
                "{\"connections\":1 \"locks\":[]}",
                "{\"x\":tru}",
                "{\"x\":nul}",
                "{\"x\":01}",
                "{\"x\":1.}",
                "{\"x\":.5}",
                "{\"x\":1e}",
                "{\"x\":+1}",
                "{\"x\":-}",
                "{\"x\":NaN}",
                "{\"x\":\"}",
                "{\"x\":\"\\",
                "{\"x\":\"\\x\"}",
                "{\"x\":\"\\u12\"}",
                "{\"x\":\"\\u12g4\"}",
                "{\"x\":\"\\u\uff11\uff11\uff11\uff11\"}",
                "{\"x\":\"\u0001\"}",
                "{\"x\":\"\\n\u0001\"}",
                "{\"x\":[1,]}",
                "{\"x\":[,1]}",
                "{\"x\":[1 2]}",
                "{\"x\":[1}",
                "{\"x\":{1:2}}",
                "{'x':1}",
                "\ufeff{}"
            })
    void what_is_no_json_is_malformed(String json) {
        assertMalformed(json);
    }

    @Test
    void members_of_another_kind_are_malformed() {
        for (String wrong : List.of("\"1\"", "-1", "1.5", "1e3", "null", "true", "[]", "{}", "1234567890123456789")) {
            assertMalformed(EMPTY.replace(":1,", ":" + wrong + ","));
        }
        for (String wrong : List.of("{}", "null", "\"\"", "[1]", "[[]]", "[\"a\"]", "[null]", "[{}]")) {
            assertMalformed(EMPTY.replace("\"locks\":[]", "\"locks\":" + wrong));
        }
        assertMalformed(FULL.replace("\"key\":\"a\"", "\"key\":1"));
        assertMalformed(FULL.replace("32.5", "\"32.5\""));
        assertMalformed(EMPTY + "{}");
        assertMalformed(EMPTY + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void deep_nesting_has_a_limit(String opening) throws Exception {
        assertThatThrownBy(() -> read("{\"x\":" + opening.repeat(1_000_000)))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("32 levels");
        String deep = "[".repeat(32) + "]".repeat(32);
        assertThat(read(EMPTY.replace("}", ",\"x\":" + deep + "}"))).isEqualTo(read(EMPTY));
        assertMalformed(EMPTY.replace("}", ",\"x\":[" + deep + "]}"));
    }

    @Test
    void messages_quote_nothing() {
        assertThatThrownBy(() -> read("{\"connections\":\"hush\"}"))
                .hasMessageNotContaining("hush")
                .hasMessageContaining("character 15");
    }

    /** Random bytes, and right answers with random bytes in them: each is read or malformed, nothing else happens. */
    @Test
    void random_bytes_are_read_or_malformed() {
        Random random = new Random(5);
        byte[] full = FULL.strip().getBytes(StandardCharsets.UTF_8);
        byte[] alphabet = "{}[]\",:\\u0123456789eE+-.truefalsn \t".getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = i % 4 == 0 ? new byte[random.nextInt(60)] : full.clone();
            if (i % 4 == 0) {
                random.nextBytes(bytes);
            }
            int changes = i % 4 == 0 ? bytes.length / 2 : 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                boolean syntax = random.nextBoolean();
                bytes[random.nextInt(bytes.length)] =
                        syntax ? alphabet[random.nextInt(alphabet.length)] : (byte) random.nextInt(256);
            }
            int length = i % 4 == 3 ? random.nextInt(bytes.length) : bytes.length;
            read += isRead(new String(bytes, 0, length, StandardCharsets.UTF_8)) ? 1 : 0;
        }
        assertThat(read).as("some changes do no harm, most do").isBetween(100, 90_000);
    }

    private static boolean isRead(String json) {
        try {
            read(json);
            return true;
        } catch (MalformedReplyException e) {
            return false;
        }
    }

    private static void assertMalformed(String json) {
        assertThatThrownBy(() -> read(json)).as(json).isInstanceOf(MalformedReplyException.class);
    }

    private static ServerStats read(String json) throws MalformedReplyException {
        return StatsReader.read(SERVER, json);
    }
}
