package io.dflockd.chaos.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dflockd.chaos.model.EngineProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * One run of {@link EngineProperties}, as class and engine come from a loader.
 *
 * @param tries how many tries jqwik says it made, -1 if it says nothing
 * @param failure what the first that failed threw
 */
record PropertyRun(int tries, Optional<Throwable> failure, long millis) {

    private static final Pattern TRIES = Pattern.compile("tries = (\\d+)");
    private static final Pattern JUDGED = Pattern.compile("judged from the history: \\[(.*)]");
    private static final Pattern STEPS = Pattern.compile("after (\\d+) steps");

    static PropertyRun with(ClassLoader loader, int tries) throws ClassNotFoundException {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(loader.loadClass(EngineProperties.class.getName())))
                .configurationParameter("jqwik.tries.default", Integer.toString(tries))
                .configurationParameter("jqwik.database", "target/jqwik-mutants-" + System.nanoTime())
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .configurationParameter("jqwik.reporting.onlyfailures", "false")
                .build();
        Results results = new Results();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        long began = System.nanoTime();
        try {
            thread.setContextClassLoader(loader);
            LauncherFactory.create().execute(request, results);
        } finally {
            thread.setContextClassLoader(before);
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new PropertyRun(results.tries, results.failures.stream().findFirst(), millis);
    }

    /** The property that was broken, {@code -} if none, the exception if it is none of ours. */
    String broken() {
        return failure.map(f -> f.getClass().getSimpleName()).orElse("-");
    }

    /** How many steps the shortest failing run that was found has, 0 if that is not known. */
    int steps() {
        Matcher matcher = STEPS.matcher(failure.map(Throwable::getMessage).orElse(""));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Which properties the checks of histories find broken in that run. */
    String judged() {
        Matcher matcher = JUDGED.matcher(failure.map(Throwable::getMessage).orElse(""));
        return matcher.find() ? matcher.group(1) : "";
    }

    private static final class Results implements TestExecutionListener {
        private final List<Throwable> failures = new ArrayList<>();
        private int tries = -1;

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            Matcher matcher = TRIES.matcher(entry.toString());
            tries = matcher.find() ? Integer.parseInt(matcher.group(1)) : tries;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(failures::add);
        }
    }
}
