package io.dflockd.client.spi;

import java.util.Objects;

/**
 * Where a server listens.
 *
 * @param host a name or an IP address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

    /** The port that servers listen on by default (PROTOCOL.md section 6). */
    public static final int DEFAULT_PORT = 6388;

    public ServerAddress {
        Objects.requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host of a server address is empty");
        }
        if (host.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new IllegalArgumentException("the host '" + host.replaceAll("\\p{Cntrl}", "?")
                    + "' has white space or a control character in it; several servers are given one by one");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of server " + host + " is not between 1 and 65535");
        }
    }

    /**
     * Reads {@code host}, {@code host:port} or {@code [ipv6]:port}; the default port is {@value #DEFAULT_PORT}.
     *
     * @throws IllegalArgumentException if the text is none of these; the message says what is wrong
     */
    public static ServerAddress parse(String text) {
        String trimmed = Objects.requireNonNull(text, "server address").trim();
        if (trimmed.startsWith("[")) {
            int end = trimmed.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("server address '" + text + "' has '[' without ']'");
            }
            String rest = trimmed.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new IllegalArgumentException("server address '" + text + "' needs ':port' after ']'");
            }
            return new ServerAddress(
                    trimmed.substring(1, end), rest.isEmpty() ? DEFAULT_PORT : port(rest.substring(1), text));
        }
        int colon = trimmed.indexOf(':');
        if (colon < 0) {
            return new ServerAddress(trimmed, DEFAULT_PORT);
        }
        if (colon != trimmed.lastIndexOf(':')) {
            throw new IllegalArgumentException(
                    "server address '" + text + "': put an IPv6 address in brackets, as in [::1]:6388");
        }
        return new ServerAddress(trimmed.substring(0, colon), port(trimmed.substring(colon + 1), text));
    }

    private static int port(String digits, String text) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "server address '" + text + "': '" + digits + "' is not a port (1 to 65535)");
        }
        return Integer.parseInt(digits);
    }

    /** The form that {@link #parse} reads: {@code host:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
