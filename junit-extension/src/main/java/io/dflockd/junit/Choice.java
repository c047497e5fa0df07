package io.dflockd.junit;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.junit.Outside.Setting;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Which kind of server it is to be, decided.
 *
 * @param backend never {@link Backend#CONFIGURED}
 * @param source who decided, as messages name it
 * @param image of a container; empty for the standard one
 * @param address of an external server; empty if it is none
 */
record Choice(Backend backend, String source, Optional<String> image, Optional<ServerAddress> address) {

    private static final String WORDS =
            "it must be fake, container, container:IMAGE, external or external:HOST:PORT, where HOST may be [IPV6]";

    /** What {@code dflockd.backend} says: a word, and what stands behind its colon. */
    private record Said(Backend backend, Optional<Setting> detail) {

        static Said of(Setting setting) {
            String[] parts = setting.value().split(":", 2);
            Optional<Setting> detail =
                    parts.length == 1 ? Optional.empty() : Optional.of(new Setting(parts[1], setting.source()));
            if (detail.filter(text -> text.value().isBlank()).isPresent()) {
                throw setting.refuse(WORDS);
            }
            return switch (parts[0]) {
                case "container" -> new Said(Backend.CONTAINER, detail);
                case "external" -> new Said(Backend.EXTERNAL, detail);
                case "fake" -> {
                    if (detail.isPresent()) {
                        throw setting.refuse(WORDS);
                    }
                    yield new Said(Backend.FAKE, detail);
                }
                default -> throw setting.refuse(WORDS);
            };
        }
    }

    /**
     * Decides. What the code says counts first.
     *
     * @throws ExtensionConfigurationException if what decides makes no sense, or an external server has no address
     */
    static Choice of(Settings settings, Outside outside) {
        Optional<Setting> configured = outside.get("dflockd.backend");
        if (settings.backend() == Backend.FAKE || (settings.backend() == Backend.CONFIGURED && configured.isEmpty())) {
            return new Choice(Backend.FAKE, settings.where(), Optional.empty(), Optional.empty());
        }
        Optional<Said> said = configured.map(Said::of);
        boolean inCode = settings.backend() != Backend.CONFIGURED;
        Backend backend = inCode ? settings.backend() : said.orElseThrow().backend();
        String source = inCode ? settings.where() : configured.orElseThrow().source();
        Optional<Setting> detail = said.filter(one -> one.backend() == backend).flatMap(Said::detail);
        return switch (backend) {
            case CONTAINER -> {
                Optional<Setting> image = detail.or(() -> outside.get("dflockd.image"));
                yield new Choice(backend, source, image.map(Setting::value), Optional.empty());
            }
            case EXTERNAL -> {
                ServerAddress address = address(settings, detail, outside, source);
                yield new Choice(backend, source, Optional.empty(), Optional.of(address));
            }
            default -> new Choice(backend, source, Optional.empty(), Optional.empty());
        };
    }

    /** Servers with different names have different addresses, or they would be one. */
    private static ServerAddress address(Settings settings, Optional<Setting> detail, Outside outside, String source) {
        String name = settings.name();
        String property = name.isEmpty() ? "dflockd.address" : "dflockd.address." + name;
        Setting found = settings.address()
                .map(text -> new Setting(text, "address of " + settings.where()))
                .or(() -> detail.filter(one -> name.isEmpty()))
                .or(() -> outside.get(property))
                .orElseThrow(() -> new ExtensionConfigurationException(settings.where() + ": "
                        + Settings.called(name) + " is external (" + source
                        + ") and has no address: set the system property "
                        + property + " or the environment variable " + Outside.variable(property)
                        + (name.isEmpty() ? ", or say external:HOST:PORT" : "")));
        try {
            return ServerAddress.parse(found.value());
        } catch (IllegalArgumentException e) {
            throw found.refuse(String.valueOf(e.getMessage()));
        }
    }

    /** As messages name it: what it is, and who says so. */
    @Override
    public String toString() {
        String which =
                switch (backend) {
                    case CONTAINER ->
                        "container" + image.map(name -> " of " + name).orElse("");
                    case EXTERNAL -> "external" + address.map(at -> " at " + at).orElse("");
                    default -> "fake";
                };
        return which + " (" + source + ')';
    }
}
