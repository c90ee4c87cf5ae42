package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The floors of docs/architecture.md: what each package may know, and what a user sees. */
@ForAnyKernel
class ArchitectureTest {

    private static final String PLUGIN = "org.ibhebb";
    /**
     * From the ground up: each may use what stands before it, so that there is no circle. A new package needs a place
     * here.
     */
    private static final List<String> FLOORS = List.of("internal.file", "rule", "internal.arithmetic", "internal.state",
            "internal.view", "internal.memory", "internal.term", "internal.term.window", "internal.term.prediction",
            "internal.pretraining", "memory", "internal.learner", "updater", "layer", "internal.layers",
            "spiking", "conf.layers",
            "internal.convert", "internal.archive", "internal.stream", "stream", "ledger", "internal.ledger", "",
            "listeners", "ui");
    /** What knows arrays and rules alone, so that whatever has arrays can learn by it. */
    private static final Set<String> WITHOUT_DL4J = Set.of("rule", "internal.file", "internal.arithmetic",
            "internal.state", "internal.view",
            "internal.memory", "internal.term", "internal.term.window", "internal.term.prediction",
            "internal.pretraining", "memory", "internal.learner", "updater");
    /**
     * The types that a user writes, reads or finds in a saved model. Fewer are better: thirteen are the
     * spiking ones, and this may only fall.
     */
    private static final int MOST_PUBLIC_TYPES = 46;
    /** Public for other programs than the plugin, or parts of what is public: they have no caller here. */
    private static final Set<String> FOR_OTHERS = Set.of("ModulatorySignal", "Choice", "Spiking");

    private final JavaClasses classes = new ClassFileImporter().importLocations(List.of(Location.of(plugin())));

    /** Where the plugin's own classes are, without those of its tests. */
    private static URL plugin() {
        return IbHebb.class.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void everyPackageHasAFloor() {
        assertThat(classes.stream().map(ArchitectureTest::floor).collect(Collectors.toSet()))
                .isNotEmpty().isSubsetOf(FLOORS);
    }

    @Test
    void nothingBelowKnowsWhatStandsAbove() {
        Map<String, Set<String>> upwards = new TreeMap<>();
        int arrows = 0;
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (!isOurs(to) || floor(to).equals(floor(from))) {
                    continue;
                }
                arrows++;
                if (FLOORS.indexOf(floor(to)) > FLOORS.indexOf(floor(from))) {
                    upwards.computeIfAbsent(from.getName(), name -> new TreeSet<>()).add(to.getName());
                }
            }
        }
        assertThat(upwards).isEmpty();
        // Otherwise nothing was read.
        assertThat(arrows).isGreaterThan(100);
    }

    @Test
    void theLowerFloorsKnowNoLayerOfDeeplearning4j() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass from : classes) {
            if (WITHOUT_DL4J.contains(floor(from))) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    String to = dependency.getTargetClass().getBaseComponentType().getName();
                    if (to.startsWith("org.deeplearning4j.")) {
                        found.computeIfAbsent(from.getName(), name -> new TreeSet<>()).add(to);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** Only the native form, and what chooses it, knows that there is native code. */
    @Test
    void nativeCodeIsKnownInOnePlace() {
        Set<String> callers = new TreeSet<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                if (dependency.getTargetClass().getSimpleName().equals("NativeLibrary")) {
                    callers.add(outermost(from).getSimpleName());
                }
            }
        }
        callers.remove("NativeLibrary");
        assertThat(callers).isNotEmpty()
                .isSubsetOf("NativeArithmetic", "NativePlasticity", "NativeSpiking", "NativeStream",
                        "LibraryFile", "Arithmetics", "Processor");
    }

    /** There is one chooser: everything else asks it. */
    @Test
    void aFormOfTheArithmeticIsMadeInOnePlace() {
        Set<String> makers = new TreeSet<>();
        for (JavaClass from : classes) {
            from.getConstructorCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().getAllRawInterfaces().stream()
                            .anyMatch(type -> type.getSimpleName().equals("Arithmetic")))
                    .forEach(call -> makers.add(outermost(from).getSimpleName()));
        }
        assertThat(makers).containsExactly("Arithmetics");
    }

    /** ND4J has a method that cuts strides to an int. */
    @Test
    void stridesAreNotCut() {
        Set<String> callers = new TreeSet<>();
        for (JavaClass from : classes) {
            from.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getName().equals("stride") && call.getTarget().getParameterTypes().size() == 1
                            && call.getTargetOwner().getSimpleName().equals("INDArray"))
                    .forEach(call -> callers.add(call.getDescription()));
        }
        assertThat(callers).isEmpty();
    }

    @Test
    void usersSeeFewTypes() {
        Set<String> types = new TreeSet<>();
        for (JavaClass type : classes) {
            if (isPublicType(type) && !floor(type).startsWith("internal.")) {
                types.add(type.getName());
            }
        }
        assertThat(types).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
    }

    /** An internal type is public because another package needs it, or it is not public. */
    @Test
    void internalTypesArePublicOnlyWhereAnotherPackageNeedsThem() {
        Set<String> needed = new TreeSet<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(to) && !floor(to).equals(floor(from))) {
                    needed.add(outermost(to).getName());
                }
            }
        }
        Set<String> publicOnes = new TreeSet<>();
        for (JavaClass type : classes) {
            if (isPublicType(type) && floor(type).startsWith("internal.")
                    && !FOR_OTHERS.contains(type.getSimpleName())) {
                publicOnes.add(type.getName());
            }
        }
        assertThat(needed).containsAll(publicOnes);
    }

    /** Such a test would run in neither of an ordinary build's two runs, or half of it. */
    @Test
    void testsForAnyKernelDoNotAskWhichOneThereIs() {
        Set<String> asking = new TreeSet<>();
        int tests = 0;
        URL folder = ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation();
        for (JavaClass test : new ClassFileImporter().importLocations(List.of(Location.of(folder)))) {
            JavaClass outermost = outermost(test);
            if (outermost.isAnnotatedWith(ForAnyKernel.class)) {
                tests++;
                if (test.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(NativeRun.class))) {
                    asking.add(outermost.getName());
                }
            }
        }
        assertThat(tests).isPositive();
        assertThat(asking).isEmpty();
    }

    private static boolean isPublicType(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC) && type.getEnclosingClass().isEmpty()
                && !type.getSimpleName().equals("package-info");
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(PLUGIN) || type.getPackageName().startsWith(PLUGIN + ".");
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static String floor(JavaClass type) {
        String name = type.getPackageName().substring(PLUGIN.length());
        return name.isEmpty() ? name : name.substring(1);
    }
}
