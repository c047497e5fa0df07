package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Sets of places at which effects make sense. */
final class Points {

    static final Set<Point> ALL = Set.copyOf(EnumSet.allOf(Point.class));

    static final Set<Point> WITHOUT_TLS = without(Point.ON_TLS_HANDSHAKE);

    /** Where something is under way that can take longer. */
    static final Set<Point> TIMED = without(Point.ON_TLS_HANDSHAKE, Point.WHILE_QUEUED, Point.AFTER_REPLY, Point.IDLE);

    /** Where there is a request with a key, or a whole server. */
    static final Set<Point> OF_REQUEST =
            without(Point.ON_CONNECT, Point.ON_TLS_HANDSHAKE, Point.AFTER_REQUEST_LINE, Point.DURING_REPLY, Point.IDLE);

    private Points() {}

    static Set<Point> without(Point... left) {
        Set<Point> points = EnumSet.allOf(Point.class);
        Arrays.asList(left).forEach(points::remove);
        return Set.copyOf(points);
    }

    /** In the order in which they come, for messages. */
    static String text(Set<Point> points) {
        return points.stream().sorted().map(Point::name).collect(Collectors.joining(", "));
    }
}
