"""Training steps by snnTorch, back-propagation through time on one thread: what `samples/ibhebb bench --only spiking`
is to be seen beside.

Networks, batches and time steps are the bench's: dense layers of leaky integrate-and-fire neurons (leak .9, threshold
1, reset by subtraction, slope of a fast sigmoid) under a constant current, whose product with the first weights is made
once a sample, as the bench's layers do; rates times 10, a linear readout, softmax and cross-entropy, Adam. Times are
the processor's, medians of several rounds after a warm-up.

    python snntorch_steps.py
    python snntorch_steps.py --seconds 4 --json snntorch.json --beside spiking.json

where spiking.json is what `OMP_NUM_THREADS=1 samples/ibhebb bench --only spiking --json spiking.json` wrote just
before, also in processor time.
"""

import argparse
import json
import statistics
import time

import snntorch
import torch
from snntorch import surrogate

NETWORKS = [(784, 512, 512, 10), (784, 128, 64, 10)]
TIME_STEPS = [8, 16]
BATCH = 128
ROUNDS = 11
DIFFERENT_BATCHES = 2


class Network(torch.nn.Module):
    """Two spiking layers and a readout of their rates."""

    def __init__(self, sizes, steps):
        super().__init__()
        torch.manual_seed(1)
        self.steps = steps
        self.maps = torch.nn.ModuleList(torch.nn.Linear(*pair) for pair in zip(sizes, sizes[1:]))
        slope = surrogate.fast_sigmoid(slope=5)
        self.neurons = torch.nn.ModuleList(snntorch.Leaky(beta=0.9, spike_grad=slope) for _ in sizes[1:-1])

    def forward(self, samples):
        current = self.maps[0](samples)
        membranes = [neuron.init_leaky() for neuron in self.neurons]
        rates = 0
        for _ in range(self.steps):
            spikes, membranes[0] = self.neurons[0](current, membranes[0])
            for layer in range(1, len(self.neurons)):
                spikes, membranes[layer] = self.neurons[layer](self.maps[layer](spikes), membranes[layer])
            rates = rates + spikes
        return self.maps[-1](rates * (10 / self.steps))


class Step:
    """One training step after another, on a few batches in turn."""

    def __init__(self, sizes, steps):
        self.model = Network(sizes, steps)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.loss = torch.nn.CrossEntropyLoss()
        self.inputs = [torch.rand(BATCH, sizes[0]) for _ in range(DIFFERENT_BATCHES)]
        self.labels = torch.arange(BATCH) % sizes[-1]
        self.done = 0

    def run(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(self.inputs[self.done % DIFFERENT_BATCHES]), self.labels).backward()
        self.optimizer.step()
        self.done += 1

    def seconds_each(self, seconds):
        """The median over the rounds, which take so many seconds together."""
        times = []
        for _ in range(ROUNDS + 1):
            steps = 0
            start = time.process_time()
            while (elapsed := time.process_time() - start) < seconds / ROUNDS or steps == 0:
                self.run()
                steps += 1
            times.append(elapsed / steps)
        if not all(torch.isfinite(parameter).all() for parameter in self.model.parameters()):
            raise SystemExit("the parameters are not finite: times of a step that does not train mean nothing")
        return statistics.median(times[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4, help="for each line (default: 4)")
    parser.add_argument("--json", help="write the numbers there, too")
    parser.add_argument("--beside", help="what the bench wrote, to be compared with")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    ours = {}
    if arguments.beside:
        with open(arguments.beside, encoding="utf-8") as file:
            ours = json.load(file)
    print(f"snnTorch {snntorch.__version__}, PyTorch {torch.__version__}, {torch.get_num_threads()} thread")
    print(f"{'network':<20} {'T':>3} {'us a step':>10} {'steps/s':>8} {'the rule':>10} {'ratio':>6}")
    results = {"snntorch": snntorch.__version__, "torch": torch.__version__}
    for sizes in NETWORKS:
        for steps in TIME_STEPS:
            name = "-".join(map(str, sizes))
            key = f"spiking.{name}.t{steps}.b{BATCH}"
            each = Step(sizes, steps).seconds_each(arguments.seconds)
            rule = ours.get(f"{key}.ibhebb-us")
            beside = f"{rule:>10.0f} {each * 1e6 / rule:>6.2f}" if rule else ""
            print(f"{name:<20} {steps:>3} {each * 1e6:>10.0f} {1 / each:>8.1f} {beside}", flush=True)
            results[f"{key}.snntorch-us"] = round(each * 1e6, 1)
            if rule:
                results[f"{key}.ratio"] = round(each * 1e6 / rule, 3)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
