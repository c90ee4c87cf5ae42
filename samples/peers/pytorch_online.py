"""PyTorch learns images one at a time, by eager steps, as `samples/ibhebb experiment stream-peers` starts it:

    samples/ibhebb experiment stream-peers --out peers \\
        --peer "PyTorch, eager=peers/bin/python samples/peers/pytorch_online.py"

Standard input, big-endian: the numbers of inputs, classes and hidden layers and the size of each of those (32 bits
each), the seed (64 bits), the mean and the deviation of pixels in [0, 1] (32-bit floats); then twice, for training and
test images, their number, and of each its class and its pixels (a byte each). Standard output: one line, samples a
second of this thread's processor time, and per cent right.
"""

import struct
import sys
import time

import torch

RATE = 0.01  # falls to 0 with the last sample
WARM_UP = 1_000  # samples whose time does not count


def numbers(form):
    data = sys.stdin.buffer.read(struct.calcsize(">" + form))
    return struct.unpack(">" + form, data)


def images(inputs, mean, deviation):
    (count,) = numbers("i")
    data = torch.frombuffer(bytearray(sys.stdin.buffer.read(count * (1 + inputs))), dtype=torch.uint8)
    data = data.reshape(count, 1 + inputs)
    return (data[:, 1:].float() / 255 - mean) / deviation, data[:, 0].long()


def main():
    torch.set_num_threads(1)
    inputs, classes, depth = numbers("iii")
    sizes = [inputs, *numbers("i" * depth), classes]
    (seed,) = numbers("q")
    mean, deviation = numbers("ff")
    torch.manual_seed(seed)
    layers = []
    for below, above in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(below, above), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    loss = torch.nn.CrossEntropyLoss()
    x, y = images(inputs, mean, deviation)
    count = len(y)
    start = time.thread_time()
    for i in range(count):
        if i == WARM_UP:
            start = time.thread_time()
        optimizer.param_groups[0]["lr"] = RATE * (1 - i / count)
        optimizer.zero_grad(set_to_none=True)
        loss(model(x[i : i + 1]), y[i : i + 1]).backward()
        optimizer.step()
    rate = max(1, count - WARM_UP) / (time.thread_time() - start)
    x, y = images(inputs, mean, deviation)
    with torch.no_grad():
        right = (model(x).argmax(1) == y).float().mean().item()
    print(f"{rate:.1f} {100 * right:.4f}")


if __name__ == "__main__":
    main()
