package io.dflockd.fake;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server is: {@code host:port}. */
final class ServerAddress {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    private ServerAddress() {}

    /**
     * Reads an address, and looks its name up.
     *
     * @throws IllegalArgumentException if it is none, or the name is unknown
     */
    static InetSocketAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address of a server; write host:port, as in localhost:6388 or [::1]:6388");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the host in '" + text + "' is unknown");
        }
        return address;
    }
}
