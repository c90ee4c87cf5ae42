"""What others make of a file that `samples/ibhebb export` wrote: nir, the reference reader; snnTorch; Norse.

Reads the graph, lets it run on random inputs by a plain loop of its definition in numpy, and by each simulator that is
installed, and compares what comes out at every time step. Exits with 1 where something differs.

    pip install -r spiking-requirements.txt
    python nir_spikes.py spiking.nir --samples 100 --steps 20
"""

import argparse
import contextlib
import io
import sys

import nir
import numpy as np


def chain(graph):
    """The nodes between input and output, in the order of the edges."""
    after = dict(graph.edges)
    name = next(name for name, node in graph.nodes.items() if isinstance(node, nir.Input))
    nodes = []
    while name in after:
        name = after[name]
        nodes.append(graph.nodes[name])
    return nodes[:-1]


def pair(value):
    """Two numbers, or one for both."""
    return tuple(int(each) for each in np.broadcast_to(value, (2,)))


def windows(images, kernel, stride, padding, dilation=(1, 1)):
    """What lies in each window: samples x channels x rows x columns x kernel rows x kernel columns."""
    padded = np.pad(images, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    reach = [(size - 1) * gap + 1 for size, gap in zip(kernel, dilation)]
    seen = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(2, 3))
    return seen[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def convolved(node, images):
    if isinstance(node.padding, str) and node.padding == "same":
        raise SystemExit("the padding 'same' is not among what this script knows")
    padding = (0, 0) if isinstance(node.padding, str) else pair(node.padding)
    seen = windows(images, node.weight.shape[2:], pair(node.stride), padding, pair(node.dilation))
    sums = np.einsum("ncxykl,mckl->nmxy", seen, node.weight, optimize=True)
    return sums + node.bias[:, None, None]


def pooled(node, images):
    seen = windows(images, pair(node.kernel_size), pair(node.stride), pair(node.padding))
    return seen.sum((4, 5)) if isinstance(node, nir.SumPool2d) else seen.mean((4, 5))


def plain(nodes, inputs, steps, dt):
    """Outputs by time step: linear maps, and neurons v = (1 - dt / tau) v + dt / tau r i, reset to v_reset. The current i
    of CubaLIF neurons is (1 - dt / tau_syn) i + dt / tau_syn w_in x; LI nodes have no spikes."""
    membranes, currents = {}, {}
    outputs = []
    for _ in range(steps):
        values = inputs
        for place, node in enumerate(nodes):
            if isinstance(node, (nir.Affine, nir.Linear)):
                values = values @ node.weight.T + (node.bias if isinstance(node, nir.Affine) else 0)
            elif isinstance(node, nir.Conv2d):
                values = convolved(node, values)
            elif isinstance(node, (nir.AvgPool2d, nir.SumPool2d)):
                values = pooled(node, values)
            elif isinstance(node, nir.Flatten):
                values = values.reshape(len(values), -1)
            elif isinstance(node, nir.LI):
                values = membranes.get(place, 0) * (1 - dt / node.tau) + dt / node.tau * node.r * values
                membranes[place] = values
            else:
                if isinstance(node, nir.CubaLIF):
                    share = dt / node.tau_syn
                    values = (1 - share) * currents.get(place, 0) + share * node.w_in * values
                    currents[place] = values
                tau = getattr(node, "tau_mem", getattr(node, "tau", None))
                share = np.ones_like(node.r) if tau is None else dt / tau
                leak = np.ones_like(node.r) if tau is None else 1 - share
                v = leak * membranes.get(place, 0) + share * node.r * values
                spikes = (v > node.v_threshold).astype(np.float32)
                membranes[place] = np.where(spikes > 0, node.v_reset, v)
                values = spikes
        outputs.append(values)
    return np.stack(outputs)


def by_snntorch(graph, inputs, steps):
    import torch
    from snntorch.import_nir import import_from_nir

    # It prints what it scales, neuron by neuron.
    with contextlib.redirect_stdout(io.StringIO()):
        network = import_from_nir(graph)
    if any(isinstance(node, nir.Flatten) for node in graph.nodes.values()):
        # NIR's shapes have no batch dimension, and snnTorch hands Flatten's to PyTorch as they are.
        return np.concatenate([one_at_a_time(network, sample, steps) for sample in inputs], axis=1)
    state, outputs = None, []
    with torch.no_grad():
        for _ in range(steps):
            output, state = network(torch.from_numpy(inputs), state)
            outputs.append((output[0] if isinstance(output, tuple) else output).numpy())
    return np.stack(outputs)


def one_at_a_time(network, sample, steps):
    import torch

    for module in network.modules():
        if hasattr(module, "reset_mem"):
            # Neurons that are given no state go on with that of the sample before.
            module.reset_mem()
    state, outputs = None, []
    with torch.no_grad():
        for _ in range(steps):
            output, state = network(torch.from_numpy(sample), state)
            outputs.append((output[0] if isinstance(output, tuple) else output).numpy()[None])
    return np.stack(outputs)


def by_norse(graph, inputs, steps, dt):
    import norse.torch
    import torch

    if any(isinstance(node, nir.AvgPool2d) for node in graph.nodes.values()):
        raise NotImplementedError("its importer knows no AvgPool2d: sums take the place of averages there")
    network = norse.torch.from_nir(graph, dt=dt)
    if any(isinstance(node, nir.Flatten) for node in graph.nodes.values()):
        return np.concatenate([one_at_a_time(network, sample, steps) for sample in inputs], axis=1)
    state, outputs = None, []
    with torch.no_grad():
        for _ in range(steps):
            output, state = network(torch.from_numpy(inputs), state)
            outputs.append(output.numpy())
    return np.stack(outputs)


def compare(name, found, expected):
    """Says how many outputs differ, and whether any does."""
    wrong = int((np.abs(found - expected) > 1e-4 * np.maximum(1, np.abs(expected))).sum())
    print(f"{name}: {wrong} of {expected.size} outputs differ, over {len(expected)} time steps")
    return wrong > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", help="32-bit floats to take in place of random ones: sample by sample")
    parser.add_argument("--outputs", help="32-bit floats that these gave elsewhere: time step by time step")
    options = parser.parse_args()

    graph = nir.read(options.file)
    dt = float(graph.metadata.get("dt", 1e-4))
    nodes = chain(graph)
    print("nir reads:", " -> ".join(type(node).__name__ for node in nodes), f"(dt {dt:g} s)")
    source = next(node for node in graph.nodes.values() if isinstance(node, nir.Input))
    shape = [int(size) for size in np.atleast_1d(source.input_type["input"])]
    if options.inputs:
        inputs = np.fromfile(options.inputs, dtype="<f4").reshape(-1, *shape)
    else:
        inputs = np.random.default_rng(options.seed).random((options.samples, *shape), dtype=np.float32)
    expected = plain(nodes, inputs, options.steps, dt)
    print(f"plain loop: mean output {expected.mean():.4f}")
    differs = False
    if options.outputs:
        own = np.fromfile(options.outputs, dtype="<f4").reshape(expected.shape)
        differs = compare("the exporting network", own, expected)
    for name, run in [
        ("snnTorch", lambda: by_snntorch(graph, inputs, options.steps)),
        ("Norse", lambda: by_norse(graph, inputs, options.steps, dt)),
    ]:
        try:
            found = run()
        except ImportError as missing:
            print(f"{name}: not installed ({missing})")
            continue
        except NotImplementedError as unknown:
            print(f"{name}: {unknown}")
            continue
        differs |= compare(name, found, expected)
    sys.exit(1 if differs else 0)


if __name__ == "__main__":
    main()
