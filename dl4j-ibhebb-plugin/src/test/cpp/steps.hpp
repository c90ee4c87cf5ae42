// Whole training steps of a dense network, by the kernel's entry points in the order in which
// org.ibhebb.internal.stream.MiniBatches calls them, and by lean back-propagation with the same products: for traffic.cpp,
// so that what a step fetches can be counted without a JVM.

#pragma once

// What is counted are operations, whatever processor they are for.
#define IBHEBB_ONE_PROCESSOR
#include "kernel.hpp"

#include <cmath>
#include <vector>

namespace steps {

using ibhebb::Address;
using ibhebb::FLOAT;
using ibhebb::Size;
using Values = std::vector<float>;
using Sizes = std::vector<Size>;

inline Address at(Values &array) { return reinterpret_cast<Address>(array.data()); }

// Numbers of both signs, of this size at most.
inline Values values(Size n, float size) {
    Values made(static_cast<std::size_t>(n));
    std::uint32_t state = 12345;
    for (float &value : made) {
        state = state * 1664525U + 1013904223U;
        value = size * (static_cast<float>(state >> 8U) / 8388608.0F - 1.0F);
    }
    return made;
}

// Weights (in x out, by columns), and behind them the bias.
struct Layer {
    Size in;
    Size out;
    Values parameters;
    Values sums;
    Values output;

    Layer(Size n, Size in, Size out)
        : in(in),
          out(out),
          parameters(values(in * out + out, float(2 / std::sqrt(double(in))))),
          sums(std::size_t(n * out)),
          output(std::size_t(n * out)) {}

    Size weights() const { return in * out; }
};

// The samples: one row each, and labels, of which one is 1.
struct Data {
    Size n;
    Size width;
    Size labels;
    Values x;
    Values y;

    Data(Size n, Size width, Size labels)
        : n(n), width(width), labels(labels), x(values(n * width, 1)), y(std::size_t(n * labels)) {
        for (Size i = 0; i < n; i++) {
            y[std::size_t(i * labels + i % labels)] = 1;
        }
    }
};

inline Address behind(Values &array, Size n) { return at(array) + n * Size(sizeof(float)); }

// The default rule, prediction and neighbourhood, whose parameters are averages: what a stream's fit does.
class ByTheRule {
  public:
    // The working memory, the samples of a mini-batch (no more than that), and the widths from the input on.
    explicit ByTheRule(const Sizes &sizes)
        : memory(sizes[0]), data(sizes[1], sizes[2], sizes.back()), labelRing(values(memory * data.labels, 0)),
          labelsSaved(labelRing), same(std::size_t(memory * memory)) {
        for (std::size_t l = 2; l + 1 < sizes.size(); l++) {
            layers.emplace_back(data.n, sizes[l], sizes[l + 1], memory, data.labels);
        }
        // Working memory is full.
        for (Size i = 0; i < memory; i += data.n) {
            step();
        }
    }

    void step() {
        Size rowStride = data.width;
        Size columnStride = 1;
        Address input = at(data.x);
        for (std::size_t l = 0; l + 1 < layers.size(); l++) {
            Learner &own = layers[l];
            own.input = input;
            sink += ibhebb::finite(FLOAT, input, rowStride, columnStride, data.n, own.layer.in);
            forward(own, input, rowStride, columnStride);
            ibhebb::rectify(FLOAT, at(own.layer.sums), data.n * own.layer.out, at(own.layer.output));
            sink += ibhebb::variances(FLOAT, at(own.layer.output), 1, data.n, data.n, own.layer.out);
            ibhebb::normalize(FLOAT, at(own.layer.output), 1, data.n, data.n, own.layer.out, 1e-5, at(own.rows),
                              at(own.inverse));
            input = at(own.layer.output);
            rowStride = 1;
            columnStride = data.n;
        }
        output(input);
        for (std::size_t l = layers.size() - 1; l-- > 0;) {
            learn(layers[l], l == 0 ? data.width : 1, l == 0 ? 1 : data.n);
        }
        for (std::size_t l = 0; l < layers.size(); l++) {
            move(layers[l], l == 0 ? data.width : 1, l == 0 ? 1 : data.n);
        }
        slot = (slot + data.n) % memory;
    }

