package io.dflockd.chaos.cli;

import io.dflockd.chaos.workload.CouldNotRunException;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.FaultSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./chaos proxy}. */
@Command(
        name = "proxy",
        description = {
            "Puts faults of a network in front of any dflockd, until SIGTERM or Ctrl-C. Clients connect to the proxy "
                    + "and are served by the server behind. Prints \"listening on HOST:PORT, in front of HOST:PORT\" "
                    + "when it is ready, and a line for each fault that strikes.",
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"2:an option or a fault makes no sense, or the port is taken"},
        footerHeading = "%nFaults:%n",
        footer = {
            "  COMMAND:PHASE:EFFECT[:OPTION]...  strikes once unless an option says",
            "  how often. The first that matches a request is taken.",
            "",
            "  COMMAND  any, acquire, enqueue, await, release, renew, stats, auth",
            "  PHASE    on-connect, after-request-line(1..3), before-apply,",
            "           while-queued, after-apply-before-reply, during-reply(BYTES),",
            "           after-reply, idle",
            "  EFFECT   latency=200ms, uniform-latency=10ms,2s,",
            "           log-normal-latency=20ms,1.5,10s, late-reply=1s, close, reset,",
            "           shutdown-output, slow-close=5s, stall, stall-then-close=30s,",
            "           reply=LINE, unsolicited-line=LINE, garbage, empty-reply,",
            "           blank-line, missing-newline, duplicate-reply, endless-line,",
            "           overlong-line=9000, crlf, ok-prefix, bad-lease=x,",
            "           missing-token, short-token, non-hex-token, non-ascii,",
            "           malformed-stats, wrong-reply-kind, coalesce=2,",
            "           partial-reply=5[,close|reset|stall], dribble=8,2s,",
            "           slice=1,2,3, split-inside-utf8=1s, bandwidth=100",
            "  OPTION   key=orders, keys=REGEX, connection=1, exchange=1, nth=3;",
            "           times=3, always, for=10s, succeed-first=5, fail-every=10,",
            "           outage=10s,5s (from, length), probability=0.1",
            "",
            "  before-apply is before the server sees the request. What would change",
            "  the state of the server is refused. A colon in a value is \\:.",
            "",
            "Example:",
            "  ./chaos proxy --to localhost:6388 --port 7000 \\",
            "    --fault 'acquire:after-apply-before-reply:reset:probability=0.1' \\",
            "    --fault 'any:before-apply:uniform-latency=0ms,50ms:always'"
        })
final class ProxyCommand implements Callable<Integer> {

    private static final int MOST_UNTOLD = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--to", required = true, paramLabel = "HOST:PORT", description = "The server behind.")
    private String server = "";

    @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on; 0, the default, is any free one.")
    private int port;

    @Option(names = "--fault", paramLabel = "FAULT", description = "A fault; may be given more than once. See below.")
    private List<String> faults = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = SeedConverter.class,
            description = "Where random choices come from. Default: drawn, and printed.")
    private @Nullable Long seed;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    /** Told by the server's thread, which must not wait, and printed by this one. */
    private final BlockingQueue<FaultEvent> struck = new LinkedBlockingQueue<>(MOST_UNTOLD);

    @Override
    public Integer call() throws InterruptedException {
        try (FakeDflockdServer proxy = start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(proxy::close, "dflockd-proxy-stop"));
            PrintWriter out = spec.commandLine().getOut();
            out.println("listening on " + proxy.address() + ", in front of " + server);
            if (!faults.isEmpty()) {
                out.println("seed " + proxy.seed());
            }
            out.flush();
            while (true) {
                out.println(text(struck.take()));
                out.flush();
            }
        }
    }

    private FakeDflockdServer start() {
        try {
            List<FaultSpec> specs = faults.stream().map(FaultSpec::parse).toList();
            FakeDflockdServer proxy = FakeDflockdServer.proxying(server, options());
            try {
                specs.forEach(fault -> fault.arm(proxy::on));
                return proxy;
            } catch (IllegalArgumentException e) {
                proxy.close();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            throw new CouldNotRunException(e.getMessage() + "", e);
        }
    }

    private FakeOptions options() {
        FakeOptions options =
                FakeOptions.defaults().withHost(host).withPort(port).withFaultEvents(struck::offer);
        return seed == null ? options : options.withSeed(seed);
    }

    private static String text(FaultEvent event) {
        return "connection " + event.conn() + ", request " + event.exchange() + ": " + event.phase() + ' '
                + event.effect()
                + event.command().map(command -> " on " + command).orElse("");
    }
}
