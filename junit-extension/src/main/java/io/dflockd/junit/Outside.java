package io.dflockd.junit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Settings from outside the code, in the order in which they count: system properties, the environment, JUnit's configuration parameters. An empty one counts as none.
 *
 * @param property the system properties
 * @param environment the environment variables
 * @param parameter JUnit's configuration parameters
 */
record Outside(
        Function<String, Optional<String>> property,
        Function<String, Optional<String>> environment,
        Function<String, Optional<String>> parameter) {

    /**
     * A setting, and who said it.
     *
     * @param source as messages name it
     */
    record Setting(String value, String source) {

        /** A complaint about it. */
        ExtensionConfigurationException refuse(String must) {
            return new ExtensionConfigurationException("the " + source + " is '" + value + "': " + must);
        }
    }

    static Outside of(ExtensionContext context) {
        Map<String, String> variables = System.getenv();
        return new Outside(
                name -> Optional.ofNullable(System.getProperty(name)),
                name -> Optional.ofNullable(variables.get(name)),
                context::getConfigurationParameter);
    }

    /** The setting with this name, which is that of a property: {@code dflockd.backend}. */
    Optional<Setting> get(String name) {
        String variable = variable(name);
        List<Optional<Setting>> found = List.of(
                setting(property.apply(name), "system property " + name),
                setting(environment.apply(variable), "environment variable " + variable),
                setting(parameter.apply(name), "JUnit configuration parameter " + name));
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private static Optional<Setting> setting(Optional<String> value, String source) {
        return value.map(String::strip).filter(text -> !text.isEmpty()).map(text -> new Setting(text, source));
    }

    /** How the environment names it. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /**
     * Whether a container engine must be there: as {@code dflockd.container.required} says, and otherwise where {@code CI} is true.
     *
     * @throws ExtensionConfigurationException if it says something else than true or false
     */
    boolean requiresContainers() {
        Optional<Setting> said = get("dflockd.container.required");
        if (said.isEmpty()) {
            return environment.apply("CI").filter("true"::equalsIgnoreCase).isPresent();
        }
        return switch (said.get().value()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw said.get().refuse("it must be true or false");
        };
    }
}