    double sink = 0;

  private:
    struct Learner {
        Layer layer;
        Values ahead;
        Values deviation;
        Values rows;
        Values inverse;
        Values ring;
        Values saved;
        Values signal;
        Values errors;
        Values squares;
        Values nextSquares;
        Values readout;
        Values nextReadout;
        Address input = 0;

        Learner(Size n, Size in, Size out, Size memory, Size labels)
            : layer(n, in, out), ahead(layer.parameters), deviation(ahead.size()), rows(std::size_t(n * out)),
              inverse(std::size_t(n)), ring(values(memory * out, 1)), saved(ring), signal(rows), errors(rows),
              squares(std::size_t(out)), nextSquares(squares), readout(std::size_t(labels * out + labels)),
              nextReadout(readout) {}
    };

    void forward(Learner &own, Address input, Size rowStride, Size columnStride) {
        const Layer &layer = own.layer;
        ibhebb::affine(FLOAT, input, rowStride, columnStride, at(own.ahead), 1, layer.in,
                       behind(own.ahead, layer.weights()), 1, data.n, layer.in, layer.out, at(own.layer.sums), data.n);
    }

    // A mini-batch goes to its places in working memory, and what was there is kept until the step counts.
    void remember(Values &ring, Values &saved, Values &rows, Size width) {
        ibhebb::copyRows(FLOAT, behind(ring, slot * width), width, 1, data.n, width, at(saved));
        ibhebb::copyRows(FLOAT, at(rows), width, 1, data.n, width, behind(ring, slot * width));
    }

    void output(Address input) {
        Learner &own = layers.back();
        own.input = input;
        sink += ibhebb::finite(FLOAT, at(data.y), data.labels, 1, data.n, data.labels);
        remember(labelRing, labelsSaved, data.y, data.labels);
        forward(own, input, 1, data.n);
        ibhebb::deltaRule(FLOAT, ibhebb::SOFTMAX, data.n, data.labels, at(data.y), data.labels, 1, at(own.layer.sums),
                          data.n);
        sink += ibhebb::squares(FLOAT, input, 1, data.n, data.n, own.layer.in);
        own.errors = own.layer.sums;
        ibhebb::sameLabel(FLOAT, at(labelRing), memory, data.labels, false, at(same));
    }

    void learn(Learner &own, Size rowStride, Size columnStride) {
        const Size d = own.layer.out;
        const Size c = data.labels;
        remember(own.ring, own.saved, own.rows, d);
        ibhebb::neighbourhood(FLOAT, at(own.ring), memory, d, slot, data.n, 0, 0, at(same), ibhebb::GAUSSIAN, 0.35, 0.3,
                              false, at(own.signal));
        ibhebb::copyRows(FLOAT, at(own.readout), d, 1, c, d, at(own.nextReadout));
        ibhebb::copyRows(FLOAT, behind(own.readout, c * d), c, 1, 1, c, behind(own.nextReadout, c * d));
        sink += ibhebb::readout(FLOAT, at(own.rows), data.n, d, at(data.y), c, ibhebb::SOFTMAX, 4, 1, 0.1, 1, true,
                                at(own.nextReadout), behind(own.nextReadout, c * d), at(own.signal));
        own.readout.swap(own.nextReadout);
        sink += ibhebb::finite(FLOAT, at(own.signal), d, 1, data.n, d);
        sink += ibhebb::squares(FLOAT, at(own.signal), d, 1, data.n, d);
        ibhebb::denormalize(FLOAT, at(own.signal), at(own.rows), at(own.inverse), data.n, d, at(own.errors), 1, data.n);
        ibhebb::rectified(FLOAT, at(own.layer.sums), data.n * d, at(own.errors));
        sink += ibhebb::squares(FLOAT, own.input, rowStride, columnStride, data.n, own.layer.in);
        ibhebb::gain(FLOAT, at(own.errors), 1, data.n, 1, data.n, d, 1, at(own.squares), 0.99, 0.01, 1, 0, 1,
                     at(own.nextSquares));
        own.squares.swap(own.nextSquares);
    }

