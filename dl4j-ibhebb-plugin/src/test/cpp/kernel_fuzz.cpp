// The entry points of ibhebb.hpp at random shapes, strides, offsets and numbers (also such that are not finite), under
// the address and undefined-behaviour sanitizers. What is right is kernel_test's to say; here nothing may be read or
// written outside an array, inputs stay as they are, results are written whole, and nothing between them.
//
// A case is a string of bytes, from which all of it is drawn. With clang's -fsanitize=fuzzer libFuzzer makes them, from
// what they reach; elsewhere `kernel_fuzz SEED CASES` does, at random. Compile with -DWITH_MAIN for that.

#include "strict.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

// What a case is drawn from: zeros once its bytes are spent.
class Draw {
  public:
    Draw(const std::uint8_t *data, std::size_t size) : data(data), left(size) {}

    unsigned byte() {
        if (left == 0) {
            return 0;
        }
        left--;
        return *data++;
    }
    bool flag() { return byte() % 2 == 1; }
    int of(int count) { return int(byte() % unsigned(count)); }
    // Mostly small; now and then beyond what loops are unrolled by, and blocks of.
    Size size() {
        const unsigned kind = byte();
        return 1 + Size(byte() % (kind < 160 ? 8 : kind < 240 ? 33 : 150));
    }
    unsigned seed() { return byte() | byte() << 8U; }

  private:
    const std::uint8_t *data;
    std::size_t left;
};

static void require(bool holds, const char *operation, const char *what) {
    if (!holds) {
        std::fprintf(stderr, "%s: %s\n", operation, what);
        std::abort();
    }
}

enum Kind { SMALL, ANY, LABELS };

// Values of a number's kind.
template <typename T>
T number(std::mt19937 &random, Kind kind) {
    const double uniform = random() / 4294967296.0;
    if (kind == LABELS) {
        return T(uniform < 0.5 ? 0 : 1);
    }
    if (kind == ANY && random() % 8 == 0) {
        constexpr T MOST = std::numeric_limits<T>::max();
        const T unusual[] = {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(),
                             -std::numeric_limits<T>::infinity(), MOST, -MOST,
                             std::numeric_limits<T>::denorm_min(), T(0), T(-0.0)};
        return unusual[random() % 8];
    }
    return T(2 * uniform - 1);
}

