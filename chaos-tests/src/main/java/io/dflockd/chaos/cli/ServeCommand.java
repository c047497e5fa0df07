package io.dflockd.chaos.cli;

import io.dflockd.chaos.workload.CouldNotRunException;
import io.dflockd.fake.ServerFlags;
import io.dflockd.fake.ServerProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./chaos serve}. */
@Command(
        name = "serve",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"2:a flag makes no sense, or the port is taken"},
        footerHeading = "%nExample:%n",
        footer = "  ./chaos serve --port 0 --default-lease-ttl 5")
final class ServeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** No {@code -h}, though the program itself takes it: picocli would take {@code -host} for it. */
    @Option(
            names = {"--help", "-help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Parameters(paramLabel = "FLAG", arity = "0..*", description = "As the real server's; see above.")
    private List<String> flags = List.of();

    static List<String> description() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Runs the fake server until SIGTERM or Ctrl-C. Takes the real server's flags, with one dash or two, and "
                        + "prints \"listening on HOST:PORT\" when it is ready. The flags and their defaults:");
        lines.add("");
        ServerFlags.usage().replace("%", "%%").lines().forEach(lines::add);
        return lines;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            ServerProgram.serve(flags, System.getenv(), spec.commandLine().getOut());
        } catch (IllegalArgumentException e) {
            throw new CouldNotRunException(e.getMessage() + "", e);
        }
        return 0;
    }
}
