package org.ibhebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/** A port that was free when a JVM first asked: on one machine they can't all have the same. */
final class PortOfEachJvm implements PortSupplier {

    private static final long serialVersionUID = 1;

    private static int port;

    @Override
    public int getPort() {
        synchronized (PortOfEachJvm.class) {
            if (port == 0) {
                try (DatagramSocket socket = new DatagramSocket()) {
                    port = socket.getLocalPort();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return port;
        }
    }
}
