package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.protocol.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key goes to which server. */
class ShardingTest {

    private final List<FakeDflockdServer> servers =
            List.of(FakeDflockdServer.start(), FakeDflockdServer.start(), FakeDflockdServer.start());

    @AfterEach
    void close() {
        servers.forEach(FakeDflockdServer::close);
    }

    /** Values of Python's zlib.crc32, so of another implementation; the first three are 2^31 or more. */
    @ParameterizedTest
    @CsvSource({
        "my-key, 3605215937",
        "orders, 3845127662",
        "Schlüssel, 2863109926",
        "鍵, 1817482040",
        "\uD83D\uDE00, 88978756",
        "k1, 2517541033",
        "k2, 252178707",
        "k3, 2013315461",
    })
    void rule_13_key_goes_to_the_server_that_crc_32_says(String key, long crc) {
        for (int count : new int[] {1, 2, 3, 7, 1000}) {
            assertThat(ShardingStrategy.CRC_32.shardOf(key, count)).isEqualTo((int) (crc % count));
        }
    }

    @ParameterizedTest
    @CsvSource({"my-key, 2", "orders, 2", "Schlüssel, 1", "鍵, 2", "k2, 0", "k1, 1"})
    void rule_13_the_client_asks_that_server_and_no_other(String key, int expected) throws Exception {
        try (DflockdClient client = builder().build();
                Lease lease = client.lock(key).acquire();
                Lease slot = client.semaphore(key + "-slot", 2).acquire()) {
            assertThat(lease.isHeld() && slot.isHeld()).isTrue();
            assertThat(holdersOf(key)).containsExactly(expected);
        }
    }

    @Test
    void rule_13_another_strategy_decides_for_locks_semaphores_and_places() throws Exception {
        List<String> asked = new ArrayList<>();
        ShardingStrategy strategy = (key, count) -> {
            asked.add(key + " of " + count);
            return key.charAt(0) - '0';
        };
        try (DflockdClient client = builder().sharding(strategy).build();
                Lease zero = client.lock("0").acquire();
                Lease one = client.semaphore("1", 4).acquire();
                Enqueued two = client.lock("2").enqueue()) {
            assertThat(zero.isHeld() && one.isHeld()).isTrue();
            assertThat(two.status()).isEqualTo(Enqueued.Status.ACQUIRED);
            assertThat(holdersOf("0")).containsExactly(0);
            assertThat(holdersOf("1")).containsExactly(1);
            assertThat(holdersOf("2")).containsExactly(2);
            assertThat(asked).containsExactly("0 of 3", "1 of 3", "2 of 3");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void a_server_that_is_not_there_is_said_so_and_nothing_is_sent(int wrong) {
        try (DflockdClient client = builder().sharding((key, count) -> wrong).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> client.lock("orders").acquire())
                    .withMessageContaining("sharding strategy")
                    .withMessageContaining("'orders' on server " + wrong)
                    .withMessageContaining("0 to 2");
            assertThatIllegalStateException()
                    .isThrownBy(() -> client.lock("orders").enqueue());
            assertThat(servers).allSatisfy(server -> assertThat(server.journal().requests())
                    .isEmpty());
        }
    }

    @Test
    void what_a_strategy_throws_goes_to_the_caller() {
        ShardingStrategy broken = (key, count) -> {
            throw new UnsupportedOperationException("no " + key);
        };
        try (DflockdClient client = builder().sharding(broken).build()) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("no orders");
        }
    }

    @Test
    void one_server_is_not_asked_for() throws Exception {
        try (DflockdClient client = DflockdClient.builder()
                        .servers(servers.get(1).address())
                        .sharding((key, count) -> 17)
                        .build();
                Lease lease = client.lock("orders").acquire()) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void no_strategy_is_refused() {
        assertThatNullPointerException()
                .isThrownBy(() -> DflockdClient.builder().sharding(null))
                .withMessageContaining("sharding");
    }

    private DflockdClientBuilder builder() {
        return DflockdClient.builder()
                .servers(servers.stream().map(FakeDflockdServer::address).toArray(String[]::new));
    }

    private List<Integer> holdersOf(String key) {
        List<Integer> holders = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).state().held().stream()
                    .anyMatch(held -> held.key().equals(Key.of(key)))) {
                holders.add(i);
            }
        }
        return holders;
    }
}
