package io.dflockd.chaos.history;

/** What an event says (PROPERTIES.md section 1). The first group is the server's truth, the second the clients', the third the nemesis'. */
public enum EventType {
    CONNECT(""),
    DISCONNECT(""),
    ENQUEUE("k"),
    AWAIT("k"),
    GRANT("kt"),
    RENEW("kt"),
    REARM("kt"),
    RELEASE("kt"),
    EXPIRE("kt"),
    REVOKE("kt"),
    DROP("kx"),
    REJECT("kx"),
    REPLY("x"),

    INVOKE("x"),
    OPEN("c"),
    SEND("cx"),
    RECEIVE("cx"),
    CLOSE("cx"),
    RETURN("x"),
    LOST("ktx"),
    ENTER("kt"),
    EXIT("kt"),

    FAULT("x"),
    HEAL("x");

    /** The fields an event of this type cannot be without: c(onn), k(ey), t(oken), te(x)t. */
    private final String needs;

    EventType(String needs) {
        this.needs = needs;
    }

    /** Whether it is the server's truth, which has the engine's time. */
    boolean isServers() {
        return compareTo(REPLY) <= 0;
    }

    boolean needsConn() {
        return needs.indexOf('c') >= 0;
    }

    boolean needsKey() {
        return needs.indexOf('k') >= 0;
    }

    boolean needsToken() {
        return needs.indexOf('t') >= 0;
    }

    boolean needsText() {
        return needs.indexOf('x') >= 0;
    }
}
