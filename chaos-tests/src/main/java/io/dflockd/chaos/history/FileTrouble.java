package io.dflockd.chaos.history;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** What is wrong with a file, in words: the JDK's messages are often its name alone. */
public final class FileTrouble {

    private FileTrouble() {}

    /** The name of the file and what is wrong with it; what is said of no file is left as it is. */
    public static String words(IOException e) {
        return e instanceof FileSystemException trouble ? trouble.getFile() + ": " + reason(e) : e.getMessage() + "";
    }

    /** What is wrong, without the name. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        String told = e instanceof FileSystemException trouble ? trouble.getReason() : e.getMessage();
        return told == null || told.isEmpty()
                ? e.toString()
                : told.substring(0, 1).toLowerCase(Locale.ROOT) + told.substring(1);
    }
}
