package io.dflockd.chaos.mutants;

import io.dflockd.chaos.check.Judge;
import io.dflockd.chaos.check.Result;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.simulation.Simulation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/** The real client against a mutant, in virtual time: whether the checks of histories notice it from there too. */
public final class SimulatedRun implements LongFunction<String> {

    /** For {@link #with}: made by the loader's class. */
    public SimulatedRun() {}

    /** The first property found broken, with the seed, as the simulator and the engine come from the loader; {@code -} if none is. */
    @SuppressWarnings("unchecked")
    static String with(ClassLoader loader, long seeds) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(SimulatedRun.class.getName());
        return ((LongFunction<String>) type.getDeclaredConstructor().newInstance()).apply(seeds);
    }

    @Override
    public String apply(long seeds) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (long seed = 1; seed <= seeds; seed++) {
                Judge judge = new Judge(new HistoryHeader("simulation", true, seed, Map.of()));
                Simulation.run(seed, threads, judge::event);
                List<Result> violations = judge.verdict(false).violations();
                if (!violations.isEmpty()) {
                    return violations.get(0).property() + " seed " + seed;
                }
            }
            return "-";
        } catch (RuntimeException | AssertionError e) {
            return e.getClass().getSimpleName();
        } finally {
            threads.shutdownNow();
        }
    }
}
