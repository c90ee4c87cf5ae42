package org.ibhebb.samples;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rooms of this program: imports go down, never up. */
class RoomsTest {

    private static final String PROGRAM = "org.ibhebb.samples";
    /** Each may use what stands behind it. The first is the program's own package, which holds its main class alone. */
    private static final List<String> FLOORS = List.of("", "command", "experiment", "stream", "suite", "programs",
            "bench", "fidelity", "training", "data", "report", "folder", "option");
    /** Rooms that stand for themselves: what is copied from them must not need this program. */
    private static final Set<String> ALONE = Set.of("programs");
    private static final int MOST_ARROWS = 50;

    private final JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void noRoomNeedsItselfThroughOthers() {
        slices().matching(PROGRAM + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void importsGoDown() {
        Map<String, Set<String>> arrows = arrows();
        assertThat(arrows).isNotEmpty().allSatisfy((from, all) -> assertThat(all).allSatisfy(to ->
                assertThat(FLOORS.indexOf(to)).as("the floor of %s, which %s uses", to, from)
                        .isGreaterThan(FLOORS.indexOf(from))));
        assertThat(arrows.values().stream().mapToInt(Set::size).sum()).isLessThanOrEqualTo(MOST_ARROWS);
    }

    @Test
    void everyRoomIsOnAFloor() {
        assertThat(classes.stream().map(RoomsTest::room).collect(Collectors.toSet())).isSubsetOf(FLOORS);
    }

    @Test
    void whatIsToBeCopiedStandsForItself() {
        assertThat(arrows().keySet()).doesNotContainAnyElementsOf(ALONE);
    }

    /** From each room to those that it uses. */
    private Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (to.getPackageName().startsWith(PROGRAM) && !room(to).equals(room(from))) {
                    arrows.computeIfAbsent(room(from), first -> new TreeSet<>()).add(room(to));
                }
            }
        }
        return arrows;
    }

    private static String room(JavaClass of) {
        String name = of.getPackageName().substring(PROGRAM.length());
        return name.isEmpty() ? name : name.substring(1);
    }
}
