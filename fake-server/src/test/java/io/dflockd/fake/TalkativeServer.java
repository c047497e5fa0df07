package io.dflockd.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A server, and clients that send it a right and a wrong secret, in a process of their own: prints all that it is told, and all that it can be asked. */
final class TalkativeServer {

    static final String DONE = "the talk is over";

    private static final List<Phase> PHASES =
            List.of(Phase.afterRequestLine(3), Phase.BEFORE_APPLY, Phase.AFTER_APPLY_BEFORE_REPLY, Phase.AFTER_REPLY);
    private static final List<Effect> EFFECTS = List.of(
            Effect.latency(Duration.ofMillis(1)),
            Effect.close(),
            Effect.reset(),
            ReplyEffect.garbage(),
            ReplyEffect.duplicateReply());

    private TalkativeServer() {}

    public static void main(String[] args) throws IOException {
        for (boolean tls : List.of(false, true)) {
            FakeOptions options = FakeOptions.defaults()
                    .withAuthToken(args[0])
                    .withEvents(System.err::println)
                    .withFaultEvents(System.err::println);
            try (FakeDflockdServer server = FakeDflockdServer.start(tls ? options.withTls() : options)) {
                for (Phase phase : PHASES) {
                    for (Effect effect : EFFECTS) {
                        talk(server, tls, phase, effect, args[0]);
                        talk(server, tls, phase, effect, args[1]);
                    }
                }
                talk(server, tls, "auth\n_\n" + args[1].repeat(30) + "\n");
                talk(server, tls, "auth\n_\n" + args[1].repeat(30));
                talk(server, tls, "auth\n_\n" + args[0]);
                talk(server, tls, "auth\n_\n" + args[0] + "\nauth\n_\n" + args[1] + "\n");
                System.err.println(
                        server + " " + server.options().authToken() + " " + server.faultLog() + server.unusedFaults());
            }
        }
        System.err.println(DONE);
    }

    private static void talk(FakeDflockdServer server, boolean tls, Phase phase, Effect effect, String secret)
            throws IOException {
        server.reset();
        try {
            server.on(Trigger.auth()).at(phase).then(effect);
        } catch (IllegalArgumentException makesNoSense) {
            System.err.println(makesNoSense);
        }
        talk(server, tls, "auth\n_\n" + secret + "\n");
        System.err.println(server.faultLog());
    }

    /** Sends this, and then no more, and reads all that comes. */
    private static void talk(FakeDflockdServer server, boolean tls, String text) throws IOException {
        try (RawClient client =
                tls ? RawClient.secure("127.0.0.1", server.port(), server.clientSslContext()) : new RawClient(server)) {
            client.socket().getOutputStream().write(text.getBytes(UTF_8));
            client.socket().shutdownOutput();
            for (String line = client.end(); !line.equals("reset") && !line.equals(RawClient.END); ) {
                line = client.end();
            }
        }
    }
}
