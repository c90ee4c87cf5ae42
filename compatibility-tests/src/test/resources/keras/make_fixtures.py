#!/usr/bin/env python3
"""Writes models as Keras 2.2.4 with TensorFlow saves them (model.save), and what they answer.

Neither Keras nor TensorFlow runs here: weights are drawn, and outputs are computed in numpy, in double precision, from
the definitions of Keras's layers. So they do not depend on any importer. Needs python3-h5py and python3-numpy.
"""

import json
import os

import h5py
import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
SAMPLES = 5


# What a layer computes.

def conv2d(x, kernel, bias, same):
    """Channels last, stride 1: x (samples, height, width, in), kernel (height, width, in, out)."""
    high, wide = kernel.shape[:2]
    if same:
        x = np.pad(x, ((0, 0), ((high - 1) // 2, high // 2), ((wide - 1) // 2, wide // 2), (0, 0)))
    rows, columns = x.shape[1] - high + 1, x.shape[2] - wide + 1
    out = np.zeros((x.shape[0], rows, columns, kernel.shape[3]))
    for i in range(high):
        for j in range(wide):
            out += x[:, i:i + rows, j:j + columns, :] @ kernel[i, j]
    return out + bias


def pool2(x, how):
    """Pooling of 2 x 2, stride 2."""
    samples, rows, columns, channels = x.shape
    return how(x.reshape(samples, rows // 2, 2, columns // 2, 2, channels), axis=(2, 4))


def batch_normalization(x, gamma, beta, mean, variance, epsilon):
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# How Keras writes it down.

def glorot():
    return {"class_name": "VarianceScaling",
            "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}}


def constant(name):
    return {"class_name": name, "config": {}}


def weighted(activation):
    return {"activation": activation, "use_bias": True, "kernel_initializer": glorot(),
            "bias_initializer": constant("Zeros"), "kernel_regularizer": None, "bias_regularizer": None,
            "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None}


def dense(name, units, activation):
    return {"class_name": "Dense", "config": {"name": name, "trainable": True, "units": units, **weighted(activation)}}


def convolution(name, filters, size, padding, activation):
    return {"class_name": "Conv2D", "config": {
        "name": name, "trainable": True, "filters": filters, "kernel_size": [size, size], "strides": [1, 1],
        "padding": padding, "data_format": "channels_last", "dilation_rate": [1, 1], **weighted(activation)}}


def normalization(name):
    return {"class_name": "BatchNormalization", "config": {
        "name": name, "trainable": True, "axis": -1, "momentum": 0.9, "epsilon": 0.001, "center": True, "scale": True,
        "beta_initializer": constant("Zeros"), "gamma_initializer": constant("Ones"),
        "moving_mean_initializer": constant("Zeros"), "moving_variance_initializer": constant("Ones"),
        "beta_regularizer": None, "gamma_regularizer": None, "beta_constraint": None, "gamma_constraint": None}}


def pooling(kind, name):
    return {"class_name": kind, "config": {
        "name": name, "trainable": True, "pool_size": [2, 2], "padding": "valid", "strides": [2, 2],
        "data_format": "channels_last"}}


def other(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}}


def inputs(name, *shape):
    return {"class_name": "InputLayer", "config": {
        "batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "name": name}}


def sequential(shape, *layers):
    layers[0]["config"]["batch_input_shape"] = [None, *shape]
    layers[0]["config"]["dtype"] = "float32"
    return {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": list(layers)}}


def model(connections, outputs):
    """connections: (layer, names of the layers that it reads)."""
    layers = []
    for layer, before in connections:
        nodes = [[[name, 0, 0, {}] for name in before]] if before else []
        layers.append({"name": layer["config"]["name"], **layer, "inbound_nodes": nodes})
    return {"class_name": "Model", "config": {
        "name": "model_1", "layers": layers,
        "input_layers": [[layer["name"], 0, 0] for layer in layers if layer["class_name"] == "InputLayer"],
        "output_layers": [[name, 0, 0] for name in outputs]}}


def training(loss):
    return {"optimizer_config": {"class_name": "Adam", "config": {
                "lr": 0.01, "beta_1": 0.9, "beta_2": 0.999, "decay": 0.0, "epsilon": 1e-07, "amsgrad": False}},
            "loss": loss, "metrics": ["accuracy"], "sample_weight_mode": None, "loss_weights": None}


def encoded(tree):
    return json.dumps(tree).encode("utf8")


def save(name, architecture, weights, xs, y, loss="categorical_crossentropy"):
    """weights: by layer, its arrays by their names; loss: None for a model that was never compiled."""
    layers = architecture["config"]["layers"]
    with h5py.File(os.path.join(FOLDER, name + ".h5"), "w") as file:
        file.attrs["keras_version"] = b"2.2.4"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = encoded(architecture)
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = [layer["config"]["name"].encode("utf8") for layer in layers]
        root.attrs["backend"] = b"tensorflow"
        root.attrs["keras_version"] = b"2.2.4"
        for layer in layers:
            group = root.create_group(layer["config"]["name"])
            arrays = weights.get(layer["config"]["name"], {})
            paths = ["%s/%s:0" % (layer["config"]["name"], array) for array in arrays]
            group.attrs["weight_names"] = [path.encode("utf8") for path in paths]
            for path, array in zip(paths, arrays.values()):
                group.create_dataset(path, data=array.astype(np.float32))
        if loss:
            file.attrs["training_config"] = encoded(training(loss))
    for i, x in enumerate(xs):
        np.save(os.path.join(FOLDER, "%s-input%d.npy" % (name, i)), x.astype(np.float32))
    np.save(os.path.join(FOLDER, name + "-output.npy"), y.astype(np.float32))


# The models.

class Draw:
    """Weights as float32 holds them, so that files and computation agree."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)

    def normal(self, *shape):
        return self.random.normal(size=shape).astype(np.float32).astype(np.float64)

    def affine(self, *shape):
        scale = np.float32(1 / np.sqrt(np.prod(shape[:-1])))
        return {"kernel": self.normal(*shape) * scale, "bias": self.normal(shape[-1]) * np.float32(0.25)}

    def normalization(self, channels):
        return {"gamma": 1 + self.normal(channels) * np.float32(0.25), "beta": self.normal(channels) * np.float32(0.25),
                "moving_mean": self.normal(channels), "moving_variance": np.abs(self.normal(channels)) + 0.5}


def rounded(weights):
    return {layer: {name: array.astype(np.float32).astype(np.float64) for name, array in arrays.items()}
            for layer, arrays in weights.items()}


def affine(x, w):
    return x @ w["kernel"] + w["bias"]


def convolutional(draw):
    """Convolution, batch normalisation, both kinds of pooling, Flatten: a Sequential model of images."""
    weights = rounded({
        "conv2d_1": draw.affine(3, 3, 2, 4), "batch_normalization_1": draw.normalization(4),
        "conv2d_2": draw.affine(3, 3, 4, 6), "dense_1": draw.affine(24, 8), "dense_2": draw.affine(8, 2)})
    architecture = sequential(
        (10, 10, 2),
        convolution("conv2d_1", 4, 3, "valid", "linear"), normalization("batch_normalization_1"),
        other("Activation", "activation_1", activation="relu"), pooling("MaxPooling2D", "max_pooling2d_1"),
        convolution("conv2d_2", 6, 3, "same", "relu"), pooling("AveragePooling2D", "average_pooling2d_1"),
        other("Flatten", "flatten_1", data_format="channels_last"),
        dense("dense_1", 8, "relu"), other("Dropout", "dropout_1", rate=0.1, noise_shape=None, seed=None),
        dense("dense_2", 2, "softmax"))

    def answer(x):
        w = weights["conv2d_1"]
        x = conv2d(x, w["kernel"], w["bias"], same=False)
        w = weights["batch_normalization_1"]
        x = batch_normalization(x, w["gamma"], w["beta"], w["moving_mean"], w["moving_variance"], 0.001)
        x = pool2(relu(x), np.max)
        w = weights["conv2d_2"]
        x = pool2(relu(conv2d(x, w["kernel"], w["bias"], same=True)), np.mean)
        x = relu(affine(x.reshape(len(x), -1), weights["dense_1"]))
        return softmax(affine(x, weights["dense_2"]))

    return architecture, weights, answer, [draw.normal(SAMPLES, 10, 10, 2)]


def branches(draw):
    """A skip connection, and a second input beside it: a functional model of two vectors."""
    weights = rounded({
        "dense_1": draw.affine(14, 12), "dense_2": draw.affine(12, 12), "dense_3": draw.affine(6, 5),
        "dense_4": draw.affine(17, 8), "dense_5": draw.affine(8, 2)})
    architecture = model([
        (inputs("input_1", 14), []), (inputs("input_2", 6), []),
        (dense("dense_1", 12, "relu"), ["input_1"]), (dense("dense_2", 12, "linear"), ["dense_1"]),
        (other("Add", "add_1"), ["dense_1", "dense_2"]),
        (other("Activation", "activation_1", activation="relu"), ["add_1"]),
        (dense("dense_3", 5, "tanh"), ["input_2"]),
        (other("Concatenate", "concatenate_1", axis=-1), ["activation_1", "dense_3"]),
        (dense("dense_4", 8, "relu"), ["concatenate_1"]), (dense("dense_5", 2, "softmax"), ["dense_4"])], ["dense_5"])

    def answer(first, second):
        below = relu(affine(first, weights["dense_1"]))
        skipped = relu(below + affine(below, weights["dense_2"]))
        beside = np.tanh(affine(second, weights["dense_3"]))
        x = relu(affine(np.concatenate([skipped, beside], axis=-1), weights["dense_4"]))
        return softmax(affine(x, weights["dense_5"]))

    return architecture, weights, answer, [draw.normal(SAMPLES, 14), draw.normal(SAMPLES, 6)]


def separate_activation(draw):
    """The softmax as a layer of its own, as many programs write it."""
    weights = rounded({"dense_1": draw.affine(20, 12), "dense_2": draw.affine(12, 2)})
    architecture = sequential(
        (20,), dense("dense_1", 12, "relu"), dense("dense_2", 2, "linear"),
        other("Activation", "activation_1", activation="softmax"))

    def answer(x):
        return softmax(affine(relu(affine(x, weights["dense_1"])), weights["dense_2"]))

    return architecture, weights, answer, [draw.normal(SAMPLES, 20)]


def global_pooling(draw):
    """No dense layer: a convolution and global pooling are the output."""
    weights = rounded({"conv2d_1": draw.affine(3, 3, 2, 4), "conv2d_2": draw.affine(1, 1, 4, 2)})
    architecture = sequential(
        (8, 8, 2),
        convolution("conv2d_1", 4, 3, "same", "relu"), convolution("conv2d_2", 2, 1, "valid", "linear"),
        other("GlobalAveragePooling2D", "global_average_pooling2d_1", data_format="channels_last"),
        other("Activation", "activation_1", activation="softmax"))

    def answer(x):
        w = weights["conv2d_1"]
        x = relu(conv2d(x, w["kernel"], w["bias"], same=True))
        w = weights["conv2d_2"]
        return softmax(conv2d(x, w["kernel"], w["bias"], same=False).mean(axis=(1, 2)))

    return architecture, weights, answer, [draw.normal(SAMPLES, 8, 8, 2)]


def main():
    for seed, make, loss in [(1, convolutional, "categorical_crossentropy"), (2, branches, "categorical_crossentropy"),
                             (3, separate_activation, "categorical_crossentropy"), (3, separate_activation, None),
                             (4, global_pooling, "categorical_crossentropy")]:
        architecture, weights, answer, xs = make(Draw(seed))
        name = make.__name__.replace("_", "-") + ("" if loss else "-not-compiled")
        save(name, architecture, weights, xs, answer(*xs), loss)


if __name__ == "__main__":
    main()
