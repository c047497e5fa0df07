package io.dflockd.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server is: {@code host:port}. */
final class ServerAddress {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    private ServerAddress() {}

    /** As text, IPv6 in brackets. */
    static String text(String host, int port) {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    /** Why a server does not listen where its options say. */
    static UncheckedIOException refused(FakeOptions options, IOException cause) {
        return new UncheckedIOException(
                "cannot listen on " + options.host() + ':' + options.port() + ": " + cause.getMessage()
                        + "; choose another host or port (0 takes any free port)",
                cause);
    }

    /** Whether who connects to {@code server} comes to who listens there. */
    static boolean isReached(InetSocketAddress listening, InetSocketAddress server) {
        InetAddress at = listening.getAddress();
        InetAddress to = server.getAddress();
        boolean same = to.equals(at)
                || (at.isAnyLocalAddress() && isOfThisMachine(to))
                || (to.isAnyLocalAddress() && at.isLoopbackAddress());
        return same && server.getPort() == listening.getPort();
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return address.isLoopbackAddress();
        }
    }

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
