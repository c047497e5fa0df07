package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number that grows with each grant, where the servers have one. */
class FencingTokenTest {

    @ParameterizedTest
    @EnumSource
    void is_not_offered_unless_the_user_says_that_servers_have_fences(Profile profile) throws Exception {
        try (FakeDflockdServer server =
                        FakeDflockdServer.start(FakeOptions.defaults().withProfile(profile));
                DflockdClient client = DflockdClient.connect(server.address());
                Lease lease = client.lock("orders").acquire()) {
            assertThat(lease.fencingToken()).isEmpty();
        }
    }

    @Test
    void grows_with_every_grant_however_it_came() throws Exception {
        List<Long> fences = new ArrayList<>();
        try (FakeDflockdServer server =
                        FakeDflockdServer.start(FakeOptions.defaults().withProfile(Profile.V2));
                DflockdClient client = fenced(server.address())) {
            for (int i = 0; i < 5; i++) {
                try (Lease lease = client.lock("orders").acquire()) {
                    fences.add(lease.fencingToken().orElseThrow());
                }
            }
            Lease holder = client.lock("orders").enqueue().await(Duration.ZERO).orElseThrow();
            fences.add(holder.fencingToken().orElseThrow());
            try (Enqueued place = client.lock("orders").enqueue()) {
                holder.release();
                Lease next = place.await(Duration.ofSeconds(5)).orElseThrow();
                fences.add(next.fencingToken().orElseThrow());
                long before = fences.get(fences.size() - 1);
                next.renew();
                assertThat(next.fencingToken()).as("after a renewal").hasValue(before);
                next.close();
                assertThat(next.fencingToken()).as("of a lease that is over").hasValue(before);
            }
        }
        assertThat(fences).hasSize(7).doesNotHaveDuplicates().isSortedAccordingTo(Long::compareUnsigned);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000",
                "7fffffffffffffff",
                "8000000000000000",
                "ffffffffffffffff",
                "0123456789abcdef"
            })
    void is_the_first_half_of_the_token_as_an_unsigned_number(String half) throws Exception {
        String token = half + "1111111111111111";
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("ok " + token + " 33");
                    peer.answer("ok 33"); // to a renewal, which confirms a grant that came late
                });
                DflockdClient client = fenced(server.address())) {
            Lease lease = client.lock("orders").acquire();
            assertThat(lease.fencingToken()).isEqualTo(OptionalLong.of(Long.parseUnsignedLong(half, 16)));
        }
    }

    private static DflockdClient fenced(String address) {
        return DflockdClient.builder().servers(address).serversHaveFences().build();
    }
}
