package io.dflockd.fake.fault;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One part of a {@link FaultSpec}: {@code name}, or {@code name=value,value}. */
record SpecArguments(String name, List<String> values) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    static SpecArguments of(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new SpecArguments(text, List.of())
                : new SpecArguments(
                        text.substring(0, equals),
                        List.of(text.substring(equals + 1).split(",", -1)));
    }

    /** Checks how many values there are. */
    SpecArguments expect(int least, int most) {
        if (values.size() < least || values.size() > most) {
            String wanted =
                    least == most ? "" + least : least + (most == Integer.MAX_VALUE ? " or more" : " to " + most);
            throw new IllegalArgumentException(
                    "'" + name + "' takes " + (most == 0 ? "no value" : wanted + " separated by commas, after a '='"));
        }
        return this;
    }

    /** Everything behind the equals sign, commas included. */
    String text() {
        return String.join(",", expect(1, Integer.MAX_VALUE).values);
    }

    String text(int index) {
        return values.get(index);
    }

    int number(int index) {
        try {
            return Integer.parseInt(values.get(index));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + values.get(index) + "' in '" + name + "' must be a whole number", e);
        }
    }

    double fraction(int index) {
        try {
            return Double.parseDouble(values.get(index));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + values.get(index) + "' in '" + name + "' must be a number, as in 0.1", e);
        }
    }

    Duration duration(int index) {
        Matcher matcher = DURATION.matcher(values.get(index));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + values.get(index) + "' in '" + name
                    + "' must be a whole number and ms, s, m or h, as in 200ms");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
