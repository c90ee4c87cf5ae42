package org.ibhebb.internal.stream;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;

/** In C++: one call a batch, the whole network inside. */
final class NativeEngine implements Engine {

    /**
     * Loads the library.
     *
     * @throws UnsatisfiedLinkError if the plugin's native library is not on the class path, or does not load
     */
    NativeEngine() {
        NativeStream.load();
    }

    @Override
    public void learn(Contents contents, Batch batch, boolean predicts) {
        Plan plan = contents.plan();
        check(NativeStream.learn(type(contents), contents.planAddress(), contents.learning().address(),
                plan.averages() ? contents.predicting().address() : 0, contents.state().address(),
                contents.clock().address(), batch.values().address(), plan.inputs(), batch.elementsAddress(),
                batch.startsAddress(), batch.classesAddress(), batch.labelsAddress(), plan.outputs(), batch.size(),
                predicts ? batch.predictions().address() : 0));
        Reference.reachabilityFence(contents);
        Reference.reachabilityFence(batch);
    }

    @Override
    public void predict(Contents contents, Reals parameters, Batch batch) {
        Plan plan = contents.plan();
        check(NativeStream.predict(type(contents), contents.planAddress(), parameters.address(),
                contents.state().address(), batch.values().address(), plan.inputs(), batch.elementsAddress(),
                batch.startsAddress(), batch.size(), batch.predictions().address()));
        Reference.reachabilityFence(contents);
        Reference.reachabilityFence(parameters);
        Reference.reachabilityFence(batch);
    }

    @Override
    public int firstBad(Contents contents, Batch batch) {
        Plan plan = contents.plan();
        long bad = NativeStream.check(type(contents), contents.planAddress(), batch.values().address(), plan.inputs(),
                batch.elementsAddress(), batch.startsAddress(), batch.labelsAddress(), plan.outputs(), batch.size());
        Reference.reachabilityFence(contents);
        Reference.reachabilityFence(batch);
        return (int) bad;
    }

    private static int type(Contents contents) {
        return contents.type() == DataType.FLOAT ? NativeStream.FLOAT : NativeStream.DOUBLE;
    }

    private static void check(long status) {
        if (status == NativeStream.OUT_OF_MEMORY) {
            throw new OutOfMemoryError("the native kernel found no memory for the activations of one layer");
        }
        if (status >= 0) {
            throw new IllegalStateException("sample " + status + " of a batch is not finite and was not refused");
        }
    }

    @Override
    public String toString() {
        return "native";
    }
}
