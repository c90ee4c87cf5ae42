// One operation of the native kernel, or a whole training step, so many times, for whoever counts what it fetches by valgrind --tool=cachegrind --cache-sim=yes:
//
//     traffic OPENBLAS OPERATION TIMES SIZE...
//
// An operation's sizes are those of its arrays in the ledger. What two runs of different times differ by is the
// operation itself. Matrix products are the OpenBLAS's that ND4J brings, whose path is given.

#include "steps.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <functional>
#include <map>
#include <string>
#include <vector>

using ibhebb::Address;
using ibhebb::Size;
using Values = std::vector<float>;

static Values values(Size n) {
    Values made(static_cast<std::size_t>(n));
    std::uint32_t state = 12345;
    for (float &value : made) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 8U) / 16777216.0F - 0.5F;
    }
    return made;
}

static Address at(Values &array) { return reinterpret_cast<Address>(array.data()); }

// Lest the compiler leaves out what nobody asks for.
static volatile double sink = 0;

using Operation = std::function<void()>;
using Sizes = std::vector<Size>;

// A streaming network of these widths, without averaging, as Plan.java lays it out: prediction and neighbourhood.
struct Stream {
    std::vector<double> numbers;
    Values parameters;
    Values state;
    std::vector<double> clock;
    Values x;
    std::int32_t label = 0;

    explicit Stream(const Sizes &sizes) {
        const double memory = static_cast<double>(sizes[0]);
        const Sizes widths(sizes.begin() + 1, sizes.end());
        const Size hidden = Size(widths.size()) - 2;
        const Size outputs = widths.back();
        Size taken = sizes[0] * outputs;
        Size parameterCount = 0;
        Size widest = 0;
        std::vector<double> layers;
        std::vector<double> terms;
        const auto take = [&taken](Size n) {
            const Size place = taken;
            taken += n;
            return static_cast<double>(place);
        };
        for (Size l = 0; l <= hidden; l++) {
            const Size in = widths[static_cast<std::size_t>(l)];
            const Size out = widths[static_cast<std::size_t>(l) + 1];
            const double weights = static_cast<double>(parameterCount);
            const double bias = static_cast<double>(parameterCount + in * out);
            parameterCount += in * out + out;
            if (l == hidden) {
                layers.insert(layers.end(), {double(in), double(out), weights, bias, 0, 0, 1, 0.005, 0, 0, 0, -1, -1, -1,
                                             -1, 0, 0, 0});
                break;
            }
            widest = std::max(widest, out);
            const double readout = take(outputs * out + outputs);
            const double gain = take(out);
            const double rows = take(sizes[0] * out);
            // tanh: no unit is silent.
            layers.insert(layers.end(), {double(in), double(out), weights, bias, double(ibhebb::stream::TANH), 0, 1,
                                         0.002, double(ibhebb::stream::ACROSS_UNITS), 1, 1, readout, gain, -1, rows,
                                         double(ibhebb::stream::TICKS + ibhebb::stream::SCALARS * l), double(l), 1});
            terms.insert(terms.end(), {double(ibhebb::stream::NEIGHBOURS), 0.3, 0, 0.35, 0, 0, -1});
        }
        // No layer reads images, and none has time steps.
        numbers = {0, 0, double(hidden), double(widths[0]), double(outputs), double(widest), memory, 1,
                   double(parameterCount), double(ibhebb::stream::CLASSES), 0, 0, double(ibhebb::stream::CONSTANT), 1,
                   0, 8, 0, 0.999, 0.3, 10000, 0.01, 0.1, 1e300, -1, -1, 0, -1, -1, 0, 256, 0.9};
        numbers.insert(numbers.end(), layers.begin(), layers.end());
        numbers.insert(numbers.end(), {double(ibhebb::stream::SAME_LABEL), 1, 0, 1, 0, -1});
        numbers.insert(numbers.end(), terms.begin(), terms.end());
        parameters = values(parameterCount);
        for (float &value : parameters) {
            value *= 0.1F;
        }
        state.assign(static_cast<std::size_t>(taken), 0.0F);
        // Behind it, of how many samples sums are; there are none over matrices.
        clock.assign(static_cast<std::size_t>(ibhebb::stream::TICKS + ibhebb::stream::SCALARS * hidden + 1), 0.0);
        x = values(widths[0]);
        // Working memory is full.
        for (Size i = 0; i < sizes[0]; i++) {
            learn();
        }
    }

    void learn() {
        label = (label + 1) % 2;
        x[0] += 0.001F;
        ibhebb::stream::learn(ibhebb::FLOAT, reinterpret_cast<Address>(numbers.data()), at(parameters), 0, at(state),
                              reinterpret_cast<Address>(clock.data()), at(x), Size(x.size()), 0, 0,
                              reinterpret_cast<Address>(&label), 0, 0, 1, 0);
    }
};

