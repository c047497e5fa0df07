package io.dflockd.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Gives all that is logged in tests to the {@link LogTap} of its thread. */
public final class TapProvider implements SLF4JServiceProvider {

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return TapLogger::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // Nothing to prepare.
    }

    private static final class TapLogger extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1L;

        TapLogger(String name) {
            this.name = name;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                @Nullable Object[] arguments,
                @Nullable Throwable thrown) {
            LogTap.log(level, name, pattern, arguments, thrown);
        }

        @Override
        public boolean isTraceEnabled() {
            return LogTap.isOpen();
        }

        @Override
        public boolean isDebugEnabled() {
            return LogTap.isOpen();
        }

        @Override
        public boolean isInfoEnabled() {
            return LogTap.isOpen();
        }

        @Override
        public boolean isWarnEnabled() {
            return LogTap.isOpen();
        }

        @Override
        public boolean isErrorEnabled() {
            return LogTap.isOpen();
        }
    }
}
