package io.dflockd.client;

import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a listener of a client was told, one line for each event; times are only checked for sense. */
class EventLog implements DflockdListener {

    private final List<String> events = new CopyOnWriteArrayList<>();

    List<String> events() {
        return events;
    }

    long count(String kind) {
        return events.stream().filter(event -> event.startsWith(kind)).count();
    }

    private void add(String event, Duration time) {
        events.add(time.isNegative() || time.compareTo(Duration.ofHours(1)) > 0 ? event + " in " + time : event);
    }

    @Override
    public void acquired(String key, ServerAddress server, Duration waited) {
        add("acquired " + key, waited);
    }

    @Override
    public void notAcquired(String key, ServerAddress server, Duration waited) {
        add("not acquired " + key, waited);
    }

    @Override
    public void acquireFailed(String key, ServerAddress server, Duration waited, DflockdException failure) {
        add("failed " + key + " " + failure.getClass().getSimpleName(), waited);
    }

    @Override
    public void renewed(String key, ServerAddress server, Duration took) {
        add("renewed " + key, took);
    }

    @Override
    public void renewalFailed(String key, ServerAddress server, String why) {
        events.add("renewal failed " + key + " " + why);
    }

    @Override
    public void released(String key, ServerAddress server, Duration heldFor) {
        add("released " + key, heldFor);
    }

    @Override
    public void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {
        add("lost " + loss.key() + " " + loss.reason(), heldFor);
    }

    @Override
    public void connectionOpened(ServerAddress server) {
        events.add("opened " + server);
    }

    @Override
    public void connectionClosed(ServerAddress server) {
        events.add("closed " + server);
    }
}
