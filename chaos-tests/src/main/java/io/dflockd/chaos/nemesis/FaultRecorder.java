package io.dflockd.chaos.nemesis;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.workload.Figures;
import io.dflockd.fake.fault.Delay;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.FaultSink;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.protocol.Command;
import java.util.Locale;

/** Records the faults of the fake server when they strike. */
public final class FaultRecorder implements FaultSink {

    private final Recorder recorder;
    private final Figures figures;

    public FaultRecorder(Recorder recorder, Figures figures) {
        this.recorder = recorder;
        this.figures = figures;
    }

    @Override
    public void accept(FaultEvent event) {
        Draft draft = Draft.of(EventType.FAULT, "nemesis").conn(event.conn());
        if (event.command().orElse(null) instanceof Command.OnKey onKey) {
            draft.key(onKey.key().toString());
        }
        if (event.effect() instanceof Effect.Latency latency && latency.delay() instanceof Delay.Fixed time) {
            figures.fault(FaultKind.LATENCY.word());
            recorder.add(draft.text(FaultKind.LATENCY.word()).value(time.time().toNanos()));
            return;
        }
        String what = event.effect().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        String where = event.phase().equals(Phase.BEFORE_APPLY) ? " before" : " after";
        figures.fault(what + where);
        recorder.add(draft.text(what + where));
    }
}
