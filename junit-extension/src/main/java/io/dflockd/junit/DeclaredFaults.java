package io.dflockd.junit;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.FaultSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The faults that annotations ask for on one server, checked, in the order in which they will be armed: the method's first, then the classes' from the inside out, the
 * latency of all requests last.
 */
final class DeclaredFaults {

    private record Declared(FaultSpec fault, String where, boolean mustStrike) {}

    private final List<Declared> faults = new ArrayList<>();

    /**
     * The faults of this test on this server.
     *
     * @throws ExtensionConfigurationException if one of them is none
     */
    static DeclaredFaults of(ExtensionContext test, Claim claim) {
        DeclaredFaults declared = new DeclaredFaults();
        List<ExtensionContext> homes = Contexts.homes(test);
        for (int i = homes.size() - 1; i >= 0; i--) {
            ExtensionContext home = homes.get(i);
            for (DflockdFault fault : at(home)) {
                if (fault.server().equals(claim.settings().name())) {
                    declared.faults.add(new Declared(parse(fault, home), where(fault, home), Contexts.isOfTest(home)));
                }
            }
            if (home.getUniqueId().equals(claim.home().getUniqueId())) {
                break; // a server has the faults of where it is declared, and of what is inside
            }
        }
        claim.settings()
                .latency()
                .ifPresent(latency -> declared.faults.add(
                        new Declared(latency, claim.settings().where(), false)));
        return declared;
    }

    /** The servers of which faults are asked for. */
    static Set<String> servers(ExtensionContext test) {
        Set<String> names = new LinkedHashSet<>();
        Contexts.homes(test).forEach(home -> at(home).forEach(fault -> names.add(fault.server())));
        return names;
    }

    private static List<DflockdFault> at(ExtensionContext home) {
        return AnnotationSupport.findRepeatableAnnotations(home.getElement(), DflockdFault.class);
    }

    private static FaultSpec parse(DflockdFault fault, ExtensionContext home) {
        try {
            return FaultSpec.parse(fault.value());
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(where(fault, home) + ": " + e.getMessage(), e);
        }
    }

    private static String where(DflockdFault fault, ExtensionContext home) {
        String method =
                home.getTestMethod().map(one -> '.' + one.getName() + "()").orElse("");
        return "@DflockdFault(\"" + fault.value() + "\") on "
                + home.getRequiredTestClass().getName() + method;
    }

    /**
     * Arms them.
     *
     * @return those that need not strike: only a method's own must
     * @throws ExtensionConfigurationException if one makes no sense on this server
     */
    List<FaultHandle> arm(RunningServer server) {
        List<FaultHandle> free = new ArrayList<>();
        for (Declared declared : faults) {
            FakeDflockdServer fake = server.backEnd()
                    .fake()
                    .orElseThrow(() -> new ExtensionConfigurationException(declared.where
                            + ": faults need the fake, and this is " + server.backEnd() + ". " + FakeOnly.ADVICE));
            try {
                FaultHandle handle = declared.fault.arm(fake::on);
                if (!declared.mustStrike) {
                    free.add(handle);
                }
            } catch (IllegalArgumentException e) {
                throw new ExtensionConfigurationException(declared.where + ": " + e.getMessage(), e);
            }
        }
        return free;
    }
}
