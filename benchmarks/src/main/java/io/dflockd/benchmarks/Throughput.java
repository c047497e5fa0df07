package io.dflockd.benchmarks;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.ServerProgram;

/**
 * Acquire and release over persistent raw connections against the fake, beside the same bytes against a server that only counts lines.
 *
 * <p>{@code Throughput [SECONDS-PER-TURN [TURNS]]}
 */
public final class Throughput {

    private static final int[] CONNECTIONS = {1, 8, 64};

    private Throughput() {}

    public static void main(String[] args) throws Exception {
        SideBySide measure = SideBySide.of(args, 2, 5);
        System.out.printf(
                "acquire+release pairs per second, one connection a thread,%n"
                        + "median of %d turns of %.1f s each, Java %s%n",
                measure.turns(), measure.seconds(), Runtime.version().feature());
        SideBySide.printHead("fake", "echo");
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0");
                OtherJvm echo = OtherJvm.start(EchoServer.class)) {
            SideBySide.Workers fakes = loops(fake.address());
            SideBySide.Workers echoes = loops(echo.address());
            SideBySide.warmUp(fakes, echoes);
            for (int connections : CONNECTIONS) {
                measure.printRow(connections, fakes, echoes);
            }
        }
    }

    private static SideBySide.Workers loops(ServerAddress server) {
        return number -> new RawLoop(server.host(), server.port(), "bench-" + number);
    }
}
