package io.dflockd.chaos.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.engine.Delivery;
import io.dflockd.fake.engine.EngineOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The model against the recordings of the real server: scenarios about requests on well-formed lines, which is all that the model knows. */
@SuppressWarnings("StringSplitter") // the input is ours
class ModelTranscriptTest {

    private static final Path TRANSCRIPTS = Path.of("..", "docs", "transcripts", "v1");
    private static final List<String> FILES = List.of(
            "acquire",
            "disconnect",
            "leases",
            "limits",
            "lock-or-semaphore",
            "release-renew",
            "semaphores",
            "two-phase");

    @TestFactory
    Stream<DynamicTest> model_answers_like_the_recorded_server() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : FILES) {
            String text = Files.readString(TRANSCRIPTS.resolve(file + ".txt"));
            for (String scenario : text.split("(?m)^scenario ")) {
                List<String> lines = scenario.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
                if (lines.size() > 1 && lines.stream().noneMatch(ModelTranscriptTest::beyondTheModel)) {
                    String name = lines.get(0).split(" ", 2)[0];
                    tests.add(DynamicTest.dynamicTest(name, () -> new Player(lines).play()));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(100);
        return tests.stream();
    }

    private static boolean beyondTheModel(String line) {
        return line.startsWith("halfclose")
                || line.contains("> stats|")
                || line.contains("--max-connections")
                || line.matches("\\w+> (s?r\\|.*\\|(\\\\x20)?|sn\\|.* 0)"); // bad arguments
    }

    private static final class Player {
        private final List<String> lines;
        private final Map<String, Long> conns = new HashMap<>();
        private final Map<Long, Deque<String>> unread = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Set<Long> blocked = new HashSet<>();
        private final Set<Long> closing = new HashSet<>();
        private final ServerModel model;
        private long now;

        Player(List<String> lines) {
            this.lines = lines;
            this.model = new ServerModel(options(lines.get(1).startsWith("server") ? lines.get(1) : ""));
        }

        private static EngineOptions options(String flags) {
            Map<String, String> given = new HashMap<>();
            for (String flag : flags.replace("server", "").trim().split(" ?--")) {
                String[] parts = flag.split("[ =]");
                given.put(parts[0], parts[parts.length - 1]);
            }
            return new EngineOptions(
                    0,
                    number(given, "default-lease-ttl", 33),
                    TimeUnit.SECONDS.toNanos(number(given, "lease-sweep-interval", 1)),
                    TimeUnit.SECONDS.toNanos(number(given, "gc-interval", 5)),
                    TimeUnit.SECONDS.toNanos(number(given, "gc-max-idle", 60)),
                    (int) number(given, "max-locks", 1024),
                    (int) number(given, "max-waiters", 0),
                    !"false".equals(given.get("auto-release-on-disconnect")));
        }

        private static long number(Map<String, String> given, String name, long standard) {
            return Long.parseLong(given.getOrDefault(name, Long.toString(standard)));
        }

        void play() {
            for (String line : lines.subList(1, lines.size())) {
                pass(1);
                int space = line.indexOf(' ');
                String head = space < 0 ? line : line.substring(0, space);
                String rest = space < 0 ? "" : line.substring(space + 1);
                if (head.equals("open")) {
                    conns.put(rest, conns.size() + 1L);
                } else if (head.equals("close") || head.equals("reset")) {
                    closing.add(conns.get(rest));
                } else if (head.equals("sleep")) {
                    pass(Long.parseLong(rest));
                } else if (head.endsWith(">")) {
                    send(Objects.requireNonNull(conns.get(head.substring(0, head.length() - 1)), line), rest);
                } else if (head.endsWith("-")) {
                    pass(Long.parseLong(rest));
                    assertThat(unread(head)).as(line).isEmpty();
                } else if (head.contains("<")) {
                    receive(line, head, rest);
                }
            }
            assertThat(unread.values()).allMatch(Deque::isEmpty);
        }

        private void receive(String line, String head, String rest) {
            boolean limited = head.endsWith("/");
            long limit = limited ? Long.parseLong(rest.split(" ")[0]) + 500 : 5_500;
            String[] expected = (limited ? rest.substring(rest.indexOf(' ') + 1) : rest).split(" ");
            for (long waited = 0; unread(head).isEmpty() && waited < limit; waited += 5) {
                pass(5);
            }
            assertThat(unread(head)).as(line).isNotEmpty();
            String[] got = unread(head).removeFirst().split(" ");
            for (int i = 0; i < expected.length; i++) {
                if (expected[i].startsWith("{") && !expected[i].equals("{*}")) {
                    names.putIfAbsent(expected[i], got[i]);
                    expected[i] = names.get(expected[i]);
                }
            }
            assertThat(String.join(" ", got)).as(lines.get(0) + line).isEqualTo(String.join(" ", expected));
        }

        private Deque<String> unread(String head) {
            return unread.computeIfAbsent(conns.get(head.replaceAll("[<>/-]", "")), c -> new ArrayDeque<>());
        }

        private void pass(long millis) {
            now += TimeUnit.MILLISECONDS.toNanos(millis);
            take(model.advanceTo(now));
            for (long conn : Set.copyOf(closing)) {
                if (!blocked.contains(conn)) {
                    closing.remove(conn);
                    take(model.disconnect(conn));
                }
            }
        }

        private void take(List<Delivery> answers) {
            for (Delivery answer : answers) {
                blocked.remove(answer.conn());
                if (!closing.contains(answer.conn())) {
                    unread.computeIfAbsent(answer.conn(), c -> new ArrayDeque<>())
                            .add(text(answer.reply()));
                }
            }
        }

        private void send(long conn, String text) {
            String bound = text;
            for (Map.Entry<String, String> name : names.entrySet()) {
                bound = bound.replace(name.getKey(), name.getValue());
            }
            String[] fields = bound.split("\\|", 3);
            Key key = Key.of(fields[1]);
            List<String> args = Arrays.stream(fields[2].split(" "))
                    .filter(s -> !s.isEmpty())
                    .toList();
            blocked.add(conn);
            take(model.handle(conn, command(fields[0], key, args)));
        }

        private static Command command(String word, Key key, List<String> args) {
            boolean semaphore = word.startsWith("s");
            Family family = semaphore ? Family.SEMAPHORE : Family.LOCK;
            int limitAt = word.endsWith("l") ? 1 : 0;
            long limit = semaphore && word.matches("s[le]") ? Long.parseLong(args.get(limitAt)) : 1;
            int skip = semaphore ? 1 : 0;
            return switch (word.substring(word.length() - 1)) {
                case "l" -> new Command.Acquire(family, key, Long.parseLong(args.get(0)), limit, lease(args, 1 + skip));
                case "e" -> new Command.Enqueue(family, key, limit, lease(args, skip));
                case "w" -> new Command.Await(family, key, Long.parseLong(args.get(0)));
                case "r" -> new Command.Release(family, key, args.get(0));
                case "n" -> new Command.Renew(family, key, args.get(0), lease(args, 1));
                default -> throw new IllegalArgumentException(word);
            };
        }

        private static OptionalLong lease(List<String> args, int at) {
            return args.size() > at ? OptionalLong.of(Long.parseLong(args.get(at))) : OptionalLong.empty();
        }

        private static String text(Reply reply) {
            if (reply instanceof Reply.Granted r) {
                return "ok " + r.token() + " " + r.leaseSeconds();
            } else if (reply instanceof Reply.Acquired r) {
                return "acquired " + r.token() + " " + r.leaseSeconds();
            } else if (reply instanceof Reply.Renewed r) {
                return "ok " + r.seconds();
            } else if (reply instanceof Reply.Refused r) {
                return r.status().word();
            }
            return reply instanceof Reply.Done ? "ok" : reply instanceof Reply.Queued ? "queued" : "timeout";
        }
    }
}
