package io.dflockd.client;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which server among several a key belongs to. All clients of the same servers must use the same one, with the servers in the same order, or two of them will hold
 * the same key at the same time.
 *
 * <p>Asked for every acquire, by many threads at once; not asked where there is only one server. What it throws goes to the caller.
 */
@FunctionalInterface
public interface ShardingStrategy {

    /**
     * The default, and what all other dflockd clients do: CRC-32 (IEEE) of the key's UTF-8 bytes, unsigned, modulo the number of servers (PROTOCOL.md section 7).
     */
    ShardingStrategy CRC_32 = (key, servers) -> {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % servers);
    };

    /**
     * The server for a key, always the same one.
     *
     * @param key as it was given to {@link DflockdClient#lock} or {@link DflockdClient#semaphore}
     * @param servers how many there are; at least 2
     * @return the place of the server in the client's list, from 0 to {@code servers - 1}; anything else makes the acquire fail with
     *     {@link IllegalStateException}, and nothing is sent
     */
    int shardOf(String key, int servers);
}
