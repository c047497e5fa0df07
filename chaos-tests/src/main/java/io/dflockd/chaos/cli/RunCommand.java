package io.dflockd.chaos.cli;

import io.dflockd.chaos.nemesis.FaultKind;
import io.dflockd.chaos.report.Progress;
import io.dflockd.chaos.workload.Access;
import io.dflockd.chaos.workload.ChaosRun;
import io.dflockd.chaos.workload.CouldNotRunException;
import io.dflockd.chaos.workload.LeaseRange;
import io.dflockd.chaos.workload.Level;
import io.dflockd.chaos.workload.RunSettings;
import io.dflockd.client.spi.ServerAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./chaos run}. */
@Command(
        name = "run",
        description =
                "Runs real clients over real sockets against a server under faults, records what happens, and judges it. "
                        + "Ctrl-C ends the work early: what happened until then is judged, and the exit status is as below.",
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:valid", "1:a property is violated", "2:could not run, or --strict and not reached"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./chaos run",
            "  ./chaos run --duration 60s --clients 16 --faults latency,reset --seed 7",
            "  ./chaos run --server localhost:6388 --level protocol --strict",
            "  ./chaos run --server [::1]:6388,10.0.0.2:6388"
        })
final class RunCommand implements Callable<Integer> {

    private static final DateTimeFormatter FOLDER = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");
    private static final Duration LONGEST = Duration.ofDays(1);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private ChaosCommand chaos;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The server, or several separated by commas; IPv6 in brackets. Default: an embedded fake.")
    private List<String> servers = List.of();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long clients work: 500ms, 10s, 5m, 1h. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration duration;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Workers at work, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int clients = 8;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Keys, the first of them hot, 1 to 500. Default: ${DEFAULT-VALUE}.")
    private int keys = 3;

    @Option(
            names = "--lease",
            paramLabel = "FROM..TO",
            defaultValue = "1s..5s",
            converter = LeaseRangeConverter.class,
            description = "Leases, in whole seconds. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private LeaseRange lease;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description =
                    "protocol judges the server, client judges client and server together, both does both. Default: both.")
    private String level = "both";

    @Option(
            names = "--faults",
            paramLabel = "NAMES",
            description =
                    "none, default (all that are possible), or names separated by commas: latency, close, reset, expire "
                            + "(fake server only), disconnect, pause.")
    private String faults = "default";

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = SeedConverter.class,
            description = "Where random choices come from. Default: drawn, and printed.")
    private @Nullable Long seed;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where history.jsonl goes. Default: a new folder under chaos-reports/.")
    private @Nullable Path report;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "Holds the secret of the servers, in one line.")
    private @Nullable Path secretFile;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Connect with TLS and trust these certificates (PEM).")
    private @Nullable Path tlsCa;

    @Option(names = "--strict", description = "Exit with 2 if a property was not reached.")
    private boolean strict;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        RunSettings settings = settings();
        PrintWriter out = spec.commandLine().getOut();
        ChaosRun run = new ChaosRun(settings, out, Progress.onTerminal());
        chaos.interruption().stopsWith(run::stop);
        return run.execute().exitStatus();
    }

    private RunSettings settings() {
        limited("--clients", clients, 1000);
        limited("--keys", keys, 500);
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new CouldNotRunException("--duration must be more than nothing and at most a day");
        }
        long drawn = seed == null ? new SplittableRandom().nextLong() >>> 16 : seed;
        List<ServerAddress> addresses = addresses();
        return new RunSettings(
                addresses,
                access(addresses.isEmpty()),
                duration,
                clients,
                keys,
                lease,
                levelOf(level),
                faultsOf(faults, addresses.isEmpty()),
                drawn,
                report == null ? newFolder() : report,
                strict);
    }

    private Access access(boolean fake) {
        if (fake && (secretFile != null || tlsCa != null)) {
            String option = secretFile != null ? "--secret-file" : "--tls-ca";
            throw new CouldNotRunException(option + " is about a server of yours: name it with --server");
        }
        return Access.of(Optional.ofNullable(secretFile), Optional.ofNullable(tlsCa));
    }

    private static void limited(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new CouldNotRunException(option + " must be from 1 to " + most + ", not " + value);
        }
    }

    private List<ServerAddress> addresses() {
        List<ServerAddress> addresses = new ArrayList<>();
        for (String list : servers) {
            for (String server : list.split(",", -1)) {
                addresses.add(address(server, list));
            }
        }
        return addresses;
    }

    private static ServerAddress address(String server, String list) {
        if (server.isBlank()) {
            throw new CouldNotRunException(
                    "--server '" + list + "' has an empty address; give HOST:PORT, or several separated by commas");
        }
        try {
            return ServerAddress.parse(server);
        } catch (IllegalArgumentException e) {
            throw new CouldNotRunException("--server: " + e.getMessage(), e);
        }
    }

    private static Level levelOf(String word) {
        return switch (word) {
            case "protocol" -> Level.PROTOCOL;
            case "client" -> Level.CLIENT;
            case "both" -> Level.BOTH;
            default ->
                throw new CouldNotRunException("unknown level '" + word + "'; known are protocol, client and both");
        };
    }

    private static Set<FaultKind> faultsOf(String words, boolean fake) {
        if (words.equals("none")) {
            return Set.of();
        }
        if (words.equals("default")) {
            return FaultKind.possible(fake);
        }
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String word : words.split(",", -1)) {
            FaultKind kind = FaultKind.of(word.trim())
                    .orElseThrow(() -> new CouldNotRunException(
                            "unknown fault '" + word.trim() + "'; known are none, default, " + FaultKind.words()));
            if (kind.needsFake() && !fake) {
                throw new CouldNotRunException("fault '" + kind.word()
                        + "' needs the embedded fake server; leave it out, or leave out --server");
            }
            kinds.add(kind);
        }
        return kinds;
    }

    private static Path newFolder() {
        return Path.of(
                "chaos-reports",
                LocalDateTime.now(ZoneId.systemDefault()).format(FOLDER) + "-"
                        + ProcessHandle.current().pid());
    }
}
