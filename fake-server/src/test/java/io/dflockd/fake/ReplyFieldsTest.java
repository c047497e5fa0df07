package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Rewriting;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies with one field that is wrong: the bytes that a client reads, and which replies are left alone. The request is always carried out. */
@Timeout(60)
class ReplyFieldsTest {

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock().withSeed(7));
    private String token = "";
    private ByteClient client;

    @BeforeEach
    void connect() throws IOException {
        try (FakeDflockdServer twin = FakeDflockdServer.start(server.options());
                RawClient same = new RawClient(twin)) {
            token = same.token("orders");
        }
        client = new ByteClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private FaultHandle always(Effect effect) {
        return server.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(effect).always();
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.OK_PREFIX, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void okay_in_place_of_ok() throws IOException {
        always(ReplyEffect.okPrefix());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("okay " + token + " 33\n");
        assertThat(client.ask("n", "orders", token)).isEqualTo("okay 33\n");
        assertThat(client.ask("stats", "", ""))
                .startsWith("okay {\"connections\":1,")
                .endsWith("}\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("okay\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("error\n");
        assertThat(client.ask("e", "orders", "")).startsWith("acquired ");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout\n");
        assertThat(client.ask("e", "orders", "")).isEqualTo("error_already_enqueued\n");
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.BAD_LEASE, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void another_lease() throws IOException {
        FaultHandle fault = always(ReplyEffect.badLease("-1"));
        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok " + token + " -1\n");
        assertThat(client.ask("n", "orders", token)).isEqualTo("ok -1\n");
        assertThat(client.ask("e", "invoices", "")).matches("acquired [0-9a-f]{32} -1\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("ok\n");
        fault.remove();

        always(ReplyEffect.badLease("\u0663\u0663"));

        assertThat(client.ask("l", "orders", "0")).matches("ok [0-9a-f]{32} \u00d9\u00a3\u00d9\u00a3\n");
    }

    @Test
    void no_lease() throws IOException {
        always(ReplyEffect.badLease(""));

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok " + token + "\n");
        assertThat(client.ask("n", "orders", token)).isEqualTo("ok\n");
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.NO_TOKEN, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void no_token() throws IOException {
        always(ReplyEffect.missingToken());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok 33\n");
        assertThat(client.ask("e", "invoices", "")).isEqualTo("acquired 33\n");
        assertOthersAreLeftAlone();
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.SHORT_TOKEN, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_token_without_its_last_digit() throws IOException {
        always(ReplyEffect.shortToken());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok " + token.substring(0, 31) + " 33\n");
        assertThat(client.ask("e", "invoices", "")).matches("acquired [0-9a-f]{31} 33\n");
        assertOthersAreLeftAlone();
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.NON_HEX_TOKEN, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_token_that_is_not_hexadecimal() throws IOException {
        always(ReplyEffect.nonHexToken());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok zz" + token.substring(2) + " 33\n");
        assertThat(client.ask("e", "invoices", "")).matches("acquired zz[0-9a-f]{30} 33\n");
        assertOthersAreLeftAlone();
    }

    private void assertOthersAreLeftAlone() throws IOException {
        assertThat(client.ask("n", "orders", token)).isEqualTo("ok 33\n");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("ok\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("error\n");
        assertThat(client.ask("stats", "", "")).startsWith("ok {").endsWith("}\n");
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.NON_ASCII, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void bytes_that_are_no_ascii() throws IOException {
        always(ReplyEffect.nonAscii());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok\u00e9\u00ff\u0080 " + token + " 33\n");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout\u00e9\u00ff\u0080\n");
        assertThat(client.ask("r", "orders", "x")).isEqualTo("error\u00e9\u00ff\u0080\n");
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.BROKEN_JSON, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void stats_that_break_off() throws IOException {
        String whole = client.ask("stats", "", "");
        always(ReplyEffect.malformedStats());

        String half = whole.substring(0, (whole.length() - 1) / 2);
        assertThat(client.ask("stats", "", "")).isEqualTo(half + '\n');
        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok " + token + " 33\n");
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.WRONG_KIND, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_reply_that_no_such_request_gets() throws IOException {
        String grant = "ok 0123456789abcdef0123456789abcdef 33\n";
        always(ReplyEffect.wrongReplyKind());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("queued\n");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("queued\n");
        assertThat(client.ask("e", "orders", "")).isEqualTo(grant);
        assertThat(client.ask("w", "orders", "0")).isEqualTo("queued\n");
        assertThat(client.ask("e", "invoices", "")).isEqualTo(grant);
        assertThat(client.ask("n", "orders", token)).isEqualTo("queued\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("queued\n");
        assertThat(client.ask("stats", "", "")).isEqualTo("queued\n");
        assertThat(client.ask("r", "orders", token)).isEqualTo("error\n");
    }

    @Test
    void a_reply_that_does_not_fit_leaves_the_fault_for_the_next() throws IOException {
        FaultHandle once = server.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.missingToken());
        assertThat(client.ask("r", "orders", "x")).isEqualTo("error\n");
        assertThat(server.unusedFaults()).containsExactly(once);

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok 33\n");

        assertThat(server.unusedFaults()).isEmpty();
        assertThat(server.faultLog().get(0).effect().toString().toLowerCase(Locale.ROOT))
                .isEqualTo("no_token");
    }
}
