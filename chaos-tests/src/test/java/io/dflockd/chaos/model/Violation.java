package io.dflockd.chaos.model;

import io.dflockd.chaos.check.Result;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A property of PROPERTIES.md section 2 does not hold. Each property has a class of its own, because jqwik shrinks only towards failures of the same class, and
 * the table of mutants names the property by it.
 */
abstract class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private transient List<Step> steps = List.of();
    private transient List<String> judgement = List.of();

    private Violation(String message) {
        super(message);
    }

    /** The same, with what had happened before, and what the checks of histories say of that. */
    Violation after(List<Step> taken, List<Result> judged) {
        steps = List.copyOf(taken);
        judgement = judged.stream().map(Result::property).toList();
        return this;
    }

    @Override
    public String getMessage() {
        return super.getMessage() + "\njudged from the history: " + judgement + "\nafter " + steps.size()
                + " steps:\n  " + steps.stream().map(Step::toString).collect(Collectors.joining("\n  "));
    }

    /** The only place that makes them. */
    static Violation of(String property, String message) {
        String text = property + ": " + message;
        return switch (property) {
            case "P1" -> new P1(text);
            case "P2" -> new P2(text);
            case "P4" -> new P4(text);
            case "P5" -> new P5(text);
            case "P6" -> new P6(text);
            case "P7" -> new P7(text);
            case "P8" -> new P8(text);
            case "P9" -> new P9(text);
            case "P10" -> new P10(text);
            case "P11" -> new P11(text);
            case "P12" -> new P12(text);
            case "P13" -> new P13(text);
            case "P15" -> new P15(text);
            default -> throw new IllegalArgumentException("no such property: " + property);
        };
    }

    static final class P1 extends Violation {
        private static final long serialVersionUID = 1L;

        P1(String message) {
            super(message);
        }
    }

    static final class P2 extends Violation {
        private static final long serialVersionUID = 1L;

        P2(String message) {
            super(message);
        }
    }

    static final class P4 extends Violation {
        private static final long serialVersionUID = 1L;

        P4(String message) {
            super(message);
        }
    }

    static final class P5 extends Violation {
        private static final long serialVersionUID = 1L;

        P5(String message) {
            super(message);
        }
    }

    static final class P6 extends Violation {
        private static final long serialVersionUID = 1L;

        P6(String message) {
            super(message);
        }
    }

    static final class P7 extends Violation {
        private static final long serialVersionUID = 1L;

        P7(String message) {
            super(message);
        }
    }

    static final class P8 extends Violation {
        private static final long serialVersionUID = 1L;

        P8(String message) {
            super(message);
        }
    }

    static final class P9 extends Violation {
        private static final long serialVersionUID = 1L;

        P9(String message) {
            super(message);
        }
    }

    static final class P10 extends Violation {
        private static final long serialVersionUID = 1L;

        P10(String message) {
            super(message);
        }
    }

    static final class P11 extends Violation {
        private static final long serialVersionUID = 1L;

        P11(String message) {
            super(message);
        }
    }

    static final class P12 extends Violation {
        private static final long serialVersionUID = 1L;

        P12(String message) {
            super(message);
        }
    }

    static final class P13 extends Violation {
        private static final long serialVersionUID = 1L;

        P13(String message) {
            super(message);
        }
    }

    static final class P15 extends Violation {
        private static final long serialVersionUID = 1L;

        P15(String message) {
            super(message);
        }
    }
}
