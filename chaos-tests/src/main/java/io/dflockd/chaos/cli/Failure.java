package io.dflockd.chaos.cli;

import io.dflockd.chaos.workload.CouldNotRunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What the user reads when a command cannot run. */
final class Failure {

    private Failure() {}

    /** One line; an exception that nobody expected shows its class, and where it came from. */
    static String oneLine(Exception e) {
        boolean speaksForItself = e.getMessage() != null && !(e instanceof FileSystemException);
        String message = speaksForItself ? e.getMessage() + "" : e.toString();
        boolean expected = e instanceof CouldNotRunException
                || e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof ParameterException
                || e instanceof TypeConversionException;
        if (!expected) {
            StackTraceElement[] trace = e.getStackTrace();
            message = "unexpected " + e + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        return message.replaceAll("\\s*\\R\\s*", " ").trim();
    }
}
