package org.ibhebb.internal.ledger;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;

/** What the windows of a step compare, and what their layers share. */
final class Windows {

    private final List<Stage> stages;
    private final Sheet sheet;
    private final Arrays arrays;
    private final Memory memory;
    private final long rows;
    private final long steps;
    private final boolean lean;
    /** What has been computed once, for all layers. */
    private final Set<String> shared = new HashSet<>();
    private boolean inputs;

    /**
     * @param rows of a mini-batch that have a label each
     * @param steps so many of them a sample
     * @param lean whether nothing is counted but what the rule asks for
     */
    Windows(List<Stage> stages, Sheet sheet, Arrays arrays, Memory memory, long rows, long steps, boolean lean) {
        this.stages = stages;
        this.sheet = sheet;
        this.arrays = arrays;
        this.memory = memory;
        this.rows = rows;
        this.steps = steps;
        this.lean = lean;
    }

    void labels(Stage output) {
        if (memory.copiesWindows()) {
            memory.plan().forEach(placement -> copyOfWindow("labels", output.maps(), placement));
        }
    }

    private void copyOfWindow(String name, long width, Placement placement) {
        long part = sheet.bytes(placement.window() * width);
        sheet.other("copy window", memory.ring(name, width).read(part),
                arrays.of(name + " window " + placement.from(), Kind.SCRATCH, placement.window() * width)
                        .write(part));
    }

    void of(Stage stage, Array signal) {
        long width = inputWidth();
        if (readsInput() && !inputs) {
            inputs = true;
            memory.remember("inputs", width, memory.asRemembered(arrays.below(stages.get(0), 0), rows, givenWidth()));
            if (memory.copiesWindows()) {
                memory.plan().forEach(placement -> copyOfWindow("inputs", width, placement));
            }
        }
        for (Placement placement : memory.plan()) {
            boolean add = false;
            for (Objective objective : stage.rule().objectives()) {
                if (objective.kind() != Objective.Kind.PREDICTION) {
                    objective(stage, placement, objective, add, signal);
                    add = true;
                }
            }
            if (!add) {
                sheet.other("no signal of a window", signal.write(part(stage, placement)));
            }
        }
    }

    private boolean readsInput() {
        return stages.stream().anyMatch(each -> each.rule() != null && each.rule().readsInput());
    }

    /** Of a row of the network's inputs. */
    private long givenWidth() {
        return stages.get(0).in() / steps;
    }

    private long inputWidth() {
        return readsInput() ? memory.inputWidth(givenWidth()) : givenWidth();
    }

    private long part(Stage stage, Placement placement) {
        return sheet.bytes(placement.count() * stage.pooled());
    }

    private Array square(String name, Placement placement) {
        long n = placement.window();
        return arrays.of(name + " of window " + placement.from(), Kind.SIGNAL, n * n);
    }

    private Array labelKernel(Placement placement, Objective objective) {
        Array kernel = square("Ky " + objective.labels(), placement);
        if (shared.add(kernel.name())) {
            for (Stage output : Stages.outputs(stages)) {
                long n = placement.window();
                long c = output.maps();
                boolean real = !Labels.areProbabilities(((BaseOutputLayer) output.layer()).getLossFn());
                String operation = Labels.comparesClasses(objective.labels(), real) ? "sameLabel" : "gaussian";
                sheet.seam(operation, n * n * c, 1, memory.ring("labels", c).read(sheet.bytes(n * c)),
                        kernel.write());
            }
        }
        return kernel;
    }

    private Array centred(Placement placement, Objective objective) {
        Array labels = labelKernel(placement, objective);
        Array centred = square("H Ky H " + objective.labels(), placement);
        if (shared.add(centred.name())) {
            sheet.seam("centre", labels.read(), centred.write());
        }
        return centred;
    }

    private Array balance(Placement placement, Objective objective) {
        Array inputKernel = square("Kx " + objective.sigmaX(), placement);
        if (shared.add(inputKernel.name())) {
            long n = placement.window();
            long width = inputWidth();
            // Copies of windows, as several of them are, keep nothing, and neither do samples that are recalled.
            Access kept = memory.plan().size() == 1 && memory.isExact() ? products("inputs", width, placement) : null;
            sheet.seam("gaussian", kept == null ? n * n * width : 0, 1,
                    memory.ring("inputs", width).read(sheet.bytes(n * width)), kept, inputKernel.write());
        }
        Array labels = labelKernel(placement, objective);
        Array balance = square("balance " + objective.sigmaX() + objective.gamma() + objective.labels(), placement);
        if (shared.add(balance.name())) {
            sheet.seam("centre", inputKernel.read(), labels.read(), balance.write());
        }
        return balance;
    }

