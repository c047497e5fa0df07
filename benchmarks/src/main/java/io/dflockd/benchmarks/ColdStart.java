package io.dflockd.benchmarks;

/** The first start in a fresh JVM: prints its nanoseconds. {@code ColdStart FAKE|BARE} */
public final class ColdStart {

    private ColdStart() {}

    public static void main(String[] args) throws Exception {
        Startable what = Startable.valueOf(args[0]);
        long before = System.nanoTime();
        AutoCloseable server = what.start();
        System.out.println(System.nanoTime() - before);
        server.close();
    }
}