// A result's element before it is written: no operation makes this NaN.
template <typename T>
T unwritten() {
    T value;
    const std::uint64_t bits = sizeof(T) == 8 ? 0x7FF4DEADBEEF1234U : 0x7FA5BEEFU;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

template <typename T>
bool sameBits(const T &a, const T &b) {
    return std::memcmp(&a, &b, sizeof(T)) == 0;
}

// An array of up to three dimensions at any strides, of exactly the size that they reach.
template <typename T>
class View {
  public:
    static constexpr int DIMENSIONS = 3;

    View(const Size (&sizes)[DIMENSIONS], const Size (&strides)[DIMENSIONS]) {
        Size reach = 1;
        for (int i = 0; i < DIMENSIONS; i++) {
            shape[i] = sizes[i];
            stride[i] = strides[i];
            reach += (sizes[i] - 1) * strides[i];
        }
        count = reach;
        data.reset(new T[std::size_t(reach)]);
        std::fill_n(data.get(), reach, unwritten<T>());
        belongs.resize(std::size_t(reach));
        each([&](Size at) { belongs[std::size_t(at)] = true; });
    }

    View &fill(Draw &draw, Kind kind) {
        std::mt19937 random(draw.seed());
        each([&](Size at) { data[at] = number<T>(random, kind); });
        return *this;
    }
    // What it is to be compared with.
    View &keep() {
        before.assign(data.get(), data.get() + count);
        return *this;
    }
    Address address() const { return reinterpret_cast<Address>(data.get()); }
    Size of(int dimension) const { return stride[dimension]; }

    bool unchanged() const {
        return std::memcmp(before.data(), data.get(), before.size() * sizeof(T)) == 0;
    }
    bool whole() const {
        for (Size i = 0; i < count; i++) {
            if (belongs[std::size_t(i)] == sameBits(data[i], unwritten<T>())) {
                return false;
            }
        }
        return true;
    }

  private:
    template <typename F>
    void each(F use) const {
        for (Size i = 0; i < shape[0]; i++) {
            for (Size j = 0; j < shape[1]; j++) {
                for (Size k = 0; k < shape[2]; k++) {
                    use(i * stride[0] + j * stride[1] + k * stride[2]);
                }
            }
        }
    }

    Size shape[DIMENSIONS];
    Size stride[DIMENSIONS];
    Size count;
    std::unique_ptr<T[]> data;
    std::vector<bool> belongs;
    std::vector<T> before;
};

// One case: its arrays, which are looked at once the operation is done.
template <typename T>
class Case {
  public:
    explicit Case(Draw &draw) : draw(draw), kind(draw.of(4) == 0 ? ANY : SMALL) {}

    static constexpr int TYPE = sizeof(T) == 8 ? ibhebb::DOUBLE : ibhebb::FLOAT;

    // Read only: without gaps, or at any strides, 0 among them.
    const View<T> &in(Size rows, Size columns = 1, bool strided = false) { return input(rows, columns, strided, kind); }
    const View<T> &labels(Size rows, Size columns, bool strided = false) {
        return input(rows, columns, strided, draw.of(8) == 0 ? kind : LABELS);
    }
    // Written whole; or changed, from numbers.
    const View<T> &out(Size rows, Size columns = 1, bool strided = false) {
        results.push_back(made(rows, columns, strided, false));
        return *results.back();
    }
    const View<T> &inOut(Size rows, Size columns = 1, bool strided = false) {
        changed.push_back(made(rows, columns, strided, false));
        return changed.back()->fill(draw, kind);
    }
    const View<T> &result(bool add, Size rows, Size columns) { return add ? inOut(rows, columns) : out(rows, columns); }

    // Of three dimensions, in any order of them, with gaps or without.
    const View<T> &volume(Size a, Size b, Size c, bool isInput) {
        const Size sizes[] = {a, b, c};
        Size strides[View<T>::DIMENSIONS];
        int order[] = {0, 1, 2};
        std::swap(order[0], order[draw.of(3)]);
        std::swap(order[1], order[1 + draw.of(2)]);
        Size next = 1 + draw.of(2) * draw.of(3);
        for (int dimension : order) {
            strides[dimension] = next;
            next = next * sizes[dimension] + draw.of(4) / 3;
        }
        auto &all = isInput ? inputs : changed;
        all.push_back(std::make_unique<View<T>>(sizes, strides));
        all.back()->fill(draw, kind);
        return isInput ? all.back()->keep() : *all.back();
    }

    void check(const char *operation, bool done) const {
        for (const auto &array : inputs) {
            require(array->unchanged(), operation, "an input was changed");
        }
        for (const auto &array : results) {
            require(!done || array->whole(), operation, "a result was not written whole, or something beside it was");
        }
        for (const auto &array : changed) {
            require(array->whole(), operation, "something beside a result was written");
        }
    }

    Draw &draw;

  private:
    std::unique_ptr<View<T>> made(Size rows, Size columns, bool strided, bool isInput) {
        const Size gap = draw.of(5);
        Size strides[] = {columns, 1, 0};
        switch (strided ? draw.of(isInput ? 7 : 5) : 0) {
            case 1:
                strides[0] = 1;
                strides[1] = rows;
                break;
            case 2:
                strides[0] = columns + gap;
                break;
            case 3:
                strides[0] = 1;
                strides[1] = rows + gap;
                break;
            case 4:
                strides[0] = 3 * columns + gap;
                strides[1] = 3;
                break;
            case 5:
                strides[0] = 0;  // one row for all
                break;
            case 6:
                strides[0] = 1 + gap;  // one column for all
                strides[1] = 0;
                break;
            default:
                break;
        }
        const Size sizes[] = {rows, columns, 1};
        return std::make_unique<View<T>>(sizes, strides);
    }
    const View<T> &input(Size rows, Size columns, bool strided, Kind own) {
        inputs.push_back(made(rows, columns, strided, true));
        return inputs.back()->fill(draw, own).keep();
    }

    const Kind kind;
    std::vector<std::unique_ptr<View<T>>> inputs;
    std::vector<std::unique_ptr<View<T>>> results;
    std::vector<std::unique_ptr<View<T>>> changed;
};

// Which slots of a window are current.
struct Span {
    Size n;
    Size d;
    Size first;
    Size count;

    explicit Span(Draw &draw) : n(draw.size()), d(draw.size()) {
        const bool whole = draw.flag();
        first = whole ? 0 : Size(draw.byte()) % n;
        count = whole ? n : 1 + Size(draw.byte()) % n;
    }
};

template <typename T>
void windows(Case<T> &c, int operation) {
    Draw &draw = c.draw;
    const Span w(draw);
    const int type = Case<T>::TYPE;
    const Address rows = c.in(w.n, w.d).address();
    // Kept products of at least as many slots.
    const Size line = w.n + draw.of(3);
    const Address kept = draw.flag() ? c.in(w.n, line).address() : 0;
    const bool add = draw.flag();
    const int kernel = draw.of(operation == 2 ? 3 : 2);
    const double sigma = 0.1 + draw.of(5);
    int status = ibhebb::OK;
    switch (operation) {
        case 0:
            status = ibhebb::gaussian(type, rows, w.n, w.d, kept, line, kernel, sigma, c.out(w.n, w.n).address());
            break;
        case 1:
            status = ibhebb::neighbourhood(type, rows, w.n, w.d, w.first, w.count, kept, line, c.in(w.n, w.n).address(),
                                           kernel, sigma, 1.5, add, c.result(add, w.count, w.d).address());
            break;
        case 2: {
            const int kind = draw.of(3);
            status = ibhebb::dependence(type, rows, w.n, w.d, w.first, w.count, kept, line, kind,
                                        c.in(w.n, w.n).address(), kernel, sigma, 2, 0.5, add,
                                        c.result(add, w.count, w.d).address());
            break;
        }
        case 3:
            status = ibhebb::products(type, rows, w.n, w.d, w.first, w.count, c.inOut(w.n, line).address(), line);
            break;
        default: {
            const Size groups = draw.size();
            const Size m = 1 + draw.of(9);
            const Address units = c.in(w.n, groups * m).address();
            const Address gradient = c.in(w.count, groups).address();
            if (draw.flag()) {
                ibhebb::group(type, units, w.n, groups, m, c.out(w.n, groups).address(), c.out(w.n, groups).address());
            } else {
                ibhebb::ungroup(type, units, w.n, w.first, w.count, groups, m, c.in(w.n, groups).address(), gradient,
                                add, c.result(add, w.count, groups * m).address());
            }
        }
    }
    c.check("window", status == ibhebb::OK);
}

template <typename T>
void matrices(Case<T> &c, int operation) {
    Draw &draw = c.draw;
    const int type = Case<T>::TYPE;
    const Size n = draw.size();
    const Size d = draw.size();
    int status = ibhebb::OK;
    switch (operation) {
        case 0: {
            const View<T> &a = c.in(n, d, true);
            ibhebb::finite(type, a.address(), a.of(0), a.of(1), n, d);
            ibhebb::squares(type, a.address(), a.of(0), a.of(1), n, d);
            ibhebb::variances(type, a.address(), a.of(0), a.of(1), n, d);
            ibhebb::copyRows(type, a.address(), a.of(0), a.of(1), n, d, c.out(n, d).address());
            break;
        }
        case 1: {
            const View<T> &a = c.in(n, d, true);
            ibhebb::normalize(type, a.address(), a.of(0), a.of(1), n, d, 1e-5, c.out(n, d).address(),
                              c.out(n).address());
            break;
        }
        case 2: {
            const View<T> &derivative = c.out(n, d, true);
            status = ibhebb::denormalize(type, c.in(n, d).address(), c.in(n, d).address(), c.in(n).address(), n, d,
                                         derivative.address(), derivative.of(0), derivative.of(1));
            break;
        }
        case 3:
            status = ibhebb::sameLabel(type, c.labels(n, d).address(), n, d, draw.flag(), c.out(n, n).address());
            break;
        case 4:
            status = ibhebb::centre(type, c.in(n, n).address(), draw.flag() ? c.in(n, n).address() : 0, 0.5, n,
                                    c.out(n, n).address());
            ibhebb::diagonalOnly(type, c.in(n, n).address(), n, c.out(n, n).address());
            break;
        case 5: {
            ibhebb::rectify(type, c.in(n, d).address(), n * d, c.out(n, d).address());
            ibhebb::rectified(type, c.in(n, d).address(), n * d, c.inOut(n, d).address());
            ibhebb::average(type, c.inOut(n, d).address(), c.inOut(n, d).address(), n * d, 0.1, 0.3);
            ibhebb::plusScaled(type, c.in(n, d).address(), c.in(n, d).address(), 0.7, n * d, c.out(n, d).address());
            break;
        }
        case 6: {
            const int link = draw.of(3);
            const bool add = draw.flag();
            const Size outputs = draw.size();
            const Size block = 1 + Size(draw.byte()) % (2 * n);
            status = ibhebb::readout(type, c.in(n, d).address(), n, d, c.labels(n, outputs).address(), outputs, link,
                                     block, 0.5, 0.1, 1, add, c.inOut(outputs, d).address(), c.inOut(outputs).address(),
                                     c.result(add, n, d).address()) == -1
                ? ibhebb::OUT_OF_MEMORY
                : ibhebb::OK;
            break;
        }
        default: {
            const View<T> &labels = c.labels(n, d, true);
            const Size line = n + draw.of(4);
            status = ibhebb::deltaRule(type, draw.of(3), n, d, labels.address(), labels.of(0), labels.of(1),
                                       c.inOut(d, line).address(), line);
        }
    }
    c.check("matrix", status == ibhebb::OK);
}

template <typename T>
void dense(Case<T> &c, int operation) {
    Draw &draw = c.draw;
    const int type = Case<T>::TYPE;
    const Size n = draw.size();
    const Size in = draw.size();
    const Size out = draw.size();
    const bool biased = draw.flag();
    const View<T> &input = c.in(n, in, true);
    int status;
    if (operation == 0) {
        const View<T> &weights = c.in(in, out, true);
        const View<T> &bias = c.in(out, 1 + draw.of(3));
        status = ibhebb::affine(type, input.address(), input.of(0), input.of(1), weights.address(), weights.of(0),
                                weights.of(1), biased ? bias.address() : 0, bias.of(0), n, in, out,
                                c.out(out, n).address(), n);
    } else if (operation == 1) {
        const View<T> &delta = c.in(n, out, true);
        const View<T> &weights = c.out(in, out, true);
        const View<T> &bias = biased ? c.out(out) : c.in(out);
        status = ibhebb::denseGradient(type, input.address(), input.of(0), input.of(1), delta.address(), delta.of(0),
                                       delta.of(1), n, in, out, weights.address(), weights.of(0), weights.of(1),
                                       biased ? bias.address() : 0, bias.of(0));
    } else {
        const View<T> &errors = c.in(n, out, true);
        status = ibhebb::advanceDense(
            type, input.address(), input.of(0), input.of(1), errors.address(), errors.of(0), errors.of(1), n, in, out,
            1, 0.1, 0.2, 0.9, c.inOut(out, in).address(), c.inOut(out, in).address(), c.out(out, in).address(),
            biased ? c.inOut(out).address() : 0, biased ? c.inOut(out).address() : 0,
            biased ? c.out(out).address() : 0);
    }
    c.check("dense", status == ibhebb::OK);
}

// Images in any order of their dimensions; samples lie one behind the other, or all at one place.
template <typename T>
void convolutions(Case<T> &c, bool gradient) {
    Draw &draw = c.draw;
    const int type = Case<T>::TYPE;
    const Size n = 1 + draw.of(3);
    const Size channels = 1 + draw.of(3);
    const Size height = 1 + draw.of(9);
    const Size width = 1 + draw.of(9);
    const Size kernelHeight = 1 + draw.of(4);
    const Size kernelWidth = 1 + draw.of(4);
    const Size strideHeight = 1 + draw.of(3);
    const Size strideWidth = 1 + draw.of(3);
    const Size top = draw.of(4);
    const Size left = draw.of(4);
    const Size dilationHeight = 1 + draw.of(3);
    const Size dilationWidth = 1 + draw.of(3);
    // Also positions whose patches lie beyond the image.
    const Size outHeight = 1 + draw.of(8);
    const Size outWidth = 1 + draw.of(8);
    const Size maps = 1 + draw.of(4);
    const Size patch = channels * kernelHeight * kernelWidth;
    const Size positions = outHeight * outWidth;
    const bool biased = draw.flag();
    const bool all = draw.flag();
    const View<T> &images = c.volume(all ? n * channels : channels, height, width, true);
    const Size sample = all ? channels * images.of(0) : 0;
    int status;
    if (gradient) {
        status = ibhebb::convolutionGradient(
            type, images.address(), sample, images.of(0), images.of(1), images.of(2), n, channels, height, width,
            kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, dilationHeight, dilationWidth, outHeight,
            outWidth, c.in(n * maps, positions).address(), maps, c.out(maps, patch).address(),
            biased ? c.out(maps).address() : 0);
    } else {
        status = ibhebb::convolve(type, images.address(), sample, images.of(0), images.of(1), images.of(2), n, channels,
                                  height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, top, left,
                                  dilationHeight, dilationWidth, outHeight, outWidth, c.in(maps, patch).address(),
                                  biased ? c.in(maps).address() : 0, maps, c.out(n * maps, positions).address());
    }
    c.check("convolution", status == ibhebb::OK);
}

template <typename T>
void channels(Case<T> &c, int operation) {
    Draw &draw = c.draw;
    const int type = Case<T>::TYPE;
    const Size outer = draw.size();
    const Size count = 1 + draw.of(20);
    const Size inner = draw.flag() ? 1 : 1 + draw.of(40);
    const Address x = c.in(outer, count * inner).address();
    int status;
    if (operation == 0) {
        status = ibhebb::moments(type, x, outer, count, inner, c.out(count).address(), c.out(count).address());
    } else if (operation == 1) {
        status = ibhebb::standardize(type, x, outer, count, inner, c.in(count).address(), c.in(count).address(), 1e-5,
                                     c.in(count).address(), c.in(count).address(),
                                     c.out(outer, count * inner).address());
    } else {
        status = ibhebb::standardizeGradient(type, x, outer, count, inner, c.in(count).address(), c.in(count).address(),
                                             1e-5, c.in(count).address(), c.in(outer, count * inner).address(),
                                             c.out(count).address(), c.out(count).address(),
                                             c.out(outer, count * inner).address());
    }
    c.check("channels", status == ibhebb::OK);
}

template <typename T>
void gains(Case<T> &c) {
    Draw &draw = c.draw;
    const Size n = draw.size();
    const Size d = draw.size();
    const Size places = draw.flag() ? 1 : 1 + draw.of(12);
    const View<T> &errors = c.volume(n, d, places, false);
    const int status = ibhebb::gain(Case<T>::TYPE, errors.address(), errors.of(0), errors.of(1), errors.of(2), n, d,
                                    places, c.in(d).address(), 0.9, 0.1, 1, 1e-8, 1, c.out(d).address());
    c.check("gain", status == ibhebb::OK);
}

template <typename T>
void spikes(Case<T> &c, int operation) {
    Draw &draw = c.draw;
    const int type = Case<T>::TYPE;
    const Size steps = 1 + draw.of(9);
    const Size n = 1 + draw.of(30);
    const Size d = draw.flag() ? 1 + draw.of(9) : 600 + draw.of(20);
    const bool byRows = draw.flag();
    const bool constant = draw.flag();
    const bool toZero = draw.flag();
    const bool smooth = draw.flag();
    const double decay = draw.flag() ? 0.5 : 0;
    const int rest = draw.of(4) * draw.of(2);
    const Size given = constant ? n : steps * n;
    if (operation == 0) {
        const Address currents = c.in(given, d).address();
        const Address fired = c.out(steps * n, d).address();
        const Address slopes = draw.flag() ? c.out(steps * n, d).address() : 0;
        const Address carried = draw.flag() ? c.out(steps * n, d).address() : 0;
        const Address mean = draw.flag() ? c.out(n, d).address() : 0;
        ibhebb::fire(type, byRows, steps, n, d, currents, constant, 0.9, 0.5, toZero, 2, decay, rest, smooth, fired,
                     slopes, carried, mean);
    } else if (operation == 1) {
        const Address slopes = draw.flag() ? c.in(steps * n, d).address() : 0;
        const Address carried = draw.flag() ? c.in(steps * n, d).address() : 0;
        ibhebb::backInTime(type, byRows, steps, n, d, c.in(given, d).address(), constant, 0.5, 0.9, decay, rest > 0,
                           slopes, carried, c.out(steps * n, d).address());
    } else {
        const View<T> &series = c.in(steps * n, d, true);
        const View<T> &sum = c.out(n, d, true);
        const std::vector<double> weights(std::size_t(steps), 0.25);
        ibhebb::overTime(type, steps, n, d, series.address(), series.of(0), series.of(1),
                         reinterpret_cast<Address>(weights.data()), sum.address(), sum.of(0), sum.of(1));
    }
    c.check("spikes", true);
}

template <typename T>
void one(Draw &draw) {
    const int operation = draw.of(26);
    outOfMemory = draw.byte() == 255;
    forgetScratch();
    Case<T> c(draw);
    if (operation < 5) {
        windows(c, operation);
    } else if (operation < 13) {
        matrices(c, operation - 5);
    } else if (operation < 16) {
        dense(c, operation - 13);
    } else if (operation < 18) {
        convolutions(c, operation == 17);
    } else if (operation < 21) {
        channels(c, operation - 18);
    } else if (operation < 22) {
        gains(c);
    } else {
        spikes(c, (operation - 22) % 3);
    }
    outOfMemory = false;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    useStrictBlas();
    Draw draw(data, size);
    draw.flag() ? one<double>(draw) : one<float>(draw);
    return 0;
}

#ifdef WITH_MAIN
int main(int count, char **arguments) {
    if (count != 3) {
        std::fprintf(stderr, "kernel_fuzz SEED CASES\n");
        return 2;
    }
    const unsigned long seed = std::strtoul(arguments[1], nullptr, 10);
    const long cases = std::strtol(arguments[2], nullptr, 10);
    std::vector<std::uint8_t> bytes(96);
    for (long i = 0; i < cases; i++) {
        std::seed_seq own{seed, static_cast<unsigned long>(i)};
        std::mt19937 random(own);
        for (std::uint8_t &byte : bytes) {
            byte = std::uint8_t(random() >> 16U);
        }
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("native kernel: %ld random cases of seed %lu\n", cases, seed);
    return 0;
}
#endif
