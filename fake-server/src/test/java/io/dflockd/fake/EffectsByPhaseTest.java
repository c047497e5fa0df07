package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dflockd.fake.fault.Delay;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.ReplyShape;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.Rewriting;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.TlsEffect;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every effect at every phase at which it may be armed is shown by a test at a socket, and docs/effects-by-phase.md says so. */
class EffectsByPhaseTest {

    private static final Path MADE = Path.of("target/effects-by-phase.md");
    private static final Path KEPT = Path.of("../docs/effects-by-phase.md");

    private static final Duration SOME_TIME = Duration.ofSeconds(1);

    /** One of each; those that differ by a constant are told apart by it. */
    private static final List<Effect> SAMPLES = Stream.of(
                    Stream.of(
                            new Effect.Latency(new Delay.Fixed(SOME_TIME)),
                            new Effect.LateReply(SOME_TIME),
                            new Effect.Close(),
                            new Effect.Reset(),
                            new Effect.ShutdownOutput(),
                            new Effect.SlowClose(SOME_TIME),
                            new Effect.Stall(Optional.empty())),
                    Arrays.stream(Rewriting.values()).map(how -> new ReplyEffect.Rewritten(how, "", 300)),
                    Stream.of(
                            new ReplyEffect.Partial(1, Optional.empty()),
                            new ReplyEffect.Endless(),
                            new ReplyShape.Dribble(2, SOME_TIME),
                            new ReplyShape.Slice(SOME_TIME, List.of(1)),
                            new ReplyShape.SplitUtf8(SOME_TIME),
                            new ReplyShape.Bandwidth(1),
                            new ReplyEffect.Coalesce(2),
                            new ReplyEffect.Unsolicited("line")),
                    Stream.of(
                            new StateEffect.ExpireLease(),
                            new StateEffect.ShortenLease(SOME_TIME),
                            new StateEffect.Steal(),
                            new StateEffect.NoAutoRelease(),
                            new StateEffect.ClockJump(SOME_TIME),
                            new StateEffect.Freeze(SOME_TIME),
                            new StateEffect.Restarted(Restart.KEEP_STATE),
                            new StateEffect.FencesGoBack(1),
                            new StateEffect.DoubleGrant(),
                            new StateEffect.SkipHead()),
                    Arrays.stream(TlsEffect.values()))
            .flatMap(group -> group.map(Effect.class::cast))
            .toList();

    /** A pair of what is shown and where. */
    private record Pair(String effect, Point at) {}

    @Test
    void there_is_a_sample_of_each_effect() {
        Set<Class<?>> sampled = SAMPLES.stream().map(Object::getClass).collect(Collectors.toSet());

        assertThat(sampled)
                .as("add one of each new effect to SAMPLES")
                .containsExactlyInAnyOrderElementsOf(leaves(Effect.class));
    }

    private static Set<Class<?>> leaves(Class<?> type) {
        return type.isSealed() && type.isInterface()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(each -> leaves(each).stream())
                        .collect(Collectors.toSet())
                : Set.of(type);
    }

    @Test
    void every_legal_pair_is_shown_by_a_test() {
        Set<Pair> missing = new HashSet<>(legal());
        missing.removeAll(shown());

        assertThat(missing)
                .as("write a test at the socket for each of these, with @Shows")
                .isEmpty();
    }

    @Test
    void no_test_shows_what_cannot_be_armed() {
        assertThat(legal()).containsAll(shown());
    }

    @Test
    void the_document_is_the_table_of_today() throws IOException {
        Files.createDirectories(MADE.getParent());
        Files.writeString(MADE, table());

        assertThat(Files.exists(KEPT) ? Files.readString(KEPT) : "")
                .as("if the new table is right: cp fake-server/target/effects-by-phase.md docs/")
                .isEqualTo(Files.readString(MADE, StandardCharsets.UTF_8));
    }

    private static Set<Pair> legal() {
        return SAMPLES.stream()
                .flatMap(effect -> effect.points().stream().map(point -> new Pair(name(effect), point)))
                .collect(Collectors.toSet());
    }

    private static String name(Effect effect) {
        if (effect instanceof ReplyEffect.Rewritten rewritten) {
            return name(effect.getClass()) + ' ' + rewritten.how();
        }
        return effect instanceof TlsEffect tls ? name(TlsEffect.class) + ' ' + tls.name() : name(effect.getClass());
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }

    private static Set<Pair> shown() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests()).importPackages("io.dflockd.fake").stream()
                        .filter(type -> !type.isAnonymousClass() && !type.isAnnotation())
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .flatMap(EffectsByPhaseTest::shownBy)
                        .collect(Collectors.toSet());
    }

    private static Stream<Pair> shownBy(Method test) {
        return Arrays.stream(test.getAnnotationsByType(Shows.class)).flatMap(shows -> names(shows).stream()
                .flatMap(name -> Arrays.stream(shows.at()).map(point -> new Pair(name, point))));
    }

    private static List<String> names(Shows shows) {
        String type = name(shows.effect());
        List<String> names = new ArrayList<>();
        Arrays.stream(shows.how()).forEach(how -> names.add(type + ' ' + how));
        Arrays.stream(shows.tls()).forEach(tls -> names.add(type + ' ' + tls.name()));
        return names.isEmpty() ? List.of(type) : names;
    }

    private static String table() {
        Set<Pair> shown = shown();
        StringBuilder table = new StringBuilder(
                "# Effects by phase\n\nMade by EffectsByPhaseTest. **yes**: may be armed, and a test"
                        + " at the socket shows what a client sees; **NO TEST**: may be armed; empty: is refused.\n\n| effect |");
        List<Point> points = List.of(Point.values());
        points.forEach(point -> table.append(" `").append(point).append("` |"));
        table.append("\n|---|").append("---|".repeat(points.size())).append('\n');
        for (Effect effect : SAMPLES) {
            table.append("| ").append(name(effect)).append(" |");
            for (Point point : points) {
                boolean isShown = shown.contains(new Pair(name(effect), point));
                String cell = effect.points().contains(point) ? isShown ? " yes |" : " NO TEST |" : " |";
                table.append(cell);
            }
            table.append('\n');
        }
        return table.toString();
    }
}
