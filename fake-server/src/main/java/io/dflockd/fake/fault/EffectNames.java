package io.dflockd.fake.fault;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The effects by the names that a {@link FaultSpec} gives them: those of their factories, in small letters and with dashes. */
final class EffectNames {

    private static final Map<String, Function<SpecArguments, Effect>> ALL = all();

    private EffectNames() {}

    /**
     * The effect.
     *
     * @throws IllegalArgumentException if there is none with the name, or its values make no sense
     */
    static Effect effect(SpecArguments part) {
        return Optional.ofNullable(ALL.get(part.name()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + part.name() + "' is no effect; there are " + String.join(", ", ALL.keySet())))
                .apply(part);
    }

    private static Map<String, Function<SpecArguments, Effect>> all() {
        Map<String, Function<SpecArguments, Effect>> all = new TreeMap<>();
        addConnection(all);
        addReply(all);
        addPieces(all);
        addState(all);
        return all;
    }

    private static void addConnection(Map<String, Function<SpecArguments, Effect>> all) {
        all.put("latency", a -> Effect.latency(a.expect(1, 1).duration(0)));
        all.put("uniform-latency", a -> Effect.uniformLatency(a.expect(2, 2).duration(0), a.duration(1)));
        all.put(
                "log-normal-latency",
                a -> Effect.logNormalLatency(a.expect(3, 3).duration(0), a.fraction(1), a.duration(2)));
        all.put("late-reply", a -> Effect.lateReply(a.expect(1, 1).duration(0)));
        all.put("close", a -> ending(a.expect(0, 0)));
        all.put("reset", a -> ending(a.expect(0, 0)));
        all.put("stall", a -> ending(a.expect(0, 0)));
        all.put("shutdown-output", a -> ending(a.expect(0, 0)));
        all.put("slow-close", a -> Effect.slowClose(a.expect(1, 1).duration(0)));
        all.put("stall-then-close", a -> Effect.stallThenClose(a.expect(1, 1).duration(0)));
        for (TlsEffect effect : TlsEffect.values()) {
            all.put(FaultSpec.word(effect), a -> withoutValues(a, effect));
        }
    }

    private static Effect ending(SpecArguments part) {
        return ending(part.name());
    }

    private static Effect ending(String name) {
        return switch (name) {
            case "close" -> Effect.close();
            case "reset" -> Effect.reset();
            case "stall" -> Effect.stall();
            case "shutdown-output" -> Effect.shutdownOutput();
            default ->
                throw new IllegalArgumentException(
                        "a partial reply ends by close, reset, stall or shutdown-output, not by '" + name + "'");
        };
    }

    private static void addReply(Map<String, Function<SpecArguments, Effect>> all) {
        all.put("reply", a -> ReplyEffect.reply(a.text()));
        all.put("unsolicited-line", a -> ReplyEffect.unsolicitedLine(a.text()));
        all.put("bad-lease", a -> ReplyEffect.badLease(a.text()));
        all.put("overlong-line", a -> ReplyEffect.overlongLine(a.expect(1, 1).number(0)));
        all.put(
                "garbage",
                a -> a.expect(0, 1).values().isEmpty() ? ReplyEffect.garbage() : ReplyEffect.garbage(a.number(0)));
        all.put("empty-reply", a -> withoutValues(a, ReplyEffect.emptyReply()));
        all.put("blank-line", a -> withoutValues(a, ReplyEffect.blankLine()));
        all.put("missing-newline", a -> withoutValues(a, ReplyEffect.missingNewline()));
        all.put("duplicate-reply", a -> withoutValues(a, ReplyEffect.duplicateReply()));
        all.put("endless-line", a -> withoutValues(a, ReplyEffect.endlessLine()));
        all.put("crlf", a -> withoutValues(a, ReplyEffect.crlf()));
        all.put("ok-prefix", a -> withoutValues(a, ReplyEffect.okPrefix()));
        all.put("missing-token", a -> withoutValues(a, ReplyEffect.missingToken()));
        all.put("short-token", a -> withoutValues(a, ReplyEffect.shortToken()));
        all.put("non-hex-token", a -> withoutValues(a, ReplyEffect.nonHexToken()));
        all.put("non-ascii", a -> withoutValues(a, ReplyEffect.nonAscii()));
        all.put("malformed-stats", a -> withoutValues(a, ReplyEffect.malformedStats()));
        all.put("wrong-reply-kind", a -> withoutValues(a, ReplyEffect.wrongReplyKind()));
    }

    private static void addPieces(Map<String, Function<SpecArguments, Effect>> all) {
        all.put(
                "partial-reply",
                a -> a.expect(1, 2).values().size() == 1
                        ? ReplyEffect.partialReply(a.number(0))
                        : ReplyEffect.partialReply(a.number(0), ending(a.text(1))));
        all.put("dribble", a -> ReplyEffect.dribble(a.expect(2, 2).number(0), a.duration(1)));
        all.put(
                "slice",
                a -> ReplyEffect.slice(IntStream.range(
                                0, a.expect(1, Integer.MAX_VALUE).values().size())
                        .map(a::number)
                        .toArray()));
        all.put(
                "split-inside-utf8",
                a -> ReplyEffect.splitInsideUtf8(a.expect(1, 1).duration(0)));
        all.put("coalesce", a -> ReplyEffect.coalesce(a.expect(1, 1).number(0)));
        all.put("bandwidth", a -> ReplyEffect.bandwidth(a.expect(1, 1).number(0)));
    }

    private static void addState(Map<String, Function<SpecArguments, Effect>> all) {
        all.put("expire-lease", a -> withoutValues(a, StateEffect.expireLease()));
        all.put("shorten-lease", a -> StateEffect.shortenLease(a.expect(1, 1).duration(0)));
        all.put("steal", a -> withoutValues(a, StateEffect.steal()));
        all.put("no-auto-release", a -> withoutValues(a, StateEffect.noAutoRelease()));
        all.put("clock-jump", a -> StateEffect.clockJump(a.expect(1, 1).duration(0)));
        all.put("freeze", a -> StateEffect.freeze(a.expect(1, 1).duration(0)));
    }

    private static Effect withoutValues(SpecArguments part, Effect effect) {
        part.expect(0, 0);
        return effect;
    }
}
