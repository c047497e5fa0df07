package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.fake.FakeDflockdServer;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OSGi reads about the three published modules says the same as what Java reads about them. */
class BundleTest {

    /** One package or name of a header, with all that is said about it; a comma between quotes is part of a version. */
    private static final Pattern CLAUSE = Pattern.compile("([\\w.]+)((?:;[\\w.:]+=(?:\"[^\"]*\"|[^,;\"]+))*)(?:,|$)");

    @ParameterizedTest
    @ValueSource(classes = {DflockdClient.class, FakeDflockdServer.class, WithDflockd.class})
    void bundle_and_module_have_the_same_name_and_export_the_same_packages(Class<?> type) throws Exception {
        Bundle bundle = Bundle.of(type);

        assertThat(bundle.header("Bundle-SymbolicName"))
                .containsOnlyKeys(bundle.module().name());
        assertThat(bundle.header("Export-Package").keySet())
                .containsExactlyInAnyOrderElementsOf(bundle.module().exports().stream()
                        .filter(export -> !export.isQualified())
                        .map(Exports::source)
                        .toList())
                .noneMatch(name -> name.endsWith(".internal") || name.endsWith(".server"));
    }

    @ParameterizedTest
    @ValueSource(classes = {DflockdClient.class, FakeDflockdServer.class, WithDflockd.class})
    void what_is_annotated_only_needs_no_annotations_at_run_time(Class<?> type) throws Exception {
        assertThat(Bundle.of(type).header("Import-Package").get("org.jspecify.annotations"))
                .contains("resolution:=optional");
    }

    /** The jar's bytes depend on the sources only. */
    @ParameterizedTest
    @ValueSource(classes = {DflockdClient.class, FakeDflockdServer.class, WithDflockd.class})
    void no_header_says_when_or_where_it_was_built(Class<?> type) throws Exception {
        assertThat(Bundle.of(type).headers().keySet())
                .extracting(Object::toString)
                .doesNotContain("Bnd-LastModified", "Tool", "Built-By", "Build-Jdk");
    }

    @Test
    void the_client_needs_slf4j_and_may_have_micrometer() throws Exception {
        Map<String, String> imports = Bundle.of(DflockdClient.class).header("Import-Package");

        assertThat(imports.get("io.micrometer.core.instrument")).contains("resolution:=optional");
        assertThat(imports.get("org.slf4j")).isNotNull().doesNotContain("optional");
        assertThat(imports.keySet())
                .containsExactlyInAnyOrderElementsOf(List.of(
                        "io.micrometer.core.instrument", "javax.net.ssl", "org.jspecify.annotations", "org.slf4j"));
    }

    @Test
    void the_extension_may_have_testcontainers() throws Exception {
        Map<String, String> imports = Bundle.of(WithDflockd.class).header("Import-Package");

        assertThat(imports.keySet()).contains("org.testcontainers", "org.testcontainers.containers");
        assertThat(imports).allSatisfy((name, how) -> assertThat(how.contains("resolution:=optional"))
                .as(name)
                .isEqualTo(name.matches("org\\.testcontainers.*|com\\.github\\..*|org\\.jspecify.*")));
    }

    /** What a class came from, be it a jar or a folder: what the manifest says, and what the module says. */
    private record Bundle(Attributes headers, ModuleDescriptor module) {

        static Bundle of(Class<?> type) throws Exception {
            Path place = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            ModuleReference module = ModuleFinder.of(place).findAll().iterator().next();
            try (ModuleReader reader = module.open();
                    InputStream manifest = reader.open("META-INF/MANIFEST.MF").orElseThrow()) {
                return new Bundle(new Manifest(manifest).getMainAttributes(), module.descriptor());
            }
        }

        Map<String, String> header(String name) {
            return CLAUSE.matcher(headers.getValue(name))
                    .results()
                    .collect(Collectors.toMap(clause -> clause.group(1), clause -> clause.group(2)));
        }
    }
}
