package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

/** Runs test classes within a test, and tells how it went. */
final class Kit {

    static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";
    static final String MODE = "junit.jupiter.execution.parallel.mode.default";

    /** What inner test classes have seen, by class, since an outer test runs each of them. */
    private static final Map<Class<?>, List<Object>> SEEN = new ConcurrentHashMap<>();

    private static final Set<String> NO_ENGINE = ConcurrentHashMap.newKeySet();

    private Kit() {}

    /** How it went. */
    record Outcome(EngineExecutionResults results) {

        /** What failed, or was aborted, by display name; also classes. */
        Map<String, Throwable> failures() {
            Map<String, Throwable> failures = new LinkedHashMap<>();
            for (Event event : results.allEvents().list()) {
                if (event.getType() == EventType.FINISHED) {
                    TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
                    TestDescriptor descriptor = event.getTestDescriptor();
                    if (result.getStatus() != Status.SUCCESSFUL) {
                        failures.put(
                                descriptor.getDisplayName(),
                                result.getThrowable().orElseThrow());
                    }
                }
            }
            return failures;
        }

        /** So many tests ran, and each of them passed. */
        Outcome passed(int tests) {
            assertThat(failures()).isEmpty();
            results.testEvents().assertStatistics(stats -> stats.succeeded(tests));
            return this;
        }

        /** Nothing but this failed. */
        Throwable onlyFailure() {
            Map<String, Throwable> failures = failures();
            assertThat(failures).hasSize(1);
            return failures.values().iterator().next();
        }

        /** What was published under this key. */
        Optional<String> entry(String key) {
            return entries(key).stream().findFirst();
        }

        List<String> entries(String key) {
            List<String> values = new ArrayList<>();
            results.allEvents().reportingEntryPublished().list().forEach(event -> {
                String value = event.getRequiredPayload(ReportEntry.class)
                        .getKeyValuePairs()
                        .get(key);
                if (value != null) {
                    values.add(value);
                }
            });
            return values;
        }
    }

    /** Runs them one test after the other, but as if others ran beside: threads that nobody knows are none of their business. */
    static Outcome run(Class<?>... types) {
        return run(Map.of(PARALLEL, "true", MODE, "same_thread"), types);
    }

    /** As {@link #run(Class...)}, with a back end and further parameters. */
    static Outcome runOn(String backEnd, Map<String, String> more, Class<?>... types) {
        Map<String, String> parameters = new HashMap<>(more);
        parameters.put("dflockd.backend", backEnd);
        parameters.put(PARALLEL, "true");
        parameters.put(MODE, "same_thread");
        return run(parameters, types);
    }

    /** For real. If there is no container engine and need not be one, the test that calls this is aborted, and so is the next without a try. */
    static Outcome runInContainer(Class<?> type) {
        NO_ENGINE.forEach(Assumptions::abort);
        Outcome outcome = runOn("container", Map.of(), type);
        outcome.failures().values().stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.startsWith("skipped: "))
                .findFirst()
                .ifPresent(message -> {
                    NO_ENGINE.add(message);
                    Assumptions.abort(message);
                });
        return outcome;
    }

    /** Runs them all at the same time, as far as they let themselves. */
    static Outcome runConcurrently(Class<?>... types) {
        return run(
                Map.of(
                        PARALLEL,
                        "true",
                        MODE,
                        "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy",
                        "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                        "4"),
                types);
    }

    static Outcome run(Map<String, String> parameters, Class<?>... types) {
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").configurationParameters(parameters);
        for (Class<?> type : types) {
            SEEN.remove(type);
            kit.selectors(DiscoverySelectors.selectClass(type));
        }
        return new Outcome(kit.execute());
    }

    /** An inner test has seen something. */
    static void saw(Class<?> type, Object... what) {
        SEEN.computeIfAbsent(type, missing -> new CopyOnWriteArrayList<>()).addAll(List.of(what));
    }

    /** All of it, of this type, in the order in which it came. */
    static <T> List<T> seen(Class<?> by, Class<T> type) {
        return SEEN.getOrDefault(by, List.of()).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
