package org.ibhebb.internal.ledger;

import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;

/** An array of a training step, and what an operation does with it. Sizes are in bytes. */
record Array(String name, Kind kind, long bytes) {

    Access read() {
        return new Access(name, kind, bytes, bytes, 0);
    }

    /** Of a part of it. */
    Access read(long part) {
        return new Access(name, kind, bytes, part, 0);
    }

    Access write() {
        return new Access(name, kind, bytes, 0, bytes);
    }

    Access write(long part) {
        return new Access(name, kind, bytes, 0, part);
    }

    /** Reads it, and writes it in place. */
    Access update() {
        return new Access(name, kind, bytes, bytes, bytes);
    }

    Access update(long part) {
        return new Access(name, kind, bytes, part, part);
    }
}
