"""Training steps a second by PyTorch, on one thread: what `samples/ibhebb bench --only step` is to be seen beside.

The networks and batches are the bench's: dense layers with ReLU, softmax and cross-entropy on random inputs, in single
precision. Each line is the median of several rounds, after a warm-up; a round takes the same batches in the same order.

    python pytorch_steps.py
    python pytorch_steps.py --seconds 0.5 --json steps.json
"""

import argparse
import json
import statistics
import time

import torch

NETWORKS = [(784, 128, 64, 10), (784, 512, 512, 10)]
BATCHES = [1, 32, 128, 512]
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-3),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-3),
}
ROUNDS = 11
DIFFERENT_BATCHES = 8


def network(sizes):
    """Dense layers with ReLU between them; the last one gives scores."""
    torch.manual_seed(1)
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Step:
    """One training step after another, on a few batches in turn."""

    def __init__(self, sizes, batch, optimizer):
        self.model = network(sizes)
        self.optimizer = OPTIMIZERS[optimizer](self.model.parameters())
        self.loss = torch.nn.CrossEntropyLoss()
        self.inputs = [torch.rand(batch, sizes[0]) for _ in range(DIFFERENT_BATCHES)]
        self.labels = [torch.arange(batch) % sizes[-1] for _ in range(DIFFERENT_BATCHES)]
        self.done = 0

    def run(self):
        which = self.done % DIFFERENT_BATCHES
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(self.inputs[which]), self.labels[which]).backward()
        self.optimizer.step()
        self.done += 1

    def per_second(self, seconds):
        """The median over the rounds, which take so many seconds together."""
        start = time.perf_counter()
        while time.perf_counter() - start < seconds / ROUNDS:
            self.run()
        rates = []
        for _ in range(ROUNDS):
            steps = 0
            start = time.perf_counter()
            while (elapsed := time.perf_counter() - start) < seconds / ROUNDS:
                self.run()
                steps += 1
            rates.append(steps / elapsed)
        if not all(torch.isfinite(parameter).all() for parameter in self.model.parameters()):
            raise SystemExit("the parameters are not finite: times of a step that does not train mean nothing")
        return statistics.median(rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2, help="for each line (default: 2)")
    parser.add_argument("--json", help="write the numbers there, too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} thread")
    print(f"{'network':<20} {'batch':>6} {'updater':>8} {'steps/s':>10}")
    results = {"torch": torch.__version__}
    for sizes in NETWORKS:
        name = "-".join(map(str, sizes))
        for batch in BATCHES:
            for optimizer in OPTIMIZERS:
                rate = Step(sizes, batch, optimizer).per_second(arguments.seconds)
                print(f"{name:<20} {batch:>6} {optimizer:>8} {rate:>10.0f}", flush=True)
                results[f"step.{name}.b{batch}.{optimizer}"] = round(rate, 1)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
