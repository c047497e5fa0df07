package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;

import io.dflockd.fake.FakeDflockdServer;

class LeakCheckTest {
    static void armUnused(FakeDflockdServer server) {
        server.on(acquire("never")).at(BEFORE_APPLY).then(reset());
    }
}
