package io.dflockd.fake.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one connection does at an instant of a script. {@code TOKEN} in the request stands for the last token that it was given; an empty request is the end of
 * what it sends.
 */
record Step(long millis, int conn, String request) {

    static final int CONNECTIONS = 4;
    static final long END_MILLIS = 5_050;

    /** In different parts of a second, so that what takes whole seconds never ends when another step is taken; the sweeps have parts of their own. */
    private static final List<Integer> INSTANTS = List.of(0, 150, 550, 850);

    private static final int LAST_SECOND = 3;
    private static final int MOST_AT_ONCE = 6;

    /** Steps in their order, some at the same instant. */
    static List<Step> script(SplittableRandom random) {
        List<Step> steps = new ArrayList<>();
        for (int instant : INSTANTS) {
            long millis = random.nextInt(LAST_SECOND) * 1_000L + instant;
            for (int left = random.nextInt(1, MOST_AT_ONCE); left > 0; left--) {
                steps.add(new Step(millis, random.nextInt(CONNECTIONS), request(random)));
            }
        }
        steps.sort(Comparator.comparingLong(Step::millis));
        return steps;
    }

    private static String request(SplittableRandom random) {
        String key = random.nextInt(4) == 0 ? "b" : "a";
        int lease = random.nextInt(1, 3);
        int timeout = random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> lines("l", key, timeout + " " + lease);
            case 3, 4 -> lines("e", key, String.valueOf(lease));
            case 5, 6 -> lines("w", key, String.valueOf(timeout));
            case 7 -> lines("r", key, "TOKEN");
            case 8 -> lines("n", key, "TOKEN " + lease);
            default -> random.nextInt(3) == 0 ? "" : lines("sl", "s", timeout + " 2 " + lease);
        };
    }

    private static String lines(String command, String key, String arg) {
        return command + '\n' + key + '\n' + arg + '\n';
    }
}