    void move(Learner &own, Size rowStride, Size columnStride) {
        const Size weights = own.layer.weights();
        ibhebb::advanceDense(FLOAT, own.input, rowStride, columnStride, at(own.errors), 1, data.n, data.n, own.layer.in,
                             own.layer.out, 1, 1e-5, 1e-3, 0.1, at(own.layer.parameters), at(own.deviation),
                             at(own.ahead), behind(own.layer.parameters, weights), behind(own.deviation, weights),
                             behind(own.ahead, weights));
    }

    Size memory;
    Size slot = 0;
    Data data;
    Values labelRing;
    Values labelsSaved;
    Values same;
    std::vector<Learner> layers;
};

// Nothing kept that is not needed, one pass for activation functions, and one over parameters, gradient and Adam's two
// moments.
class ByBackPropagation {
  public:
    // The samples of a mini-batch, and the widths from the input on.
    explicit ByBackPropagation(const Sizes &sizes) : data(sizes[0], sizes[1], sizes.back()) {
        for (std::size_t l = 1; l + 1 < sizes.size(); l++) {
            layers.emplace_back(data.n, sizes[l], sizes[l + 1]);
        }
        step();
    }

    void step() {
        Address input = at(data.x);
        for (std::size_t l = 0; l < layers.size(); l++) {
            Learner &own = layers[l];
            own.input = input;
            ibhebb::affine(FLOAT, input, rowStride(l), columnStride(l), at(own.layer.parameters), 1, own.layer.in,
                           behind(own.layer.parameters, own.layer.weights()), 1, data.n, own.layer.in, own.layer.out,
                           at(own.layer.output), data.n);
            if (l + 1 < layers.size()) {
                ibhebb::rectify(FLOAT, at(own.layer.output), data.n * own.layer.out, at(own.layer.output));
            }
            input = at(own.layer.output);
        }
        Learner &last = layers.back();
        last.errors = last.layer.output;
        ibhebb::deltaRule(FLOAT, ibhebb::SOFTMAX, data.n, data.labels, at(data.y), data.labels, 1, at(last.errors),
                          data.n);
        for (std::size_t l = layers.size(); l-- > 0;) {
            Learner &own = layers[l];
            const Size weights = own.layer.weights();
            if (l > 0) {
                Values &below = layers[l - 1].errors;
                errorsBelow(own, below);
                ibhebb::rectified(FLOAT, at(layers[l - 1].layer.output), data.n * own.layer.in, at(below));
            }
            ibhebb::denseGradient(FLOAT, own.input, rowStride(l), columnStride(l), at(own.errors), 1, data.n, data.n,
                                  own.layer.in, own.layer.out, at(own.gradient), 1, own.layer.in,
                                  behind(own.gradient, weights), 1);
        }
        for (Learner &own : layers) {
            adam(own);
        }
    }

  private:
    struct Learner {
        Layer layer;
        Values gradient;
        Values first;
        Values second;
        Values errors;
        Address input = 0;

        Learner(Size n, Size in, Size out)
            : layer(n, in, out), gradient(layer.parameters), first(gradient.size()), second(gradient.size()),
              errors(std::size_t(n * out)) {}
    };

    Size rowStride(std::size_t l) const { return l == 0 ? data.width : 1; }
    Size columnStride(std::size_t l) const { return l == 0 ? 1 : data.n; }

    void errorsBelow(Learner &own, Values &below) const {
        // What lies by columns is, by rows, its transpose: (out x in)' times (out x n).
        ibhebb::gemm(true, false, own.layer.in, data.n, own.layer.out, own.layer.parameters.data(), own.layer.in,
                     own.errors.data(), data.n, 0.0F, below.data(), data.n);
    }

    static void adam(Learner &own) {
        const Size n = Size(own.gradient.size());
        float *w = own.layer.parameters.data();
        const float *g = own.gradient.data();
        float *m = own.first.data();
        float *v = own.second.data();
#pragma omp simd
        for (Size i = 0; i < n; i++) {
            m[i] += 0.1F * (g[i] - m[i]);
            v[i] += 0.001F * (g[i] * g[i] - v[i]);
            w[i] -= 1e-5F * m[i] / (std::sqrt(v[i]) + 1e-8F);
        }
    }

    Data data;
    std::vector<Learner> layers;
};

}  // namespace steps