    private void objective(Stage stage, Placement placement, Objective objective, boolean add, Array signal) {
        Array ring = memory.ring(stage.name(), stage.pooled());
        if (objective.groups() == 0) {
            objective(stage, placement, objective, ring, stage.pooled(), add, signal);
            return;
        }
        long groups = objective.groups();
        Array sizes = arrays.of("group sizes", Kind.SIGNAL, placement.window() * groups);
        Array values = arrays.of("group values", Kind.SIGNAL, placement.window() * groups);
        Array gradient = arrays.of("group gradient", Kind.SIGNAL, placement.count() * groups);
        long of = sheet.bytes(placement.window() * stage.pooled());
        long part = part(stage, placement);
        sheet.seam("group", ring.read(of), sizes.write(), values.write());
        objective(stage, placement, objective, values, groups, false, gradient);
        sheet.seam("ungroup", ring.read(part), sizes.read(sheet.bytes(placement.count() * groups)),
                gradient.read(), add ? signal.update(part) : signal.write(part));
    }

    /**
     * One objective of single columns: units, or groups of them, of which nothing is kept.
     *
     * @param compared what it compares
     * @param d its columns
     */
    private void objective(Stage stage, Placement placement, Objective objective, Array compared, long d,
            boolean add, Array signal) {
        long n = placement.window();
        long count = placement.count();
        long part = sheet.bytes(count * d);
        Access rows = compared.read(sheet.bytes(n * d));
        Access own = add ? signal.update(part) : signal.write(part);
        boolean ofItself = objective.kind() == Objective.Kind.HSIC_ZZ
                || objective.kind() == Objective.Kind.NORMALIZED_HSIC;
        boolean all = ofItself || objective.kernel().type() == Kernel.Type.MEDIAN_GAUSSIAN;
        // Of rows that are all new nothing is known.
        Access kept = all && count < n && memory.isExact() && objective.groups() == 0
                ? products(stage.name(), d, placement)
                : null;
        boolean directions = objective.kernel().type() == Kernel.Type.COSINE && !ofItself;
        long withAll = kept != null || directions ? 0 : all ? n : count;
        long macs = withAll * n * d + count * n * d;
        // Similarities of current samples to all, or of all to all, and the product of them with the rows.
        long matrices = all ? objective.kind() == Objective.Kind.NORMALIZED_HSIC ? 2 * n * n : n * n : count * n;
        Access similarities = arrays.of("similarities", Kind.SCRATCH, matrices).update();
        Access product = arrays.of("product", Kind.SCRATCH, count * d).update();
        long some = sheet.bytes(count * n);
        // Once to compare, once to move; and the signal is made 0 before it is added to.
        Access rowsAgain = rows;
        Access ownAgain = lean || add ? null : signal.update(part);
        switch (objective.kind()) {
            case NEIGHBOURHOOD -> sheet.seam("neighbourhood", macs, 1, rows,
                    labelKernel(placement, objective).read(some), kept, rowsAgain, similarities, product,
                    own, ownAgain);
            case HSIC -> sheet.seam("throughKernel", macs, 1, rows, balance(placement, objective).read(some), kept,
                    rowsAgain, similarities, product,
                    own, ownAgain);
            case REFERENCE -> sheet.seam("throughKernel", macs, 1, rows,
                    diagonalOnly(placement, objective).read(some), kept, rowsAgain, similarities, product,
                    own, ownAgain);
            case HSIC_ZZ -> sheet.seam("hsicZz", macs, 1, rows, centred(placement, objective).read(some), kept,
                    rowsAgain, similarities, product,
                    own, ownAgain);
            case NORMALIZED_HSIC -> sheet.seam("normalizedHsic", macs, 1, rows,
                    centred(placement, objective).read(), kept, rowsAgain, similarities, product,
                    own, ownAgain);
            default -> throw new IllegalArgumentException("layer '" + stage.name() + "': the ledger does not count"
                    + " the objective " + objective);
        }
    }

    private Array diagonalOnly(Placement placement, Objective objective) {
        Array balance = balance(placement, objective);
        Array diagonal = square("reference " + objective.sigmaX() + objective.gamma() + objective.labels(),
                placement);
        if (shared.add(diagonal.name())) {
            sheet.seam("diagonalOnly", balance.read(sheet.bytes(placement.window())), diagonal.write());
        }
        return diagonal;
    }

    /** The inner products that a ring keeps, brought up to date by the first one who asks for them. */
    private Access products(String name, long width, Placement placement) {
        long capacity = memory.capacity();
        long n = placement.window();
        Array kept = arrays.of(name + " products", Kind.MEMORY, capacity * capacity);
        if (shared.add(kept.name() + placement.from())) {
            // Of the windows before this one nobody asked.
            long fresh = memory.plan().size() == 1 ? placement.count() : n;
            long part = sheet.bytes(fresh * capacity);
            if (!lean) {
                sheet.seam("copyRows", kept.read(part),
                        arrays.of(name + " products overwritten", Kind.SCRATCH, capacity * capacity).write(part));
            }
            sheet.seam("products", fresh * n * width, 1, memory.ring(name, width).read(sheet.bytes(n * width)),
                    kept.write(2 * sheet.bytes(fresh * n)));
        }
        return kept.read(sheet.bytes(n * n));
    }
}
