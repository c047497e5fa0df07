package io.dflockd.chaos.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A lock server in a few lines that shares nothing with the fake, honest or with one bug. */
final class SmallServer implements AutoCloseable {

    enum Bug {
        NONE,
        EVERYBODY_HOLDS,
        LAST_COME_FIRST_SERVED,
        /** Who has to wait is told 'timeout' after half of the time, whatever comes meanwhile: nothing of it is left to chance. */
        TIMES_OUT_EARLY,
        HANGS,
        REFUSES_ALL,
        FULL
    }

    private record Holder(Object conn, long deadline) {}

    /** Not a record: two places of one connection are never the same. */
    private static final class Place {
        private final Object conn;
        private final String lease;

        Place(Object conn, String lease) {
            this.conn = conn;
            this.lease = lease;
        }

        Object conn() {
            return conn;
        }

        String lease() {
            return lease;
        }
    }

    private static final int ANSWERS_BEFORE_IT_HANGS = 200;

    private final Bug bug;
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Map<String, Holder>> holders = new HashMap<>();
    private final Map<String, List<Place>> queues = new HashMap<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    SmallServer(Bug bug) throws IOException {
        this.bug = bug;
        start(this::acceptAll);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "small-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = socket.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            for (String command = in.readLine(); command != null; command = in.readLine()) {
                String key = in.readLine();
                String reply = answer(client, command, key, in.readLine().trim().split(" ", -1));
                if (bug == Bug.HANGS && answers.incrementAndGet() > ANSWERS_BEFORE_IT_HANGS) {
                    closed.await();
                }
                client.getOutputStream().write((reply + "\n").getBytes(UTF_8));
            }
        } catch (IOException | InterruptedException e) {
            // Gone.
        } finally {
            gone(client);
        }
    }

    private synchronized void gone(Object conn) {
        holders.values().forEach(all -> all.values().removeIf(holder -> holder.conn() == conn));
        queues.values().forEach(queue -> queue.removeIf(place -> place.conn() == conn));
        notifyAll();
    }

    private synchronized String answer(Object conn, String command, String key, String[] arg)
            throws InterruptedException {
        if (bug == Bug.REFUSES_ALL || bug == Bug.FULL) {
            return bug == Bug.FULL ? "error_max_locks" : "error";
        }
        boolean semaphore = command.startsWith("s");
        int limit = semaphore ? 2 : 1;
        return switch (semaphore ? command.substring(1) : command) {
            case "l" -> {
                Place place = new Place(conn, arg[arg.length - 1]);
                queue(key).add(place);
                yield await(key, place, limit, arg[0]);
            }
            case "e" -> {
                if (queue(key).stream().anyMatch(place -> place.conn() == conn)) {
                    yield "error_already_enqueued";
                }
                queue(key).add(new Place(conn, arg[arg.length - 1]));
                yield "queued";
            }
            case "w" -> {
                Place place = queue(key).stream()
                        .filter(p -> p.conn() == conn)
                        .findFirst()
                        .orElse(null);
                yield place == null ? "error_not_enqueued" : await(key, place, limit, arg[0]);
            }
            case "r" -> {
                boolean held = holders(key).remove(arg[0]) != null;
                notifyAll();
                yield held ? "ok" : "error";
            }
            case "n" -> {
                Holder holder = holders(key).get(arg[0]);
                if (holder != null) {
                    holders(key).put(arg[0], new Holder(holder.conn(), after(arg[1])));
                }
                yield holder == null ? "error" : "ok " + arg[1];
            }
            default -> "error";
        };
    }

    private String await(String key, Place place, int limit, String timeout) throws InterruptedException {
        long wait = Long.parseLong(timeout) * 1_000_000_000L;
        long end = System.nanoTime() + (bug == Bug.TIMES_OUT_EARLY ? wait / 2 : wait);
        boolean inVain = bug == Bug.TIMES_OUT_EARLY && !isTurn(key, place, limit);
        while (inVain || !isTurn(key, place, limit)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                queue(key).remove(place);
                notifyAll();
                return "timeout";
            }
            wait(Math.min(left, 50));
        }
        queue(key).remove(place);
        String token = UUID.randomUUID().toString().replace("-", "");
        holders(key).put(token, new Holder(place.conn(), after(place.lease())));
        notifyAll();
        return "ok " + token + " " + place.lease();
    }

    private boolean isTurn(String key, Place place, int limit) {
        holders(key).values().removeIf(holder -> holder.deadline() - System.nanoTime() <= 0);
        List<Place> queue = queue(key);
        int first = bug == Bug.LAST_COME_FIRST_SERVED ? queue.size() - 1 : 0;
        return bug == Bug.EVERYBODY_HOLDS
                || (queue.get(first) == place && holders(key).size() < limit);
    }

    private static long after(String seconds) {
        return System.nanoTime() + Long.parseLong(seconds) * 1_000_000_000L;
    }

    private Map<String, Holder> holders(String key) {
        return holders.computeIfAbsent(key, k -> new HashMap<>());
    }

    private List<Place> queue(String key) {
        return queues.computeIfAbsent(key, k -> new ArrayList<>());
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
