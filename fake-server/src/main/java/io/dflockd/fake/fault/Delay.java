package io.dflockd.fake.fault;

import java.time.Duration;
import java.util.SplittableRandom;

/** How long something takes: always the same, or drawn by the server's seed. None is negative. */
public sealed interface Delay {

    /** Always this long. */
    record Fixed(Duration time) implements Delay {
        public Fixed {
            check(!time.isNegative(), "a delay must not be negative: " + time);
        }

        @Override
        public Duration draw(SplittableRandom random) {
            return time;
        }

        @Override
        public String toString() {
            return time.toString();
        }
    }

    /** Anything between two times, each as likely as the other. */
    record Uniform(Duration low, Duration high) implements Delay {
        public Uniform {
            check(!low.isNegative() && low.compareTo(high) <= 0, "delays go from 0 or more up: " + low + " to " + high);
        }

        @Override
        public Duration draw(SplittableRandom random) {
            return low.plusNanos((long) (random.nextDouble() * high.minus(low).toNanos()));
        }
    }

    /**
     * As networks are: half of them below the median, and a few very long.
     *
     * @param median half are shorter
     * @param sigma how far they spread: the standard deviation of the logarithm, over 0; 0.5 is a quiet network, 1.5 a bad one
     * @param max none is longer
     */
    record LogNormal(Duration median, double sigma, Duration max) implements Delay {
        public LogNormal {
            check(
                    !median.isNegative() && median.compareTo(max) <= 0,
                    "the median must be from 0 to the maximum: " + median);
            check(sigma > 0 && sigma < 10, "sigma must be over 0 and below 10, not " + sigma);
        }

        @Override
        public Duration draw(SplittableRandom random) {
            double gauss =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            double nanos = Math.min(median.toNanos() * Math.exp(sigma * gauss), (double) max.toNanos());
            return Duration.ofNanos((long) nanos);
        }
    }

    /** One of them, by this source of chance. */
    Duration draw(SplittableRandom random);

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
