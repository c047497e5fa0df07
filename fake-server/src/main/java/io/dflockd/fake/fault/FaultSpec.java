package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * A fault in one line of text, for command lines: {@code COMMAND:PHASE:EFFECT[:OPTION]...}, as in {@code acquire:before-apply:latency=200ms:key=orders:always}.
 *
 * <p>Commands are those of {@link Trigger}, and {@code any}; phases those of {@link Phase}, effects the factories of {@link Effect}, {@link ReplyEffect} and
 * {@link StateEffect}, in small letters with dashes. Options narrow the trigger ({@code key}, {@code keys}, {@code connection}, {@code exchange}, {@code nth}) or say how often
 * ({@code times}, {@code always}, {@code for}, {@code succeed-first}, {@code fail-every}, {@code outage}, {@code probability}); without one of these it strikes
 * once. A colon inside a value is written {@code \:}.
 *
 * @param text as it was given
 * @param trigger for which requests
 * @param phase where
 * @param effect what happens
 * @param schedule how often
 */
public record FaultSpec(String text, Trigger trigger, Phase phase, Effect effect, Consumer<FaultHandle> schedule) {

    private static final Pattern PHASE = Pattern.compile("([a-z-]+)(?:\\((\\d{1,9})\\))?");

    private static final Map<String, Trigger> COMMANDS = Map.of(
            "any", Trigger.anyCommand(),
            "acquire", Trigger.acquire(),
            "enqueue", Trigger.enqueue(),
            "await", Trigger.await(),
            "release", Trigger.release(),
            "renew", Trigger.renew(),
            "stats", Trigger.stats(),
            "auth", Trigger.auth());

    /**
     * Reads a fault.
     *
     * @throws IllegalArgumentException if it makes no sense, with one line that says what and why. Whether the parts fit together is found when it is armed.
     */
    public static FaultSpec parse(String text) {
        try {
            return parse(text, parts(text));
        } catch (IllegalArgumentException e) {
            throw bad(text, e);
        }
    }

    private static IllegalArgumentException bad(String text, IllegalArgumentException why) {
        return new IllegalArgumentException("the fault '" + text + "': " + why.getMessage(), why);
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split("(?<!\\\\):", -1))
                .map(part -> part.replace("\\:", ":"))
                .toList();
    }

    private static FaultSpec parse(String text, List<String> parts) {
        if (parts.size() < 3) {
            throw new IllegalArgumentException(
                    "write COMMAND:PHASE:EFFECT and options, as in acquire:before-apply:close:always");
        }
        Trigger trigger = command(parts.get(0));
        Phase phase = phase(parts.get(1));
        Effect effect = EffectNames.effect(SpecArguments.of(parts.get(2)));
        List<Consumer<FaultHandle>> schedules = new ArrayList<>();
        for (String option : parts.subList(3, parts.size())) {
            SpecArguments part = SpecArguments.of(option);
            Optional<Consumer<FaultHandle>> schedule = schedule(part);
            schedule.ifPresent(schedules::add);
            if (schedule.isEmpty()) {
                trigger = narrowed(trigger, part);
            }
        }
        if (schedules.size() > 1) {
            throw new IllegalArgumentException("it says more than once how often");
        }
        return new FaultSpec(
                text, trigger, phase, effect, handle -> schedules.forEach(schedule -> schedule.accept(handle)));
    }

    private static Trigger command(String name) {
        return Optional.ofNullable(COMMANDS.get(name.toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no command; there are "
                        + COMMANDS.keySet().stream().sorted().collect(Collectors.joining(", "))));
    }

    private static Phase phase(String text) {
        Matcher matcher = PHASE.matcher(text.toLowerCase(Locale.ROOT).replace('_', '-'));
        Optional<Point> point = matcher.matches()
                ? Arrays.stream(Point.values())
                        .filter(value -> word(value).equals(matcher.group(1)))
                        .findFirst()
                : Optional.empty();
        int number = point.isPresent() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : 0;
        return new Phase(
                point.orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no phase; there are "
                        + Arrays.stream(Point.values())
                                .map(FaultSpec::phaseName)
                                .collect(Collectors.joining(", ")))),
                number);
    }

    private static String phaseName(Point point) {
        return word(point)
                + (point == Point.AFTER_REQUEST_LINE ? "(1..3)" : point == Point.DURING_REPLY ? "(BYTES)" : "");
    }

    /** How a constant reads in a specification. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Trigger narrowed(Trigger trigger, SpecArguments part) {
        return switch (part.name()) {
            case "key" -> trigger.key(part.text());
            case "keys" -> matching(trigger, part.text());
            case "connection" -> trigger.connection(part.expect(1, 1).number(0));
            case "exchange" -> trigger.exchange(part.expect(1, 1).number(0));
            case "nth" -> trigger.nth(part.expect(1, 1).number(0));
            default ->
                throw new IllegalArgumentException("'" + part.name()
                        + "' is no option; there are key, keys, connection, exchange, nth, times, always, for, "
                        + "succeed-first, fail-every, outage, probability");
        };
    }

    private static Trigger matching(Trigger trigger, String regex) {
        try {
            return trigger.keyMatching(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + regex + "' is no pattern for keys: " + e.getDescription() + " near index " + e.getIndex(), e);
        }
    }

    private static Optional<Consumer<FaultHandle>> schedule(SpecArguments part) {
        return Optional.ofNullable(
                switch (part.name()) {
                    case "times" -> by(part.expect(1, 1).number(0), FaultHandle::times);
                    case "succeed-first" -> by(part.expect(1, 1).number(0), FaultHandle::succeedFirst);
                    case "fail-every" -> by(part.expect(1, 1).number(0), FaultHandle::failEvery);
                    case "probability" -> by(part.expect(1, 1).fraction(0), FaultHandle::probability);
                    case "for" -> by(part.expect(1, 1).duration(0), FaultHandle::forNext);
                    case "always" -> by(part.expect(0, 0), (handle, none) -> handle.always());
                    case "outage" ->
                        by(part.expect(2, 2), (handle, times) -> handle.outage(times.duration(0), times.duration(1)));
                    default -> null;
                });
    }

    /** How often, by one value. */
    private interface By<T> {
        FaultHandle apply(FaultHandle handle, T value);
    }

    private static <T> Consumer<FaultHandle> by(T value, By<T> how) {
        return handle -> how.apply(handle, value);
    }

    /**
     * Arms it.
     *
     * @param server where rules begin: {@code server::on}
     * @throws IllegalArgumentException if its parts make no sense together, or on this server
     */
    public FaultHandle arm(Function<Trigger, FaultRules.OnTrigger> server) {
        try {
            FaultHandle handle = server.apply(trigger).at(phase).then(effect);
            try {
                schedule.accept(handle);
                return handle;
            } catch (IllegalArgumentException e) {
                handle.remove();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            throw bad(text, e);
        }
    }
}
