package io.dflockd.fake.tls;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** What a certificate is good for: a host's name or address, as a subject alternative name. */
@SuppressWarnings("ArrayRecordComponent") // Made here, read here, and never compared.
record ServerName(String text, byte[] encoded) {

    static ServerName dns(String name) {
        return new ServerName(name, Der.value(0x82, name.getBytes(StandardCharsets.US_ASCII)));
    }

    static ServerName ip(InetAddress address) {
        return new ServerName(address.getHostAddress(), Der.value(0x87, address.getAddress()));
    }
}
