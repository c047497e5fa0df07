package io.dflockd.chaos.history;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Records what goes over one connection, on the safe side: a request before the write that completes it, a reply after the read that completed it, the end
 * before the close.
 */
final class RecordingTransport implements Transport {

    private final Transport transport;
    private final Recorder recorder;
    private final String actor;
    private final long conn;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private int requestLines;
    private final ByteArrayOutputStream reply = new ByteArrayOutputStream();
    private final Deque<SentRequest> pending = new ArrayDeque<>();

    RecordingTransport(Transport transport, Recorder recorder, String actor, long conn) {
        this.transport = transport;
        this.recorder = recorder;
        this.actor = actor;
        this.conn = conn;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            request.write(bytes[i]);
            if (bytes[i] == '\n' && ++requestLines == 3) {
                send();
            }
        }
        try {
            transport.write(bytes, offset, length);
        } catch (IOException e) {
            end("error: " + e);
            throw e;
        }
    }

    private void send() {
        SentRequest sent = SentRequest.of(request.toString(StandardCharsets.UTF_8), recorder.nextOperation());
        request.reset();
        requestLines = 0;
        pending.add(sent);
        recorder.add(draft(EventType.SEND, sent)
                .token(sent.token())
                .limit(sent.limit())
                .text(sent.text()));
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        int count;
        try {
            count = transport.read(buffer, offset, length, timeoutNanos);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            end("error: " + e);
            throw e;
        }
        if (count < 0) {
            end("eof");
        }
        for (int i = offset; i < offset + count; i++) {
            if (buffer[i] == '\n') {
                receive(reply.toString(StandardCharsets.UTF_8).replaceFirst("\r+$", ""));
                reply.reset();
            } else {
                reply.write(buffer[i]);
            }
        }
        return count;
    }

    private void receive(String line) {
        SentRequest of = pending.poll();
        Draft draft = of == null ? Draft.of(EventType.RECEIVE, actor).conn(conn) : draft(EventType.RECEIVE, of);
        recorder.add(draft.text(line).token(of == null ? null : of.grantedToken(line)));
    }

    private Draft draft(EventType type, SentRequest of) {
        return Draft.of(type, actor).conn(conn).op(of.op()).key(of.key());
    }

    @Override
    public boolean isQuiet() {
        return transport.isQuiet();
    }

    @Override
    public void watch(IdleWatch watch, IdleListener listener) {
        transport.watch(watch, listener);
    }

    @Override
    public void unwatch() throws IOException {
        transport.unwatch();
    }

    @Override
    public void close() {
        end("closed");
        transport.close();
    }

    private void end(String how) {
        if (ended.compareAndSet(false, true)) {
            recorder.add(Draft.of(EventType.CLOSE, actor).conn(conn).text(how));
        }
    }
}
