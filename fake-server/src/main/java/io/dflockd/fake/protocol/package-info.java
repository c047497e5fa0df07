/**
 * The wire as text and as data: commands, replies, and the two classes that translate. Pure: no clock, no thread, no socket.
 *
 * <pre>{@code
 * byte[] sent = "l\norders\n10\n".getBytes(StandardCharsets.UTF_8);
 * RequestParser parser = new RequestParser(Profile.V1);
 * parser.append(sent, 0, sent.length);
 * while (parser.next() == RequestParser.Progress.LINE) {} // as long as something of the request is still to come
 * Command acquire = parser.command();
 * }</pre>
 */
@NullMarked
package io.dflockd.fake.protocol;

import org.jspecify.annotations.NullMarked;
