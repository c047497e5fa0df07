package io.dflockd.chaos.report;

import io.dflockd.chaos.workload.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Throughput, latencies and faults of a run, in lines of at most 80 columns. */
public final class FiguresText {

    private FiguresText() {}

    public static List<String> lines(Figures figures, double seconds) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d operations in %.1f s, %,.0f per second",
                figures.operations(),
                seconds,
                figures.operations() / Math.max(seconds, 0.001)));
        lines.add(String.format(
                Locale.ROOT,
                "%,d ok, %,d refused or timed out, %,d unknown",
                figures.ok(),
                figures.failed(),
                figures.unknowns()));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%-24s %9s %8s %8s %8s %8s %8s",
                "latency in ms",
                "count",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "max"));
        lines.add(latency("answered at once", figures.prompt()));
        lines.add(latency("may wait, wait included", figures.waiting()));
        lines.add("");
        StringBuilder faults = new StringBuilder("faults:");
        for (Map.Entry<String, Long> fault : figures.faults().entrySet()) {
            String next = " " + fault.getKey() + " " + fault.getValue();
            if (faults.length() - faults.lastIndexOf("\n") + next.length() > 78) {
                faults.append("\n       ");
            }
            faults.append(next).append(',');
        }
        lines.add(figures.faults().isEmpty() ? "faults: none" : faults.substring(0, faults.length() - 1));
        return lines;
    }

    private static String latency(String what, Histogram micros) {
        return String.format(
                Locale.ROOT,
                "%-24s %,9d %8.2f %8.2f %8.2f %8.1f %8.1f",
                what,
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(90) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getValueAtPercentile(99.9) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }
}
