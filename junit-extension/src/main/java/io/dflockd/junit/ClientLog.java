package io.dflockd.junit;

import io.dflockd.client.DflockdException;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the injected clients say that they do, where the server cannot be asked: what they hold, and their newest deeds. */
final class ClientLog implements DflockdListener {

    private static final int MOST = 1000;

    private final Map<String, Integer> held = new HashMap<>();
    private final Deque<String> deeds = new ArrayDeque<>();
    private long start = System.nanoTime();
    private long dropped;

    /** Forgets what was done, not what is held. */
    synchronized void clear() {
        deeds.clear();
        dropped = 0;
        start = System.nanoTime();
    }

    /** The slots that are held, each with how to say it. */
    synchronized Map<Object, String> held() {
        Map<Object, String> slots = new LinkedHashMap<>();
        held.forEach((key, count) -> {
            for (int i = 1; i <= count; i++) {
                slots.put(
                        List.of(key, i),
                        "'" + key + "' is still held by an injected client: close the lease, best with try (...)");
            }
        });
        return slots;
    }

    /** What was done, a line for each deed, the newest. */
    synchronized List<String> story(int lines) {
        List<String> all = new ArrayList<>(deeds);
        int from = Math.max(0, all.size() - lines);
        List<String> story = new ArrayList<>(all.subList(from, all.size()));
        if (from + dropped > 0) {
            story.add(0, (from + dropped) + " older lines left out");
        }
        return story;
    }

    private synchronized void tell(String deed) {
        double seconds = (System.nanoTime() - start) / 1e9;
        deeds.add(String.format(Locale.ROOT, "%.3fs %s", seconds, deed));
        if (deeds.size() > MOST) {
            deeds.remove();
            dropped++;
        }
    }

    /** May come in either order for one lease; then the number is negative for a moment, and 0 after that. */
    private synchronized void count(String key, int change) {
        held.merge(key, change, Integer::sum);
        held.values().removeIf(count -> count == 0);
    }

    private static String after(Duration time) {
        return " after " + time.toMillis() + " ms";
    }

    @Override
    public void acquired(String key, ServerAddress server, Duration waited) {
        count(key, 1);
        tell("got " + key + after(waited));
    }

    @Override
    public void notAcquired(String key, ServerAddress server, Duration waited) {
        tell("did not get " + key + after(waited));
    }

    @Override
    public void acquireFailed(String key, ServerAddress server, Duration waited, DflockdException failure) {
        tell("could not get " + key + after(waited) + ": " + failure);
    }

    @Override
    public void renewed(String key, ServerAddress server, Duration took) {
        tell("renewed " + key);
    }

    @Override
    public void renewalFailed(String key, ServerAddress server, String why) {
        tell("could not renew " + key + ": " + why);
    }

    @Override
    public void released(String key, ServerAddress server, Duration heldFor) {
        count(key, -1);
        tell("released " + key + after(heldFor));
    }

    @Override
    public void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {
        count(loss.key(), -1);
        tell("lost " + loss.key() + " (" + loss.reason() + ')' + after(heldFor));
    }

    @Override
    public void connectionOpened(ServerAddress server) {
        tell("connected");
    }

    @Override
    public void connectionClosed(ServerAddress server) {
        tell("a connection is gone");
    }
}
