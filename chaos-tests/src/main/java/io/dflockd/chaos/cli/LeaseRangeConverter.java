package io.dflockd.chaos.cli;

import io.dflockd.chaos.workload.LeaseRange;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 2s} or {@code 1s..5s}: whole seconds, as leases are on the wire. */
final class LeaseRangeConverter implements ITypeConverter<LeaseRange> {

    @Override
    public LeaseRange convert(String text) {
        String[] ends = text.split("\\.\\.", -1);
        if (ends.length > 2) {
            throw new TypeConversionException("'" + text + "' is not a range of leases; write 1s..5s");
        }
        try {
            return new LeaseRange(seconds(ends[0]), seconds(ends[ends.length - 1]));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static long seconds(String text) {
        Duration lease = new DurationConverter().convert(text);
        if (!lease.equals(Duration.ofSeconds(lease.toSeconds()))) {
            throw new TypeConversionException("'" + text + "' is not whole seconds, as leases are on the wire");
        }
        return lease.toSeconds();
    }
}
