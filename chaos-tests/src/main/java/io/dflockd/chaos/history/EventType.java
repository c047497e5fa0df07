package io.dflockd.chaos.history;

/** What an event says (PROPERTIES.md section 1). The first group is the server's truth, the second the clients', the third the nemesis'. */
public enum EventType {
    CONNECT,
    DISCONNECT,
    ENQUEUE,
    AWAIT,
    GRANT,
    RENEW,
    REARM,
    RELEASE,
    EXPIRE,
    REVOKE,
    DROP,
    REJECT,
    REPLY,

    INVOKE,
    OPEN,
    SEND,
    RECEIVE,
    CLOSE,
    RETURN,
    LOST,
    ENTER,
    EXIT,

    FAULT,
    HEAL
}
