package io.dflockd.client.micrometer;

import io.dflockd.client.DflockdException;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ServerAddress;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records what a client does in a Micrometer registry: {@code builder.listener(DflockdMetrics.of(registry))}.
 *
 * <table>
 * <caption>The meters; each has the tag {@code server} ({@code host:port})</caption>
 * <tr><th>name</th><th>kind</th><th>further tags</th><th>what</th></tr>
 * <tr><td>{@code dflockd.acquire}</td><td>timer</td><td>{@code outcome}: acquired, timeout, failed</td><td>how long acquires waited</td></tr>
 * <tr><td>{@code dflockd.hold}</td><td>timer</td><td>{@code end}: released, lost</td><td>how long leases were held</td></tr>
 * <tr><td>{@code dflockd.renew}</td><td>timer</td><td></td><td>how long renewals took that succeeded</td></tr>
 * <tr><td>{@code dflockd.renew.failed}</td><td>counter</td><td></td><td>renewals that were refused or got no answer</td></tr>
 * <tr><td>{@code dflockd.lost}</td><td>counter</td><td>{@code reason}: expired, refused, connection_lost, client_closed</td><td>leases that were lost</td></tr>
 * <tr><td>{@code dflockd.leases.held}</td><td>gauge</td><td></td><td>leases that are held now</td></tr>
 * <tr><td>{@code dflockd.connections}</td><td>gauge</td><td></td><td>connections that are open now</td></tr>
 * </table>
 *
 * <p>Keys are no tag unless {@link #withKeyTag} says so. May be given to several clients, and then counts them together.
 */
public final class DflockdMetrics implements DflockdListener {

    private final MeterRegistry registry;
    private final boolean keyTag;
    private final ConcurrentMap<ServerAddress, AtomicLong> held = new ConcurrentHashMap<>();
    private final ConcurrentMap<ServerAddress, AtomicLong> connections = new ConcurrentHashMap<>();

    private DflockdMetrics(MeterRegistry registry, boolean keyTag) {
        this.registry = registry;
        this.keyTag = keyTag;
    }

    public static DflockdMetrics of(MeterRegistry registry) {
        return new DflockdMetrics(Objects.requireNonNull(registry, "registry"), false);
    }

    /** With a tag {@code key} on all timers and counters. Every key makes meters of its own that stay for ever: only for programs with few keys. */
    public DflockdMetrics withKeyTag() {
        return new DflockdMetrics(registry, true);
    }

    @Override
    public void acquired(String key, ServerAddress server, Duration waited) {
        held(server).incrementAndGet();
        acquire(key, server, "acquired", waited);
    }

    @Override
    public void notAcquired(String key, ServerAddress server, Duration waited) {
        acquire(key, server, "timeout", waited);
    }

    @Override
    public void acquireFailed(String key, ServerAddress server, Duration waited, DflockdException failure) {
        acquire(key, server, "failed", waited);
    }

    @Override
    public void renewed(String key, ServerAddress server, Duration took) {
        registry.timer("dflockd.renew", tags(key, server)).record(took);
    }

    @Override
    public void renewalFailed(String key, ServerAddress server, String why) {
        registry.counter("dflockd.renew.failed", tags(key, server)).increment();
    }

    @Override
    public void released(String key, ServerAddress server, Duration heldFor) {
        held(server).decrementAndGet();
        hold(key, server, "released", heldFor);
    }

    @Override
    public void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {
        held(server).decrementAndGet();
        hold(loss.key(), server, "lost", heldFor);
        String reason = loss.reason().name().toLowerCase(Locale.ROOT);
        registry.counter("dflockd.lost", tags(loss.key(), server).and("reason", reason))
                .increment();
    }

    @Override
    public void connectionOpened(ServerAddress server) {
        connections(server).incrementAndGet();
    }

    @Override
    public void connectionClosed(ServerAddress server) {
        connections(server).decrementAndGet();
    }

    private void acquire(String key, ServerAddress server, String outcome, Duration waited) {
        registry.timer("dflockd.acquire", tags(key, server).and("outcome", outcome))
                .record(waited);
    }

    private void hold(String key, ServerAddress server, String end, Duration heldFor) {
        registry.timer("dflockd.hold", tags(key, server).and("end", end)).record(heldFor);
    }

    private Tags tags(String key, ServerAddress server) {
        Tags tags = Tags.of("server", server.toString());
        return keyTag ? tags.and("key", key) : tags;
    }

    private AtomicLong held(ServerAddress server) {
        return held.computeIfAbsent(server, where -> gauge("dflockd.leases.held", where));
    }

    private AtomicLong connections(ServerAddress server) {
        return connections.computeIfAbsent(server, where -> gauge("dflockd.connections", where));
    }

    private AtomicLong gauge(String name, ServerAddress server) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::doubleValue)
                .tags("server", server.toString())
                .register(registry);
        return value;
    }
}
