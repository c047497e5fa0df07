package io.dflockd.client.failure;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Somebody's main method that closes nothing: a lease is held and renewed, a place is kept, a loss is being told, a thread of the user waits. */
final class ForgetfulProgram {

    private ForgetfulProgram() {}

    public static void main(String[] args) throws InterruptedException {
        DflockdClient client = DflockdClient.connect(args[0]);
        Lease lost = client.lock("lost")
                .withLease(Duration.ofSeconds(1))
                .withoutRenewal()
                .acquire();
        CountDownLatch told = new CountDownLatch(1);
        lost.onLost(loss -> {
            told.countDown();
            blockForEver();
        });
        told.await();
        Lease lease = client.lock("orders").withRenewRatio(0.01).acquire();
        Enqueued place = client.lock("orders").enqueue();
        client.lock("pooled").acquire().close();
        System.out.println("held " + lease.isHeld() + ", " + place.status());
    }

    private static void blockForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