static Operation operation(const std::string &name, const Sizes &s) {
    if (name == "stream") {
        auto *network = new Stream(s);
        return [network] { network->learn(); };
    }
    // Whole steps of mini-batches.
    if (name == "fit") {
        auto *network = new steps::ByTheRule(s);
        return [network] { network->step(); };
    }
    if (name == "backPropagation") {
        auto *network = new steps::ByBackPropagation(s);
        return [network] { network->step(); };
    }
    // Lives as long as the program.
    auto *arrays = new std::map<std::string, Values>;
    const auto array = [arrays](const char *key, Size n) { return at((*arrays)[key] = values(n)); };
    const int type = ibhebb::FLOAT;
    if (name == "affine") {
        const Size n = s[0], in = s[1], out = s[2];
        const Address x = array("x", n * in), w = array("w", in * out), b = array("b", out), a = array("a", n * out);
        return [=] { ibhebb::affine(type, x, in, 1, w, 1, in, b, 1, n, in, out, a, n); };
    }
    if (name == "denseGradient") {
        const Size n = s[0], in = s[1], out = s[2];
        const Address x = array("x", n * in), e = array("e", n * out), w = array("w", in * out), b = array("b", out);
        return [=] { ibhebb::denseGradient(type, x, in, 1, e, 1, n, n, in, out, w, 1, in, b, 1); };
    }
    if (name == "convolve" || name == "convolutionGradient") {
        const Size n = s[0], channels = s[1], side = s[2], maps = s[3], k = 3;
        const Address x = array("x", n * channels * side * side), w = array("w", maps * channels * k * k),
                      b = array("b", maps), a = array("a", n * maps * side * side);
        const bool forward = name == "convolve";
        return [=] {
            if (forward) {
                ibhebb::convolve(type, x, channels * side * side, side * side, side, 1, n, channels, side, side, k, k, 1,
                                 1, 1, 1, 1, 1, side, side, w, b, maps, a);
            } else {
                ibhebb::convolutionGradient(type, x, channels * side * side, side * side, side, 1, n, channels, side,
                                            side, k, k, 1, 1, 1, 1, 1, 1, side, side, a, maps, w, b);
            }
        };
    }
    if (name == "average") {
        const Address g = array("g", s[0]), d = array("d", s[0]);
        return [=] { ibhebb::average(type, g, d, s[0], 1e-3, 1e-3); };
    }
    if (name == "plusScaled") {
        const Address a = array("a", s[0]), b = array("b", s[0]), sum = array("sum", s[0]);
        return [=] { ibhebb::plusScaled(type, a, b, 0.2, s[0], sum); };
    }
    const Size n = s[0], d = s[1];
    const Address rows = array("rows", n * d);
    if (name == "isFinite") {
        return [=] { sink = ibhebb::finite(type, rows, d, 1, n, d); };
    }
    if (name == "meanSquare") {
        return [=] { sink = ibhebb::squares(type, rows, d, 1, n, d); };
    }
    if (name == "meanVariance") {
        return [=] { sink = ibhebb::variances(type, rows, d, 1, n, d); };
    }
    if (name == "copyRows") {
        const Address to = array("to", n * d);
        return [=] { ibhebb::copyRows(type, rows, d, 1, n, d, to); };
    }
    if (name == "slope") {
        const Address signal = array("signal", n * d);
        return [=] { ibhebb::rectified(type, rows, n * d, signal); };
    }
    if (name == "normalize") {
        const Address u = array("u", n * d), inverse = array("inverse", n);
        return [=] { ibhebb::normalize(type, rows, 1, n, n, d, 1e-5, u, inverse); };
    }
    if (name == "denormalize") {
        const Address signal = array("signal", n * d), inverse = array("inverse", n), out = array("out", n * d);
        return [=] { ibhebb::denormalize(type, signal, rows, inverse, n, d, out, 1, n); };
    }
    if (name == "gain") {
        const Address squares = array("squares", d), next = array("next", d);
        return [=] { ibhebb::gain(type, rows, 1, n, 1, n, d, 1, squares, 0.99, 0.01, 1, 0, 1, next); };
    }
    if (name == "readout") {
        const Size c = s[2];
        const Address y = array("y", n * c), v = array("v", c * d), b = array("b", c), signal = array("signal", n * d);
        return [=] {
            ibhebb::readout(type, rows, n, d, y, c, ibhebb::SOFTMAX, 1, 1, 0.1, 1, true, v, b, signal);
        };
    }
    if (name == "neighbourhood") {
        const Size count = s[2];
        const Address same = array("same", n * n), signal = array("signal", count * d);
        for (float &value : (*arrays)["same"]) {
            value = value > 0 ? 1.0F : 0.0F;
        }
        return [=] {
            ibhebb::neighbourhood(type, rows, n, d, 0, count, 0, 0, same, ibhebb::GAUSSIAN, 0.35, 1, false, signal);
        };
    }
    if (name == "sameLabel") {
        const Address k = array("k", n * n);
        for (float &value : (*arrays)["rows"]) {
            value = 0.5F;
        }
        return [=] { ibhebb::sameLabel(type, rows, n, d, false, k); };
    }
    std::fprintf(stderr, "there is no operation %s\n", name.c_str());
    std::exit(2);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        std::fprintf(stderr, "traffic OPENBLAS OPERATION TIMES SIZE...\n");
        return 2;
    }
    void *blas = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    if (blas == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    const auto function = [blas](const char *name) { return reinterpret_cast<Address>(dlsym(blas, name)); };
    ibhebb::useBlas(function("cblas_sgemm"), function("cblas_dgemm"), function("cblas_ssyrk"), function("cblas_dsyrk"));
    Sizes sizes;
    for (int i = 4; i < argc; i++) {
        sizes.push_back(std::atol(argv[i]));
    }
    const Operation run = operation(argv[2], sizes);
    for (int i = std::atoi(argv[3]); i > 0; i--) {
        run();
    }
    return 0;
}
