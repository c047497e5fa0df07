package io.dflockd.chaos.workload;

import io.dflockd.chaos.check.Judge;
import io.dflockd.chaos.check.Verdict;
import io.dflockd.chaos.history.EngineRecorder;
import io.dflockd.chaos.history.FileTrouble;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.history.HistoryWriter;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.nemesis.FaultRecorder;
import io.dflockd.chaos.report.FiguresText;
import io.dflockd.chaos.report.Progress;
import io.dflockd.chaos.report.VerdictText;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One run: a server, workers, a nemesis, a history, a verdict.
 *
 * <p>It ends within its duration and a bound of about 15 seconds, whatever the server does, plus the time to judge the history. {@link #stop}
 * ends the work early; the history is then complete all the same, and judged.
 */
public final class ChaosRun {

    private static final long MILLI = 1_000_000L;

    private final RunSettings settings;
    private final PrintWriter out;
    private final boolean onTerminal;
    private final StopSignal stop = new StopSignal();
    private final Figures figures = new Figures();

    public ChaosRun(RunSettings settings, PrintWriter out, boolean onTerminal) {
        this.settings = settings;
        this.out = out;
        this.onTerminal = onTerminal;
    }

    /**
     * Runs, and prints what came of it; the last line is the verdict.
     *
     * @throws CouldNotRunException if there is no server, or no place for the history
     */
    public Verdict execute() throws IOException {
        Path history = historyFile();
        out.println("seed " + settings.seed() + ", report in " + settings.report());
        out.println("server " + (settings.isFake() ? "embedded fake" : settings.servers()) + ", " + settings.clients()
                + " clients, " + settings.keys() + " keys, leases " + settings.lease());
        out.flush();
        work(history);
        Verdict verdict = Judge.judge(history, Set.copyOf(Judge.PROPERTIES), settings.strict());
        VerdictText.lines(verdict).forEach(out::println);
        out.flush();
        return verdict;
    }

    /** Ends the work early, from any thread; what {@link #execute} still has to do is not cut short. */
    public void stop() {
        stop.stop();
    }

    private Path historyFile() {
        Path history = settings.report().resolve("history.jsonl");
        try {
            Files.createDirectories(settings.report());
        } catch (IOException e) {
            throw new CouldNotRunException("cannot create the folder " + settings.report() + ": " + reason(e), e);
        }
        if (Files.exists(history)) {
            throw new CouldNotRunException(
                    history + " is there already, from another run; name another folder with --report");
        }
        return history;
    }

    /** Where a folder cannot be made and yet nothing is in the way, as in /proc, the JDK misses the folder that it was to make. */
    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "no folder can be made there" : FileTrouble.reason(e);
    }

    private void work(Path history) throws IOException {
        HistoryHeader header = new HistoryHeader(
                settings.isFake() ? "fake" : "server", settings.isFake(), settings.seed(), settings.byName());
        try (HistoryWriter writer = HistoryWriter.open(history, header)) {
            Recorder recorder = new Recorder(System::nanoTime, writer);
            try {
                if (settings.isFake()) {
                    onFake(recorder);
                } else {
                    onServers(recorder, settings.servers(), Optional.empty());
                }
            } finally {
                recorder.stop();
            }
        }
    }

    private void onFake(Recorder recorder) {
        FakeOptions options = FakeOptions.defaults()
                .withSeed(settings.seed())
                .withEvents(new EngineRecorder(recorder))
                .withFaultEvents(new FaultRecorder(recorder, figures));
        try (FakeDflockdServer fake = FakeDflockdServer.start(options)) {
            onServers(recorder, List.of(new ServerAddress(fake.host(), fake.port())), Optional.of(fake));
        }
    }

    private void onServers(Recorder recorder, List<ServerAddress> servers, Optional<FakeDflockdServer> fake) {
        try (Crew crew = new Crew(settings, servers, fake, recorder, figures, stop)) {
            crew.prepare();
            long start = System.nanoTime();
            crew.start();
            watch(start);
            crew.end();
            double seconds = (System.nanoTime() - start) / 1e9;
            out.println();
            FiguresText.lines(figures, seconds).forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "%,d events in %s%n%n",
                    recorder.size(),
                    settings.report().resolve("history.jsonl"));
            out.flush();
        }
    }

    private void watch(long start) {
        long end = start + settings.duration().toNanos();
        try (Progress progress = new Progress(onTerminal, settings.duration().toMillis(), out)) {
            boolean stopped = false;
            while (!stopped && System.nanoTime() < end) {
                long left = Math.max(1, end - System.nanoTime());
                stopped = stop.pause(Math.min(left, 250 * MILLI));
                long faults = figures.faults().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                progress.at((System.nanoTime() - start) / MILLI, figures.operations(), faults);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
