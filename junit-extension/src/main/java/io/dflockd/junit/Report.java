package io.dflockd.junit;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server saw until a test failed. It is attached to the failure, since many tools show that and nothing else; published as a report entry; and published as a
 * file, which has all of it, where JUnit can do that.
 */
final class Report {

    private static final Logger LOG = LoggerFactory.getLogger(Report.class);
    private static final int SHORT = 40;
    private final String name;
    private final String inShort;
    private final String inFull;

    private Report(String name, String inShort, String inFull) {
        this.name = name;
        this.inShort = inShort;
        this.inFull = inFull;
    }

    /** As it is now. */
    static Report of(Claim claim, RunningServer server) {
        String name = claim.settings().name();
        String title = name.isEmpty() ? "" : "server \"" + name + "\": ";
        return new Report(
                name.isEmpty() ? "dflockd" : "dflockd-" + name,
                title + server.backEnd().story(SHORT),
                title + server.backEnd().story(Integer.MAX_VALUE));
    }

    /** Shows it below the failure's own stack trace. */
    Report attachTo(Throwable failure) {
        failure.addSuppressed(new WhatTheServerSaw(inShort));
        return this;
    }

    /** Publishes it for whoever listens. */
    void publish(ExtensionContext context) {
        context.publishReportEntry(name, inShort);
        ReportFile.publish(context, name + ".txt", inFull);
    }

    /** Tells of what a test has left behind, as strictly as was asked for. */
    void tellLeaks(ExtensionContext test, List<String> leaks, LeakCheck how) {
        String text = "the test left something behind:\n" + Wrapped.list(leaks)
                + "\nWhere this is meant: leakCheck = WARN or OFF.";
        if (how == LeakCheck.WARN) {
            LOG.warn("{}: {}\n{}", test.getDisplayName(), text, inShort);
            test.publishReportEntry(Map.of(name + "-leaks", text));
            publish(test);
            return;
        }
        AssertionError failure = new AssertionError(text);
        failure.setStackTrace(new StackTraceElement[0]);
        attachTo(failure).publish(test);
        throw failure;
    }
}
