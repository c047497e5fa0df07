package io.dflockd.chaos.cli;

import io.dflockd.chaos.check.Judge;
import io.dflockd.chaos.check.Verdict;
import io.dflockd.chaos.report.VerdictText;
import io.dflockd.chaos.workload.CouldNotRunException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./chaos check FILE}. */
@Command(
        name = "check",
        description = "Judges a history: the checker alone, on anybody's history.jsonl.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:valid", "1:a property is violated", "2:unreadable history, or --strict and not reached"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./chaos check chaos-reports/2026-01-31-120000/history.jsonl",
            "  ./chaos check --property P3a,P4 history.jsonl"
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The history: lines of JSON (docs/history.md).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--property",
            paramLabel = "ID",
            description = "Judge these properties only: P1, P2, P3a, P4, P5, P17. Default: all.")
    private List<String> properties = List.of();

    @Option(names = "--strict", description = "Exit with 2 if a property was not reached.")
    private boolean strict;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Set<String> wanted = new TreeSet<>(properties.isEmpty() ? Judge.PROPERTIES : List.of());
        properties.forEach(list -> wanted.addAll(List.of(list.split(",", -1))));
        try {
            Judge.requireKnown(wanted);
        } catch (IllegalArgumentException e) {
            throw new CouldNotRunException(String.valueOf(e.getMessage()), e);
        }
        Verdict verdict = Judge.judge(file, wanted, strict);
        PrintWriter out = spec.commandLine().getOut();
        out.println("events: " + verdict.events());
        VerdictText.lines(verdict).forEach(out::println);
        return verdict.exitStatus();
    }
}
