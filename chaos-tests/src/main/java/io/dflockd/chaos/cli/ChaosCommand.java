package io.dflockd.chaos.cli;

import io.dflockd.chaos.check.Verdict;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command with its subcommands; {@code ./chaos} starts it. */
@Command(
        name = "./chaos",
        description = "Proves that mutual exclusion and FIFO order hold under chaos, or shows where they do not.",
        subcommands = {RunCommand.class, ServeCommand.class, ProxyCommand.class, CheckCommand.class},
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:valid", "1:a property is violated", "2:could not run, or --strict and not reached"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./chaos run                          against an embedded fake server",
            "  ./chaos run --server localhost:6388  against any dflockd",
            "  ./chaos check history.jsonl          judge a history again",
            "  ./chaos run --help                   what run can do"
        })
public final class ChaosCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final Interruption interruption = new Interruption();

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(execute(out, err, args));
    }

    /** Runs the command and returns its exit status. The last line of {@code out} is the verdict, or says why there is none. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        ChaosCommand chaos = new ChaosCommand();
        CommandLine command = new CommandLine(chaos)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, given) -> failed(e.getCommandLine(), e))
                .setExecutionExceptionHandler((e, commandLine, result) -> failed(commandLine, e));
        CommandLine serve = Objects.requireNonNull(command.getSubcommands().get("serve"));
        serve.setUnmatchedOptionsArePositionalParams(true);
        serve.getCommandSpec()
                .usageMessage()
                .description(ServeCommand.description().toArray(String[]::new));
        int status = command.execute(args);
        out.flush();
        err.flush();
        chaos.interruption.over(status);
        return status;
    }

    Interruption interruption() {
        return interruption;
    }

    /** The reason is the last line of the output; to the errors goes only what adds to it. */
    private static int failed(CommandLine command, Exception e) {
        if (e instanceof ParameterException) {
            command.getErr().println("see " + command.getCommandSpec().qualifiedName(" ") + " --help");
        } else if (!Failure.isExpected(e)) {
            e.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        command.getOut().println("COULD NOT RUN: " + Failure.oneLine(e));
        command.getOut().flush();
        return Verdict.COULD_NOT_RUN;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; there are run, serve, proxy and check");
    }
}
