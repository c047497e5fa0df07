package io.dflockd.fake;

import io.dflockd.fake.journal.RecordedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A server on a manual clock, or another one that a test starts in its place, the clients of it, and its journal as lines; all of it is closed after the test. */
class JournalStage {

    private final List<AutoCloseable> open = new ArrayList<>();
    FakeDflockdServer server = start(FakeOptions.defaults().withManualClock());

    @AfterEach
    void close_all() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    final FakeDflockdServer start(FakeOptions options) {
        FakeDflockdServer started = FakeDflockdServer.start(options);
        open.add(started);
        return started;
    }

    RawClient client() throws IOException {
        RawClient client = new RawClient(server);
        open.add(client);
        return client;
    }

    List<String> lines() {
        return server.journal().requests().stream()
                .map(RecordedRequest::toString)
                .toList();
    }
}
