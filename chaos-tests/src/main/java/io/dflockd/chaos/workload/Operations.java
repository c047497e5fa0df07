package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.RejectedException;
import java.util.function.Function;

/** Records a worker's operations with their outcome: ok, fail, or unknown when nobody can know. */
final class Operations {

    /** Something that a worker asks for. */
    @FunctionalInterface
    interface Operation<T> {
        T run() throws InterruptedException;
    }

    private final String actor;
    private final Recorder recorder;
    private final Figures figures;

    Operations(String actor, RunContext context) {
        this.actor = actor;
        this.recorder = context.recorder();
        this.figures = context.figures();
    }

    /**
     * Runs an operation and returns what it returned.
     *
     * @param mayWait whether the server was asked to let it wait
     * @param outcome {@code ok ...} or {@code fail ...}, made of the result
     */
    <T> T run(String what, TestKey key, boolean mayWait, Function<T, String> outcome, Operation<T> operation)
            throws InterruptedException {
        long number = recorder.nextOperation();
        recorder.add(
                Draft.of(EventType.INVOKE, actor).op(number).key(key.name()).text(what));
        long start = System.nanoTime();
        String told = "unknown";
        try {
            T result = operation.run();
            told = outcome.apply(result);
            figures.answered(told.startsWith("ok"), mayWait, System.nanoTime() - start);
            return result;
        } catch (RejectedException | AcquireTimeoutException | LeaseLostException e) {
            told = "fail " + e.getClass().getSimpleName();
            figures.answered(false, mayWait, System.nanoTime() - start);
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            told = "unknown " + e.getClass().getSimpleName();
            figures.unknown();
            throw e;
        } finally {
            recorder.add(
                    Draft.of(EventType.RETURN, actor).op(number).key(key.name()).text(told));
        }
    }
}
