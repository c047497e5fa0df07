package io.dflockd.fake.engine;

/** What an enqueue left for the await of the same connection and key: a place in the queue, or the grant that came of it. */
sealed interface Entry permits Waiter, Holder {}
