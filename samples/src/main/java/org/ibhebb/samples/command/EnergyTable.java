package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.ibhebb.ledger.Ledger;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Published energies of single operations. What comes of them is arithmetic, not a measurement: every
 * multiply-accumulate costs one multiplication, one addition and two operands from near memory, and every byte of the
 * ledger comes from, or goes to, far memory.
 *
 * @param name of the table
 * @param source where it was published
 * @param near what near memory is
 * @param far what far memory is
 */
public record EnergyTable(String name, String source, double multiplyPicojoules, double addPicojoules,
        double nearPicojoulesPer64Bits, String near, double farPicojoulesPer64Bits, String far) {

    private static final double BYTES = 8;
    private static final double MICRO = 1e-6;

    /** All that there are. */
    static List<EnergyTable> all() throws IOException {
        try (InputStream in = EnergyTable.class.getResourceAsStream("energy.json")) {
            return new ObjectMapper().readValue(in, new TypeReference<List<EnergyTable>>() {});
        }
    }

    /** In microjoules a step. */
    double arithmetic(Ledger ledger) {
        return ledger.macs() * (multiplyPicojoules + addPicojoules) * MICRO;
    }

    /** Of operands, in microjoules a step. */
    double nearby(Ledger ledger) {
        return ledger.operandBytes() / BYTES * nearPicojoulesPer64Bits * MICRO;
    }

    /** Of what goes between memory and a cache of that size, in microjoules a step. */
    double movement(Ledger ledger, long cacheBytes) {
        return ledger.traffic(cacheBytes) / BYTES * farPicojoulesPer64Bits * MICRO;
    }
}
