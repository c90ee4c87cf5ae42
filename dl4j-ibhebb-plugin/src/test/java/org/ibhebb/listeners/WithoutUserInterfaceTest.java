package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.DataSet;

/** The listener loads and is made where deeplearning4j-core and DL4J's user interface are not on the class path. */
@ForAnyKernel
class WithoutUserInterfaceTest {

    private static final List<String> HIDDEN = List.of("org.deeplearning4j.core.", "org.deeplearning4j.ui.", "io.vertx.");

    @Test
    void onlyThePackageUiNeedsMore() throws ReflectiveOperationException {
        ClassLoader without = new Without();
        Class<?> plane = Class.forName(InformationPlane.class.getName(), true, without);
        assertThat(plane.getClassLoader()).isSameAs(without);
        Object made = plane.getConstructor(DataSet.class, int.class).newInstance(Fixtures.clusters(1, 6, 4, 2), 10);
        Consumer<Object> receiver = records -> {};
        plane.getMethod("sendTo", Consumer.class).invoke(made, receiver);
        assertThat(Arrays.stream(plane.getMethods()).map(method -> method.getReturnType().getName())).isNotEmpty();

        assertThatThrownBy(() -> Class.forName("org.ibhebb.ui.StatsStorageSink", true, without).getConstructors())
                .isInstanceOf(NoClassDefFoundError.class);
    }

    /** Loads the plugin's classes anew, and finds none of those that are hidden. */
    private static final class Without extends ClassLoader {

        private Without() {
            super(Without.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (HIDDEN.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            // A native library serves one class loader in a JVM.
            boolean anew = name.startsWith("org.ibhebb.") && !name.startsWith("org.ibhebb.internal.arithmetic.");
            if (loaded != null || !anew) {
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
