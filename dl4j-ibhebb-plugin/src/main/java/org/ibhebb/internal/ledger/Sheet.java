package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Ledger.Row;

/** Takes down operations in the order in which they are done. */
final class Sheet {

    private final int valueBytes;
    private final List<Row> rows = new ArrayList<>();
    private String layer = "";
    private Phase phase = Phase.FORWARD;
    private int visit;

    Sheet(int valueBytes) {
        this.valueBytes = valueBytes;
    }

    /** An array of so many values. */
    Array array(String name, Kind kind, long values) {
        return new Array(name, kind, Math.multiplyExact(values, valueBytes));
    }

    long bytes(long values) {
        return values * valueBytes;
    }

    /** The walk comes to a layer, once more. */
    void visit(String next, Phase of) {
        visit++;
        stay(next, of);
    }

    /** What follows is of this layer, but no visit of its own. */
    void stay(String next, Phase of) {
        layer = next;
        phase = of;
    }

    /** An operation of the plugin's arithmetic; null stands for an array that there is not. */
    void seam(String operation, long macs, double active, Access... accesses) {
        add(operation, true, macs, active, false, accesses);
    }

    void seam(String operation, Access... accesses) {
        seam(operation, 0, 1, accesses);
    }

    /** Any other operation. */
    void other(String operation, long macs, double active, Access... accesses) {
        add(operation, false, macs, active, false, accesses);
    }

    void other(String operation, Access... accesses) {
        other(operation, 0, 1, accesses);
    }

    /**
     * Any operation.
     *
     * @param active the share of multiply-accumulates that have no operand of 0
     * @param binary whether one operand is a zero or a one, so that nothing has to be multiplied
     */
    void add(String operation, boolean seam, long macs, double active, boolean binary, Access... accesses) {
        long effective = Math.round(macs * active);
        rows.add(new Row(layer, phase, operation, seam, visit, macs, binary ? 0 : effective, binary ? effective : 0,
                Arrays.stream(accesses).filter(Objects::nonNull).toList()));
    }

    List<Row> rows() {
        return rows;
    }
}
