// Every entry point of ibhebb.hpp against plain loops in double, at sizes that leave remainders everywhere. Runs under
// the address and undefined-behaviour sanitizers: each array, and the scratch memory of each call, is an allocation of
// exactly the size it needs, and starts as NaN, so that what is read before it was written shows too.
//
// Signals are not compared with a formula: the objectives of docs/rule.md are evaluated on dual numbers, which gives
// their exact derivative along a direction.

#include "strict.hpp"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

// ---------------------------------------------------------------------------------------------------------------------
// Numbers and arrays
// ---------------------------------------------------------------------------------------------------------------------

// A number and its derivative along one direction.
struct Dual {
    double value = 0;
    double slope = 0;

    Dual() = default;
    Dual(double value, double slope = 0) : value(value), slope(slope) {}

    Dual &operator+=(const Dual &b) {
        value += b.value;
        slope += b.slope;
        return *this;
    }
};

static Dual operator+(const Dual &a, const Dual &b) { return {a.value + b.value, a.slope + b.slope}; }
static Dual operator-(const Dual &a, const Dual &b) { return {a.value - b.value, a.slope - b.slope}; }
static Dual operator*(const Dual &a, const Dual &b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
static Dual operator/(const Dual &a, const Dual &b) {
    return {a.value / b.value, (a.slope - a.value / b.value * b.slope) / b.value};
}
static Dual exp(const Dual &a) { return {std::exp(a.value), std::exp(a.value) * a.slope}; }
static Dual log(const Dual &a) { return {std::log(a.value), a.slope / a.value}; }
static Dual sqrt(const Dual &a) { return {std::sqrt(a.value), a.slope / (2 * std::sqrt(a.value))}; }

using Values = std::vector<double>;
using Duals = std::vector<Dual>;

template <typename S>
std::vector<S> zeros(Size size) {
    return std::vector<S>(static_cast<std::size_t>(size));
}

static Values part(const Values &all, Size row, Size columns) {
    return Values(all.begin() + row * columns, all.begin() + (row + 1) * columns);
}

static std::mt19937 generator(20240513);  // the same numbers in each run

static double uniform(double from, double to) { return from + (to - from) * generator() / 4294967296.0; }

static Size below(Size bound) { return Size(generator() % std::uint32_t(bound)); }

template <typename T>
constexpr int TYPE = std::is_same<T, double>::value ? ibhebb::DOUBLE : ibhebb::FLOAT;

template <typename T>
constexpr double TOLERANCE = std::is_same<T, double>::value ? 1e-9 : 1e-4;

// An array of ibhebb's, of exactly this size.
template <typename T>
class Array {
  public:
    explicit Array(Size size) : size(size), data(new T[std::size_t(size)]) {
        std::fill_n(data.get(), size, std::numeric_limits<T>::quiet_NaN());
    }
    explicit Array(const Values &values) : Array(Size(values.size())) {
        for (Size i = 0; i < size; i++) {
            data[i] = T(values[std::size_t(i)]);
        }
    }

    Address address(Size offset = 0) const { return reinterpret_cast<Address>(data.get() + offset); }
    T &operator[](Size i) const { return data[i]; }
    // As the references take them: what rounding to T has left.
    Values values() const { return Values(data.get(), data.get() + size); }

    const Size size;

  private:
    std::unique_ptr<T[]> data;
};

// A matrix stored in one of several ways.
template <typename T>
struct View {
    Size rows;
    Size columns;
    Size offset;
    Size rowStride;
    Size columnStride;
    Array<T> array;

    static constexpr int WAYS = 6;

    View(int way, Size rows, Size columns)
        : rows(rows), columns(columns), offset(way >= 4 ? 3 : 0), rowStride(strides(way, rows, columns).first),
          columnStride(strides(way, rows, columns).second),
          array(offset + (rows - 1) * rowStride + (columns - 1) * columnStride + 1) {}

    T &at(Size row, Size column) const { return array[offset + row * rowStride + column * columnStride]; }
    Address address() const { return array.address(offset); }
    void fill() const {
        for (Size i = 0; i < rows * columns; i++) {
            at(i / columns, i % columns) = T(uniform(-1.7, 1.7));
        }
    }
    Values values() const {
        Values all;
        for (Size i = 0; i < rows * columns; i++) {
            all.push_back(at(i / columns, i % columns));
        }
        return all;
    }

  private:
    static std::pair<Size, Size> strides(int way, Size rows, Size columns) {
        switch (way) {
            case 0:
                return {columns, 1};  // by rows
            case 1:
                return {1, rows};  // by columns
            case 2:
                return {columns + 2, 1};  // part of each row of a larger one
            case 3:
                return {3 * columns + 1, 3};  // every third
            case 4:
                return {1, rows + 5};  // part of each column of a larger one
            default:
                return {2, 2 * rows + 1};  // every second, by columns
        }
    }
};

static long checks = 0;
static long failures = 0;

// `index` says which entry of a result, or which direction.
static void close(const std::string &where, double actual, double expected, double error, Size index = 0) {
    checks++;
    if (std::abs(actual - expected) <= error) {
        return;
    }
    failures++;
    if (failures <= 20) {
        std::fprintf(stderr, "%s [%d]: %.12g instead of %.12g\n", where.c_str(), int(index), actual, expected);
    }
}

static void same(const std::string &where, double actual, double expected, Size index = 0) {
    close(where, actual, expected, 0, index);
}

// All entries, to the tolerance of the type relative to the largest, or to the terms that they are what is left of.
template <typename T>
void close(const std::string &where, const Values &actual, const Values &expected, double terms = 0) {
    double most = terms;
    for (double value : expected) {
        most = std::max(most, std::abs(value));
    }
    for (std::size_t i = 0; i < expected.size(); i++) {
        close(where, actual[i], expected[i], TOLERANCE<T> * most, Size(i));
    }
}

template <typename T, typename... Sizes>
std::string name(const char *operation, Sizes... sizes) {
    std::string text = std::string(operation) + (TYPE<T> == ibhebb::DOUBLE ? " double" : " float");
    for (double size : std::initializer_list<double>{double(sizes)...}) {
        char number[32];
        std::snprintf(number, sizeof(number), " %g", size);
        text += number;
    }
    return text;
}

static const Size SIZES[] = {1, 2, 3, 5, 7, 13, 17, 31, 67};

// ---------------------------------------------------------------------------------------------------------------------
// Definitions, on numbers and on dual numbers
// ---------------------------------------------------------------------------------------------------------------------

template <typename S>
S squaredDistance(const std::vector<S> &rows, Size d, Size a, Size b) {
    S total = 0;
    for (Size k = 0; k < d; k++) {
        const S difference = rows[a * d + k] - rows[b * d + k];
        total += difference * difference;
    }
    return total;
}

static double squaredBandwidth(const Values &rows, Size n, Size d, int kernel, double sigma) {
    if (kernel == ibhebb::GAUSSIAN) {
        return sigma * sigma * double(d);
    }
    Values pairs;
    double total = 0;
    for (Size i = 0; i < n; i++) {
        for (Size j = 0; j < i; j++) {
            pairs.push_back(squaredDistance(rows, d, i, j));
            total += pairs.back();
        }
    }
    if (pairs.empty()) {
        return 0;
    }
    std::sort(pairs.begin(), pairs.end());
    const double median = (pairs[(pairs.size() - 1) / 2] + pairs[pairs.size() / 2]) / 2;
    return sigma * sigma * (median > 0 ? median : total / double(pairs.size()));
}

template <typename S>
std::vector<S> kernelMatrix(const std::vector<S> &rows, Size n, Size d, int kernel, double bandwidth) {
    using std::exp;
    using std::sqrt;
    std::vector<S> k = zeros<S>(n * n);
    if (kernel != ibhebb::COSINE) {
        for (Size i = 0; i < n * n; i++) {
            k[i] = bandwidth == 0 ? S(1) : exp(squaredDistance(rows, d, i / n, i % n) * S(-1 / (2 * bandwidth)));
        }
        return k;
    }
    std::vector<S> inner = zeros<S>(n * n);
    for (Size i = 0; i < n; i++) {
        for (Size j = 0; j < n; j++) {
            for (Size c = 0; c < d; c++) {
                inner[i * n + j] += rows[i * d + c] * rows[j * d + c];
            }
        }
    }
    const S none = 0;
    const auto zero = [&](Size i) { return !(std::abs(Dual(inner[i * n + i]).value) > 0); };
    for (Size i = 0; i < n; i++) {
        for (Size j = 0; j < n; j++) {
            k[i * n + j] =
                zero(i) || zero(j) ? none : inner[i * n + j] / (sqrt(inner[i * n + i]) * sqrt(inner[j * n + j]));
        }
    }
    return k;
}

template <typename S>
std::vector<S> centred(const std::vector<S> &k, Size n) {
    std::vector<S> means = zeros<S>(n);
    S mean = 0;
    for (Size i = 0; i < n; i++) {
        for (Size j = 0; j < n; j++) {
            means[i] += k[i * n + j] / S(double(n));
        }
        mean += means[i] / S(double(n));
    }
    std::vector<S> out(k.size());
    for (Size i = 0; i < n * n; i++) {
        out[i] = k[i] - means[i / n] - means[i % n] + mean;
    }
    return out;
}

template <typename A, typename B>
B inner(const std::vector<A> &a, const std::vector<B> &b) {
    B total = 0;
    for (std::size_t i = 0; i < a.size(); i++) {
        total += B(a[i]) * b[i];
    }
    return total;
}

static Dual logSumExp(const Duals &terms) {
    double most = terms[0].value;
    for (const Dual &term : terms) {
        most = std::max(most, term.value);
    }
    Dual total = 0;
    for (const Dual &term : terms) {
        total += exp(term - Dual(most));
    }
    return log(total) + Dual(most);
}

static Dual neighbourhoodObjective(const Duals &rows, Size n, Size d, Size first, Size count, const Values &same,
                                   double bandwidth) {
    Dual total = 0;
    for (Size i = 0; i < count && bandwidth > 0; i++) {
        const Size p = (first + i) % n;
        Duals everyone;
        Duals partners;
        for (Size q = 0; q < n; q++) {
            if (q != p) {
                everyone.push_back(squaredDistance(rows, d, p, q) * Dual(-1 / (2 * bandwidth)));
                if (same[p * n + q] > 0) {
                    partners.push_back(everyone.back() + Dual(std::log(same[p * n + q])));
                }
            }
        }
        if (!partners.empty()) {
            total += logSumExp(everyone) - logSumExp(partners);
        }
    }
    return total / Dual(double(count));
}

// `rounding` is the norm that counts as 0.
static Dual dependenceObjective(const Duals &rows, Size n, Size d, int kind, const Values &task, int kernel,
                                double bandwidth, double gamma, double rounding) {
    if (n < 2) {
        return 0;
    }
    const Duals k = kernelMatrix(rows, n, d, kernel, bandwidth);
    if (kind == ibhebb::GIVEN) {
        return inner(task, k);
    }
    const Duals own = centred(k, n);
    if (kind == ibhebb::HSIC_ZZ) {
        const double pairs = double(n - 1) * double(n - 1);
        return (inner(own, k) - Dual(gamma) * inner(task, k)) / Dual(pairs);
    }
    const double taskNorm = std::sqrt(inner(task, task));
    const Dual ownSquare = inner(own, own);
    if (taskNorm <= rounding || std::sqrt(ownSquare.value) <= rounding) {
        return 0;
    }
    return Dual(-1 / taskNorm) * inner(task, own) / sqrt(ownSquare);
}

// ---------------------------------------------------------------------------------------------------------------------
// Samples
// ---------------------------------------------------------------------------------------------------------------------

enum Sample { RANDOM, ALL_EQUAL, TWINS, WITH_ZEROS, FAR_APART };

static Values sample(Sample kind, Size n, Size d) {
    Values rows;
    for (Size i = 0; i < n * d; i++) {
        rows.push_back(uniform(-1.7, 1.7));
    }
    for (Size i = 0; i < n * d; i++) {
        const Size row = i / d;
        if (kind == ALL_EQUAL) {
            rows[i] = rows[i % d];
        } else if (kind == TWINS && row % 2 == 1) {
            rows[i] = rows[i - d];
        } else if (kind == WITH_ZEROS && row % 3 == 1) {
            rows[i] = 0;
        } else if (kind == FAR_APART) {
            rows[i] *= 12;
        }
    }
    return rows;
}

// One-hot labels of so many classes; fewer than 1 for soft ones of three.
static Values labels(Size n, Size classes) {
    Values all;
    for (Size i = 0; i < n; i++) {
        if (classes < 1) {
            const double a = uniform(0, 0.5);
            const double b = uniform(0, 0.5);
            all.insert(all.end(), {a, b, 1 - a - b});
            continue;
        }
        const Size own = below(classes);
        for (Size c = 0; c < classes; c++) {
            all.push_back(c == own ? 1 : 0);
        }
    }
    return all;
}

static Values agreement(const Values &labels, Size n, bool independent) {
    const Size c = Size(labels.size()) / n;
    Values k = zeros<double>(n * n);
    for (Size i = 0; i < n * n; i++) {
        for (Size l = 0; l < c; l++) {
            const double a = labels[i / n * c + l];
            const double b = labels[i % n * c + l];
            k[i] += independent ? (a * b + (1 - a) * (1 - b)) / double(c) : a * b;
        }
    }
    return k;
}

// As many windows as tell each case apart: all, one, some; in order, at the end, and around it.
static std::vector<std::pair<Size, Size>> windows(Size n) {
    std::vector<std::pair<Size, Size>> all = {{0, n}, {0, 1}};
    if (n > 1) {
        all.insert(all.end(), {{n - 1, 1}, {n / 2, n}, {n - 1, 2}, {0, n - 1}, {n / 2, n - n / 2}});
    }
    if (n > 4) {
        all.push_back({n - 2, n / 2 + 1});
    }
    return all;
}

// ---------------------------------------------------------------------------------------------------------------------
// Signals
// ---------------------------------------------------------------------------------------------------------------------

// Calls an operation that overwrites or adds (its arguments: add, signal), and compares what it leaves in `size`
// numbers with `factor` times the slope of an objective, given the direction.
// `conditioning` is what multiplies differences of numbers of about 1 in the formula.
template <typename T>
void checkSignal(const std::string &where, Size size, double factor, double tolerance, double conditioning,
                 const std::function<int(bool, Address)> &call, const std::function<double(const Values &)> &slope) {
    const Array<T> signal(size);
    forgetScratch();
    same(where, call(false, signal.address()), ibhebb::OK);

    const bool small = size <= 16;
    for (Size direction = 0; direction < (small ? size : 1); direction++) {
        Values along = zeros<double>(size);
        double actual = 0;
        double terms = 0.1 * factor * conditioning;
        for (Size i = 0; i < size; i++) {
            along[i] = small ? double(i == direction) : uniform(-1, 1);
            actual += along[i] * double(signal[i]);
            terms += std::abs(along[i] * double(signal[i]));
        }
        close(where, actual, factor * slope(along), tolerance * terms, direction);
    }

    const Array<T> sum(size);
    for (Size i = 0; i < size; i++) {
        sum[i] = T(0.25);
    }
    forgetScratch();
    same(where, call(true, sum.address()), ibhebb::OK);
    for (Size i = 0; i < size; i++) {
        const double expected = 0.25 + double(signal[i]);
        close(where, sum[i], expected, TOLERANCE<T> * std::max(1.0, std::abs(expected)), i);
    }
}

// The rows of a window as dual numbers that move along a direction of its current rows.
static Duals moving(const Values &rows, Size n, Size d, Size first, Size count, const Values &along) {
    Duals duals(rows.begin(), rows.end());
    for (Size i = 0; i < count * d; i++) {
        duals[(first + i / d) % n * d + i % d].slope = along[i];
    }
    return duals;
}

// The inner products of rows as someone may have kept them: nobody, or in lines that are longer than needed.
template <typename T>
struct Kept {
    Kept(const Array<T> &rows, Size n, Size d, bool known)
        : line(n + below(3)), products(known ? n * line : 1), known(known) {
        for (Size i = 0; i < n && known; i++) {
            for (Size j = 0; j < n; j++) {
                double sum = 0;
                for (Size k = 0; k < d; k++) {
                    sum += double(rows[i * d + k]) * double(rows[j * d + k]);
                }
                products[i * line + j] = T(sum);
            }
        }
    }

    Address address() const { return known ? products.address() : 0; }

    const Size line;
    const Array<T> products;
    const bool known;
};

template <typename T>
void neighbourhood(Sample kind, Size n, Size d, Size first, Size count, Size classes, int kernel, double sigma) {
    const Array<T> rows(sample(kind, n, d));
    const Kept<T> kept(rows, n, d, kind == RANDOM && below(2) == 0);
    const Array<T> same(agreement(labels(n, classes), n, false));
    const Values u = rows.values();
    const Values s = same.values();
    const double factor = 1.5 * double(count);
    const double bandwidth = n == 1 ? 0 : squaredBandwidth(u, n, d, kernel, sigma);
    // Far apart, the logarithms of the kernel are large numbers, and what rounding leaves of their differences is less.
    const double tolerance = TOLERANCE<T> * (kind == FAR_APART ? 100 : 1);
    checkSignal<T>(
        name<T>("neighbourhood", kind, n, d, first, count, classes, kernel, sigma), count * d, factor, tolerance,
        bandwidth > 0 ? 1 / std::min(1.0, bandwidth) : 1,
        [&](bool add, Address signal) {
            return ibhebb::neighbourhood(TYPE<T>, rows.address(), n, d, first, count, kept.address(), kept.line,
                                         same.address(), kernel, sigma, factor, add, signal);
        },
        [&](const Values &along) {
            return neighbourhoodObjective(moving(u, n, d, first, count, along), n, d, first, count, s, bandwidth).slope;
        });
}

template <typename T>
void dependence(Sample kind, Size n, Size d, Size first, Size count, Size classes, int objective, int kernel,
                double sigma) {
    const Array<T> rows(sample(kind, n, d));
    const Kept<T> kept(rows, n, d, kind == RANDOM && below(2) == 0);
    Values matrix = centred(agreement(labels(n, classes), n, false), n);
    if (objective == ibhebb::GIVEN) {
        for (double &entry : matrix) {
            entry /= double(n);
        }
    }
    const Array<T> task(matrix);
    const Values u = rows.values();
    const Values t = task.values();
    const double factor = 0.5 * double(n);
    const double gamma = 1.25;
    const double bandwidth = kernel == ibhebb::COSINE ? 0 : squaredBandwidth(u, n, d, kernel, sigma);
    const double rounding = double(n) * (TYPE<T> == ibhebb::DOUBLE ? 1e-13 : 1e-5);
    double conditioning = bandwidth > 0 ? 1 / std::min(1.0, bandwidth) : 1;
    for (Size i = 0; i < n && kernel == ibhebb::COSINE; i++) {
        const Values row = part(u, i, d);
        const double norm = std::sqrt(inner(row, row));
        conditioning = std::max(conditioning, norm > 0 ? 1 / norm : 0);
    }
    if (objective == ibhebb::NORMALIZED_HSIC) {
        const Values own = centred(kernelMatrix(u, n, d, kernel, bandwidth), n);
        conditioning /= std::min(1.0, std::max(rounding, std::sqrt(inner(own, own))));
    }
    checkSignal<T>(
        name<T>("dependence", kind, n, d, first, count, classes, objective, kernel, sigma), count * d, factor,
        TOLERANCE<T>, conditioning,
        [&](bool add, Address signal) {
            return ibhebb::dependence(TYPE<T>, rows.address(), n, d, first, count, kept.address(), kept.line, objective,
                                      task.address(), kernel, sigma, gamma, factor, add, signal);
        },
        [&](const Values &along) {
            return dependenceObjective(moving(u, n, d, first, count, along), n, d, objective, t, kernel, bandwidth,
                                       gamma, rounding)
                .slope;
        });
}

template <typename T>
void signals() {
    const std::pair<int, double> kernels[] = {
        {ibhebb::GAUSSIAN, 0.5}, {ibhebb::MEDIAN_GAUSSIAN, 0.7}, {ibhebb::COSINE, 0}};
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (const auto &[first, count] : windows(n)) {
                for (const auto &[kernel, sigma] : kernels) {
                    const Sample kind = Sample(below(4));
                    const Size classes = below(4);
                    if (kernel != ibhebb::COSINE) {
                        neighbourhood<T>(kind, n, d, first, count, classes, kernel, sigma);
                    }
                    for (int objective : {ibhebb::GIVEN, ibhebb::HSIC_ZZ, ibhebb::NORMALIZED_HSIC}) {
                        dependence<T>(kind, n, d, first, count, classes, objective, kernel, sigma);
                    }
                }
            }
        }
    }
    // Everything that a window and its labels can be like, where products are made by hand and where by BLAS.
    for (Size n : {Size(7), Size(31)}) {
        for (const auto &[first, count] : windows(n)) {
            for (Sample kind : {RANDOM, ALL_EQUAL, TWINS, WITH_ZEROS}) {
                for (Size classes : {Size(0), Size(1), Size(2), 5 * n}) {
                    for (const auto &[kernel, sigma] : kernels) {
                        for (int objective : {ibhebb::GIVEN, ibhebb::HSIC_ZZ, ibhebb::NORMALIZED_HSIC}) {
                            dependence<T>(kind, n, 17, first, count, classes, objective, kernel, sigma);
                        }
                        if (kernel != ibhebb::COSINE) {
                            neighbourhood<T>(kind, n, 17, first, count, classes, kernel, sigma);
                        }
                    }
                    // The kernel underflows, partners may be much further away than others.
                    neighbourhood<T>(FAR_APART, n, 5, first, count, classes, ibhebb::GAUSSIAN, 0.25);
                }
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The other operations
// ---------------------------------------------------------------------------------------------------------------------

// Much closer than the tolerance of what is made of it.
template <typename T>
void exponential() {
    const double least = TYPE<T> == ibhebb::DOUBLE ? -708 : -87;
    const std::string where = name<T>("expOfNegative");
    for (Size i = 0; i <= 100000; i++) {
        const T x = T(least * 1.05e-5 * double(i));
        const double expected = double(x) > least ? std::exp(double(x)) : 0;
        close(where, ibhebb::expOfNegative(x), expected, 2 * std::numeric_limits<T>::epsilon() * expected, i);
    }
    same(where, ibhebb::expOfNegative(-std::numeric_limits<T>::max()), 0);
    same(where, ibhebb::expOfNegative(-std::numeric_limits<T>::infinity()), 0);
    same(where, std::isnan(ibhebb::expOfNegative(std::numeric_limits<T>::quiet_NaN())), 1);
}

template <typename T>
void finiteAndCopyRows() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (int way = 0; way < View<T>::WAYS; way++) {
                const View<T> a(way, n, d);
                a.fill();
                const auto finite = [&] {
                    return ibhebb::finite(TYPE<T>, a.address(), a.rowStride, a.columnStride, n, d);
                };
                const std::string where = name<T>("finite", way, n, d);
                same(where, finite(), true);
                for (Size place : {Size(0), n * d - 1, below(n * d)}) {
                    T &entry = a.at(place / d, place % d);
                    const T before = entry;
                    for (T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(),
                                  -std::numeric_limits<T>::infinity()}) {
                        entry = bad;
                        same(where, finite(), false);
                    }
                    entry = std::numeric_limits<T>::max();
                    same(where, finite(), true);
                    entry = before;
                }

                const Array<T> to(n * d);
                ibhebb::copyRows(TYPE<T>, a.address(), a.rowStride, a.columnStride, n, d, to.address());
                const Values expected = a.values();
                const std::string copied = name<T>("copyRows", way, n, d);
                for (Size i = 0; i < n * d; i++) {
                    same(copied, to[i], expected[i], i);
                }
            }
        }
    }
}

static Duals normalized(const Duals &row) {
    const Dual d = double(row.size());
    Dual mean = 0;
    for (const Dual &each : row) {
        mean += each / d;
    }
    Dual variance = 0;
    for (const Dual &each : row) {
        variance += (each - mean) * (each - mean) / d;
    }
    Duals out;
    for (const Dual &each : row) {
        out.push_back((each - mean) / sqrt(variance + Dual(1e-5)));
    }
    return out;
}

// Each derivative of <weights, of(row)> with respect to an entry of the row.
static Values derivatives(const Values &row, const Values &weights, const std::function<Duals(const Duals &)> &of) {
    Values out;
    for (std::size_t k = 0; k < row.size(); k++) {
        Duals moving(row.begin(), row.end());
        moving[k].slope = 1;
        out.push_back(inner(weights, of(moving)).slope);
    }
    return out;
}

static void append(Values &all, const Values &more) { all.insert(all.end(), more.begin(), more.end()); }

template <typename T>
void normalization() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (int way = 0; way < View<T>::WAYS; way++) {
                const View<T> a(way, n, d);
                a.fill();
                if (n > 2) {
                    for (Size k = 0; k < d; k++) {
                        a.at(1, k) = T(0.5);
                    }
                }
                const Values rows = a.values();
                const Array<T> u(n * d);
                const Array<T> inverse(n);
                ibhebb::normalize(TYPE<T>, a.address(), a.rowStride, a.columnStride, n, d, 1e-5, u.address(),
                                  inverse.address());
                const Array<T> signal(sample(RANDOM, n, d));
                const View<T> out(View<T>::WAYS - 1 - way, n, d);
                forgetScratch();
                same(name<T>("denormalize", way, n, d),
                     ibhebb::denormalize(TYPE<T>, signal.address(), u.address(), inverse.address(), n, d, out.address(),
                                         out.rowStride, out.columnStride),
                     ibhebb::OK);

                Values expected;
                Values deviations;
                Values back;
                for (Size i = 0; i < n; i++) {
                    const Values row = part(rows, i, d);
                    double mean = 0;
                    double squares = 0;
                    for (double each : row) {
                        mean += each / double(d);
                        squares += each * each / double(d);
                    }
                    deviations.push_back(1 / std::sqrt(std::max(0.0, squares - mean * mean) + 1e-5));
                    for (const Dual &each : normalized(Duals(row.begin(), row.end()))) {
                        expected.push_back(each.value);
                    }
                    append(back, derivatives(row, part(signal.values(), i, d), normalized));
                }
                close<T>(name<T>("normalize", way, n, d), u.values(), expected);
                close<T>(name<T>("normalize deviations", way, n, d), inverse.values(), deviations);
                const std::string where = name<T>("denormalize", way, n, d);
                for (Size i = 0; i < n * d; i++) {
                    close(where, out.at(i / d, i % d), back[i], TOLERANCE<T> * deviations[i / d], i);
                }
            }
        }
    }
}

template <typename T>
void labelKernels() {
    for (Size n : SIZES) {
        for (Size c : {Size(0), Size(1), Size(2), Size(3), Size(13), Size(67)}) {
            for (bool independent : {false, true}) {
                const Array<T> y(labels(n, c));
                const Array<T> k(n * n);
                const std::string where = name<T>("sameLabel", n, c, independent);
                const auto call = [&] {
                    forgetScratch();
                    return ibhebb::sameLabel(TYPE<T>, y.address(), n, y.size / n, independent, k.address());
                };
                same(where, call(), ibhebb::OK);
                close<T>(where, k.values(), agreement(y.values(), n, independent));
                for (double bad : {-0.01, 1.01, 3.0, std::numeric_limits<double>::infinity()}) {
                    const Size place = below(y.size);
                    const T before = y[place];
                    y[place] = T(bad);
                    same(where + " out of range", call(), ibhebb::OUT_OF_RANGE);
                    y[place] = before;
                }
            }
        }
    }
}

template <typename T>
void kernels() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (Sample kind : {RANDOM, ALL_EQUAL, TWINS, WITH_ZEROS, FAR_APART}) {
                for (int kernel : {ibhebb::GAUSSIAN, ibhebb::MEDIAN_GAUSSIAN}) {
                    const Array<T> rows(sample(kind, n, d));
                    const Array<T> k(n * n);
                    const std::string where = name<T>("gaussian", kind, n, d, kernel);
                    forgetScratch();
                    const Kept<T> kept(rows, n, d, kind == RANDOM && below(2) == 0);
                    same(where,
                         ibhebb::gaussian(TYPE<T>, rows.address(), n, d, kept.address(), kept.line, kernel, 0.8,
                                          k.address()),
                         ibhebb::OK);
                    const Values u = rows.values();
                    close<T>(where, k.values(),
                             kernelMatrix(u, n, d, kernel, squaredBandwidth(u, n, d, kernel, 0.8)));
                }
            }
        }
        for (const auto &[first, count] : windows(n)) {
            // Whatever was kept of the current rows is overwritten, and nothing else.
            const Array<T> rows(sample(RANDOM, n, 5));
            const Kept<T> expected(rows, n, 5, true);
            const Array<T> kept(expected.products.values());
            for (Size i = 0; i < count; i++) {
                for (Size q = 0; q < n; q++) {
                    kept[(first + i) % n * expected.line + q] = T(-100);
                    kept[q * expected.line + (first + i) % n] = T(-100);
                }
            }
            const std::string where = name<T>("products", n, first, count);
            forgetScratch();
            same(where,
                 ibhebb::products(TYPE<T>, rows.address(), n, 5, first, count, kept.address(), expected.line),
                 ibhebb::OK);
            for (Size i = 0; i < n; i++) {
                for (Size j = 0; j < n; j++) {
                    close(where, kept[i * expected.line + j], expected.products[i * expected.line + j],
                          10 * TOLERANCE<T>, i * n + j);
                }
            }
        }
        for (bool two : {false, true}) {
            for (bool inPlace : {false, true}) {
                const Array<T> a(agreement(sample(RANDOM, n, 5), n, false));
                const Array<T> b(agreement(sample(RANDOM, n, 3), n, false));
                Values difference = a.values();
                for (std::size_t i = 0; i < difference.size() && two; i++) {
                    difference[i] -= 0.75 * double(b[Size(i)]);
                }
                const Array<T> other(n * n);
                const Array<T> &out = inPlace ? a : other;
                const std::string where = name<T>("centre", n, two, inPlace);
                forgetScratch();
                same(where,
                     ibhebb::centre(TYPE<T>, a.address(), two ? b.address() : 0, 0.75, n, out.address()), ibhebb::OK);
                if (n > 1) {
                    close<T>(where, out.values(), centred(difference, n));
                } else {
                    close(where, out[0], 0, TOLERANCE<T>);
                }

                const Array<T> balance(n * n);
                for (Size i = 0; i < n; i++) {
                    balance[i * n + i] = T(uniform(-1, 1));  // nothing else of it may be read
                }
                const Array<T> reference(n * n);
                ibhebb::diagonalOnly(TYPE<T>, balance.address(), n, reference.address());
                double total = 0;
                for (Size i = 0; i < n; i++) {
                    total += double(balance[i * n + i]);
                }
                Values expected;
                for (Size i = 0; i < n * n; i++) {
                    const double both = double(balance[i / n * n + i / n]) + double(balance[i % n * n + i % n]);
                    expected.push_back(2 / (double(n - 1) * double(n - 1))
                                       * (-both / double(n) + total / (double(n) * double(n))));
                }
                if (n > 1) {
                    close<T>(name<T>("diagonalOnly", n), reference.values(), expected);
                }
            }
        }
    }
}

static Duals grouped(const Duals &row, Size groups) {
    const Size m = Size(row.size()) / groups;
    Duals sizes;
    Dual mean = 0;
    for (Size g = 0; g < groups; g++) {
        Dual centre = 0;
        for (Size k = 0; k < m; k++) {
            centre += row[g * m + k] / Dual(double(m));
        }
        Dual squares = 1;
        for (Size k = 0; k < m; k++) {
            squares += (row[g * m + k] - centre) * (row[g * m + k] - centre);
        }
        sizes.push_back(sqrt(squares / Dual(double(m))));
        mean += sizes.back() / Dual(double(groups));
    }
    for (Dual &size : sizes) {
        size = size - mean;
    }
    return sizes;
}

template <typename T>
void grouping() {
    for (Size n : {Size(1), Size(2), Size(7), Size(31)}) {
        for (Size groups : {Size(1), Size(2), Size(5), Size(13)}) {
            for (Size m : {Size(1), Size(2), Size(3), Size(7), Size(17)}) {
                const Size d = groups * m;
                const Array<T> u(sample(n > 2 ? WITH_ZEROS : RANDOM, n, d));
                const Values rows = u.values();
                const Array<T> sizes(n * groups);
                const Array<T> values(n * groups);
                ibhebb::group(TYPE<T>, u.address(), n, groups, m, sizes.address(), values.address());
                const std::string where = name<T>("group", n, groups, m);
                for (Size i = 0; i < n * groups; i++) {
                    const Values row = part(rows, i / groups, d);
                    const Dual expected = grouped(Duals(row.begin(), row.end()), groups)[i % groups];
                    close(where, values[i], expected.value, TOLERANCE<T>, i);
                    double mean = 0;
                    double squares = 1;
                    for (Size k = 0; k < m; k++) {
                        mean += row[i % groups * m + k] / double(m);
                    }
                    for (Size k = 0; k < m; k++) {
                        squares += std::pow(row[i % groups * m + k] - mean, 2);
                    }
                    const double size = std::sqrt(squares / double(m));
                    close(where, sizes[i], size, TOLERANCE<T> * size, i);
                }
                for (const auto &[first, count] : windows(n)) {
                    const Array<T> gradient(sample(RANDOM, count, groups));
                    Values expected;
                    for (Size i = 0; i < count; i++) {
                        append(expected, derivatives(part(rows, (first + i) % n, d), part(gradient.values(), i, groups),
                                                     [&](const Duals &row) { return grouped(row, groups); }));
                    }
                    for (bool add : {false, true}) {
                        const Array<T> signal(count * d);
                        for (Size i = 0; i < count * d && add; i++) {
                            signal[i] = 2;
                        }
                        ibhebb::ungroup(TYPE<T>, u.address(), n, first, count, groups, m, sizes.address(),
                                        gradient.address(), add, signal.address());
                        const std::string back = name<T>("ungroup", n, first, count, groups, m, add);
                        for (Size i = 0; i < count * d; i++) {
                            close(back, signal[i], expected[i] + (add ? 2 : 0), 3 * TOLERANCE<T>, i);
                        }
                    }
                }
            }
        }
    }
}

template <typename T>
void denseGradient(Size n, Size in, Size out, int inputWay, int deltaWay, int weightsWay, Size biasStride) {
    const View<T> input(inputWay, n, in);
    const View<T> delta(deltaWay, n, out);
    const View<T> weights(weightsWay, in, out);
    const Array<T> bias(biasStride == 0 ? 0 : (out - 1) * biasStride + 1);
    input.fill();
    delta.fill();
    const std::string where =
        name<T>("denseGradient", n, in, out, inputWay, deltaWay, weightsWay, biasStride);
    forgetScratch();
    same(where,
         ibhebb::denseGradient(TYPE<T>, input.address(), input.rowStride, input.columnStride, delta.address(),
                               delta.rowStride, delta.columnStride, n, in, out, weights.address(), weights.rowStride,
                               weights.columnStride, biasStride == 0 ? 0 : bias.address(), biasStride),
         ibhebb::OK);
    for (Size k = 0; k < out; k++) {
        double total = 0;
        for (Size i = 0; i < n; i++) {
            total += double(delta.at(i, k));
        }
        if (biasStride > 0) {
            close(where, bias[k * biasStride], total, TOLERANCE<T> * double(n), k);
        }
        for (Size j = 0; j < in; j++) {
            double product = 0;
            for (Size i = 0; i < n; i++) {
                product += double(input.at(i, j)) * double(delta.at(i, k));
            }
            close(where, weights.at(j, k), product, TOLERANCE<T> * double(n), j * out + k);
        }
    }
}

// `gap`: how much longer than a column of the result its place is.
template <typename T>
void affine(Size n, Size in, Size out, int inputWay, int weightsWay, Size biasStride, Size gap) {
    const View<T> input(inputWay, n, in);
    const View<T> weights(weightsWay, in, out);
    const Array<T> bias(sample(RANDOM, 1, biasStride == 0 ? 0 : (out - 1) * biasStride + 1));
    const Array<T> result((out - 1) * (n + gap) + n);
    input.fill();
    weights.fill();
    const std::string where = name<T>("affine", n, in, out, inputWay, weightsWay, biasStride, gap);
    forgetScratch();
    same(where,
         ibhebb::affine(TYPE<T>, input.address(), input.rowStride, input.columnStride, weights.address(),
                        weights.rowStride, weights.columnStride, biasStride == 0 ? 0 : bias.address(), biasStride, n,
                        in, out, result.address(), n + gap),
         ibhebb::OK);
    for (Size i = 0; i < result.size; i++) {
        const Size row = i % (n + gap);
        const Size column = i / (n + gap);
        double expected = biasStride == 0 ? 0 : double(bias[column * biasStride]);
        for (Size j = 0; j < in && row < n; j++) {
            expected += double(input.at(row, j)) * double(weights.at(j, column));
        }
        if (row < n) {
            close(where, result[i], expected, TOLERANCE<T> * double(in), i);
        } else {
            same(where, std::isnan(result[i]), true, i);
        }
    }
}

template <typename T>
void dense() {
    const int ways = View<T>::WAYS;
    for (int each = 0; each < ways * ways * ways; each++) {
        for (Size stride : {Size(0), Size(1), Size(3)}) {
            denseGradient<T>(7, 5, 3, each / ways / ways, each / ways % ways, each % ways, stride);
            denseGradient<T>(1, 1, 1, each / ways / ways, each / ways % ways, each % ways, stride);
            affine<T>(7, 5, 3, each / ways / ways, each / ways % ways, stride, each % ways);
            affine<T>(1, 1, 1, each / ways / ways, each / ways % ways, stride, each % ways);
        }
    }
    for (Size n : SIZES) {
        for (Size in : SIZES) {
            for (Size out : {Size(1), Size(2), Size(17), Size(31)}) {
                denseGradient<T>(n, in, out, int(below(ways)), int(below(ways)), int(below(ways)), below(3));
                affine<T>(n, in, out, int(below(ways)), int(below(ways)), below(3), below(2));
            }
        }
        const Array<T> preActivation(sample(WITH_ZEROS, n, 5));
        const Array<T> signal(sample(RANDOM, n, 5));
        const Values before = signal.values();
        ibhebb::rectified(TYPE<T>, preActivation.address(), 5 * n, signal.address());
        for (Size i = 0; i < 5 * n; i++) {
            same(name<T>("rectified", n), signal[i], preActivation[i] > 0 ? before[i] : 0, i);
        }
    }
}

// A convolution by its definition: what an output owes to each value of the image.
template <typename T>
void convolution(Size n, Size channels, Size maps, const Values &geometry, bool channelsLast, bool withBias) {
    const auto g = [&](int i) { return Size(geometry[std::size_t(i)]); };
    const Size height = g(0), width = g(1), kh = g(2), kw = g(3), sh = g(4), sw = g(5), top = g(6), left = g(7);
    const Size dh = g(8), dw = g(9), outHeight = g(10), outWidth = g(11);
    const Size patch = channels * kh * kw, positions = outHeight * outWidth;
    const std::string where = name<T>("convolution", n, channels, maps, height, width, kh, kw, sh, sw, top, left, dh,
                                      dw, outHeight, outWidth, channelsLast);
    const Array<T> images(sample(RANDOM, n, channels * height * width));
    const Array<T> weights(sample(RANDOM, maps, patch));
    const Array<T> bias(sample(RANDOM, 1, maps));
    const Array<T> delta(sample(RANDOM, n, maps * positions));
    const Size rowStride = channelsLast ? width * channels : width;
    const Size columnStride = channelsLast ? channels : 1;
    const Size channelStride = channelsLast ? 1 : height * width;
    const Size sampleStride = channels * height * width;
    Values output(std::size_t(n * maps * positions)), gradient(std::size_t(maps * patch)), sums(std::size_t(maps), 0.0);
    for (Size i = 0; i < n; i++) {
        for (Size map = 0; map < maps; map++) {
            for (Size oy = 0; oy < outHeight; oy++) {
                for (Size ox = 0; ox < outWidth; ox++) {
                    const Size at = ((i * maps + map) * outHeight + oy) * outWidth + ox;
                    double value = withBias ? double(bias[map]) : 0;
                    sums[std::size_t(map)] += double(delta[at]);
                    for (Size c = 0; c < channels; c++) {
                        for (Size ky = 0; ky < kh; ky++) {
                            for (Size kx = 0; kx < kw; kx++) {
                                const Size y = oy * sh + ky * dh - top, x = ox * sw + kx * dw - left;
                                if (y < 0 || y >= height || x < 0 || x >= width) {
                                    continue;
                                }
                                const double pixel = double(
                                    images[i * sampleStride + c * channelStride + y * rowStride + x * columnStride]);
                                const Size weight = ((map * channels + c) * kh + ky) * kw + kx;
                                value += pixel * double(weights[weight]);
                                gradient[std::size_t(weight)] += pixel * double(delta[at]);
                            }
                        }
                    }
                    output[std::size_t(at)] = value;
                }
            }
        }
    }
    const Array<T> actual(n * maps * positions);
    forgetScratch();
    same(where,
         ibhebb::convolve(TYPE<T>, images.address(), sampleStride, channelStride, rowStride, columnStride, n, channels,
                          height, width, kh, kw, sh, sw, top, left, dh, dw, outHeight, outWidth, weights.address(),
                          withBias ? bias.address() : 0, maps, actual.address()),
         ibhebb::OK);
    close<T>(where, actual.values(), output);
    const Array<T> ownWeights(maps * patch);
    const Array<T> ownBias(maps);
    forgetScratch();
    same(where,
         ibhebb::convolutionGradient(TYPE<T>, images.address(), sampleStride, channelStride, rowStride, columnStride, n,
                                     channels, height, width, kh, kw, sh, sw, top, left, dh, dw, outHeight, outWidth,
                                     delta.address(), maps, ownWeights.address(), withBias ? ownBias.address() : 0),
         ibhebb::OK);
    close<T>(where, ownWeights.values(), gradient);
    if (withBias) {
        close<T>(where, ownBias.values(), sums);
    }
}

template <typename T>
void convolutions() {
    // height, width, kernel, stride, padding at the top and left, dilation, output: patches that lie partly or wholly
    // beyond any edge among them.
    const Values geometries[] = {
        {5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 5, 6}, {5, 6, 3, 2, 2, 1, 0, 1, 1, 1, 2, 7},
        {1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1}, {7, 5, 1, 1, 1, 1, 0, 0, 1, 1, 7, 5},
        {7, 5, 1, 1, 2, 3, 0, 0, 1, 1, 4, 2}, {3, 3, 5, 5, 1, 1, 4, 4, 1, 1, 7, 7},
        {2, 3, 3, 3, 1, 1, 1, 1, 2, 3, 3, 4}, {4, 4, 2, 2, 3, 3, 5, 5, 1, 1, 5, 5},
        {6, 1, 3, 1, 1, 2, 0, 2, 1, 1, 4, 3},
        {13, 17, 4, 3, 3, 2, 1, 2, 2, 4, 4, 9}};
    for (const Values &geometry : geometries) {
        for (bool channelsLast : {false, true}) {
            for (bool withBias : {false, true}) {
                convolution<T>(1, 1, 1, geometry, channelsLast, withBias);
                convolution<T>(3, 2, 5, geometry, channelsLast, withBias);
            }
        }
    }
}

// Batch normalisation of values (outer x channels x inner) by its definition, and its derivative by dual numbers.
template <typename T>
void channels(Size outer, Size count, Size inner, double shift) {
    const std::string where = name<T>("channels", outer, count, inner);
    const Size size = outer * count * inner;
    const double epsilon = 1e-3;
    const double each = double(outer * inner);
    Values shifted = sample(RANDOM, 1, size);
    for (double &value : shifted) {
        value += shift;
    }
    const Array<T> x(shifted);
    const Array<T> gain(sample(RANDOM, 1, count));
    const Array<T> offset(sample(RANDOM, 1, count));
    const Array<T> signal(sample(RANDOM, 1, size));
    const auto channel = [&](Size i) { return std::size_t(i / inner % count); };
    Values means = zeros<double>(count), variances = zeros<double>(count);
    for (Size i = 0; i < size; i++) {
        means[channel(i)] += double(x[i]) / each;
    }
    for (Size i = 0; i < size; i++) {
        variances[channel(i)] += (double(x[i]) - means[channel(i)]) * (double(x[i]) - means[channel(i)]) / each;
    }
    const Array<T> mean(count), variance(count), out(size), dGain(count), dOffset(count), derivative(size);
    forgetScratch();
    same(where, ibhebb::moments(TYPE<T>, x.address(), outer, count, inner, mean.address(), variance.address()),
         ibhebb::OK);
    close<T>(where, mean.values(), means);
    close<T>(where, variance.values(), variances);

    const Array<T> ownMean(means);
    const Array<T> ownVariance(variances);
    forgetScratch();
    same(where,
         ibhebb::standardize(TYPE<T>, x.address(), outer, count, inner, ownMean.address(), ownVariance.address(),
                             epsilon, gain.address(), offset.address(), out.address()),
         ibhebb::OK);
    // sum of signal times result, with everything that it depends on moving in one direction.
    const auto value = [&](const std::function<double(Size)> &dx, const std::function<double(Size)> &dGain,
                           const std::function<double(Size)> &dOffset, Values *result) {
        Duals m(std::size_t(count), Dual(0)), v(std::size_t(count), Dual(0));
        for (Size i = 0; i < size; i++) {
            m[channel(i)] += Dual(double(x[i]), dx(i)) / each;
        }
        for (Size i = 0; i < size; i++) {
            const Dual centred = Dual(double(x[i]), dx(i)) - m[channel(i)];
            v[channel(i)] += centred * centred / each;
        }
        Dual total;
        for (Size i = 0; i < size; i++) {
            const Size c = Size(channel(i));
            const Dual standard =
                (Dual(double(x[i]), dx(i)) - m[channel(i)]) / sqrt(v[channel(i)] + Dual(epsilon));
            const Dual y = Dual(double(gain[c]), dGain(c)) * standard + Dual(double(offset[c]), dOffset(c));
            total += Dual(double(signal[i])) * y;
            if (result != nullptr) {
                result->push_back(y.value);
            }
        }
        return total.slope;
    };
    const auto nothing = [](Size) { return 0.0; };
    Values expected;
    value(nothing, nothing, nothing, &expected);
    close<T>(where, out.values(), expected);

    forgetScratch();
    same(where,
         ibhebb::standardizeGradient(TYPE<T>, x.address(), outer, count, inner, ownMean.address(),
                                     ownVariance.address(), epsilon, gain.address(), signal.address(), dGain.address(),
                                     dOffset.address(), derivative.address()),
         ibhebb::OK);
    Values gains, offsets, slopes;
    double terms = 0;
    for (Size i = 0; i < size; i++) {
        const double deviation = std::sqrt(variances[channel(i)] + epsilon);
        terms = std::max(terms, std::abs(double(gain[Size(channel(i))]) * double(signal[i]) / deviation));
    }
    for (Size c = 0; c < count; c++) {
        const auto one = [c](Size i) { return i == c ? 1.0 : 0.0; };
        gains.push_back(value(nothing, one, nothing, nullptr));
        offsets.push_back(value(nothing, nothing, one, nullptr));
    }
    for (Size at = 0; at < size; at++) {
        slopes.push_back(value([at](Size i) { return i == at ? 1.0 : 0.0; }, nothing, nothing, nullptr));
    }
    close<T>(where, dGain.values(), gains);
    close<T>(where, dOffset.values(), offsets);
    close<T>(where, derivative.values(), slopes, terms);
}

template <typename T>
void batchNormalization() {
    for (Size outer : {Size(1), Size(2), Size(7)}) {
        for (Size count : {Size(1), Size(3), Size(17)}) {
            for (Size inner : {Size(1), Size(2), Size(5), Size(19)}) {
                channels<T>(outer, count, inner, 0);
                channels<T>(outer, count, inner, 3);
            }
        }
    }
}

// What needs scratch memory says so where there is none, and works again where there is.
// Errors of n samples of d neurons at some places: by samples, by neurons, and with gaps.
template <typename T>
void gains() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (Size places : {Size(1), Size(3)}) {
                for (int way = 0; way < 3; way++) {
                    const Size gap = way == 2 ? 2 : 0;
                    const Size placeStride = way == 1 ? n * d : 1;
                    const Size neuronStride = way == 1 ? n : places + gap;
                    const Size sampleStride = way == 1 ? 1 : d * neuronStride;
                    const Size last = (n - 1) * sampleStride + (d - 1) * neuronStride + (places - 1) * placeStride;
                    const Array<T> errors(sample(RANDOM, 1, last + 1));
                    const Values before = errors.values();
                    const Array<T> squares(sample(RANDOM, 1, d));
                    for (Size j = 0; j < d; j++) {
                        squares[j] = std::abs(squares[j]);
                    }
                    const Array<T> next(d);
                    forgetScratch();
                    same("gain",
                         ibhebb::gain(TYPE<T>, errors.address(), sampleStride, neuronStride, placeStride, n, d, places,
                                      squares.address(), 0.75, 0.5, 1.5, 0.25, 2, next.address()),
                         ibhebb::OK);
                    Values roots;
                    double mean = 0;
                    for (Size j = 0; j < d; j++) {
                        double total = 0;
                        for (Size i = 0; i < n; i++) {
                            for (Size k = 0; k < places; k++) {
                                const double e = before[std::size_t(
                                    i * sampleStride + j * neuronStride + k * placeStride)];
                                total += e * e;
                            }
                        }
                        const double expected = 0.75 * squares[j] + 0.5 * total / double(n * places);
                        close(name<T>("gain's squares", way, n, d, places), next[j], expected,
                              TOLERANCE<T> * expected, j);
                        roots.push_back(std::sqrt(1.5 * expected));
                        mean += roots.back() / double(d);
                    }
                    for (Size i = 0; i < n; i++) {
                        for (Size j = 0; j < d; j++) {
                            for (Size k = 0; k < places; k++) {
                                const Size at = i * sampleStride + j * neuronStride + k * placeStride;
                                close(name<T>("gain", way, n, d, places), errors[at],
                                      2 * before[std::size_t(at)] / (roots[std::size_t(j)] + 0.25 * mean),
                                      TOLERANCE<T> * 10, at);
                            }
                        }
                    }
                }
            }
        }
    }
}

// A readout that learns block by block, against plain loops.
template <typename T>
void readouts() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (Size c : {Size(1), Size(3)}) {
                for (Size block : {Size(1), Size(2), Size(100)}) {
                    const Array<T> u(sample(RANDOM, n, d));
                    const Array<T> y(sample(RANDOM, n, c));
                    const Array<T> v(sample(RANDOM, c, d));
                    const Array<T> bias(sample(RANDOM, 1, c));
                    const Array<T> signal(sample(RANDOM, n, d));
                    Values weights = v.values();
                    Values offsets = bias.values();
                    Values expected = signal.values();
                    for (Size from = 0; from < n; from += block) {
                        const Size to = std::min(n, from + block);
                        Values errors;
                        double length = 0;
                        for (Size i = from; i < to; i++) {
                            for (Size j = 0; j < c; j++) {
                                double sum = offsets[std::size_t(j)];
                                for (Size k = 0; k < d; k++) {
                                    sum += weights[std::size_t(j * d + k)] * double(u[i * d + k]);
                                }
                                errors.push_back(1 / (1 + std::exp(-sum)) - double(y[i * c + j]));
                                for (Size k = 0; k < d; k++) {
                                    expected[std::size_t(i * d + k)] +=
                                        0.5 * errors.back() * weights[std::size_t(j * d + k)];
                                }
                            }
                            for (Size k = 0; k < d; k++) {
                                length += double(u[i * d + k]) * double(u[i * d + k]);
                            }
                        }
                        const double count = double(to - from);
                        const double step = 0.3 / std::max(length / count, double(d)) / count;
                        for (Size i = from; i < to; i++) {
                            for (Size j = 0; j < c; j++) {
                                const double error = errors[std::size_t((i - from) * c + j)];
                                offsets[std::size_t(j)] -= 0.2 * error / count;
                                for (Size k = 0; k < d; k++) {
                                    weights[std::size_t(j * d + k)] -= step * error * double(u[i * d + k]);
                                }
                            }
                        }
                    }
                    forgetScratch();
                    ibhebb::readout(TYPE<T>, u.address(), n, d, y.address(), c, ibhebb::LOGISTIC, block, 0.3, 0.2, 0.5,
                                    true, v.address(), bias.address(), signal.address());
                    close<T>(name<T>("readout's weights", n, d, c, block), v.values(), weights, 1);
                    close<T>(name<T>("readout's bias", n, d, c, block), bias.values(), offsets, 1);
                    close<T>(name<T>("readout's signal", n, d, c, block), signal.values(), expected, 1);
                }
            }
        }
    }
}

// Sums over matrices of all layouts, and what averaging does to vectors.
template <typename T>
void sumsAndAverages() {
    for (Size n : SIZES) {
        for (Size d : SIZES) {
            for (int way = 0; way < View<T>::WAYS; way++) {
                const View<T> a(way, n, d);
                a.fill();
                double squares = 0;
                double variances = 0;
                for (Size i = 0; i < n; i++) {
                    double mean = 0;
                    double own = 0;
                    for (Size k = 0; k < d; k++) {
                        mean += double(a.at(i, k)) / double(d);
                        own += double(a.at(i, k)) * double(a.at(i, k)) / double(d);
                    }
                    squares += own * double(d);
                    variances += own - mean * mean;
                }
                const double bound = TOLERANCE<T> * double(n * d) * 3;
                close(name<T>("squares", way, n, d),
                      ibhebb::squares(TYPE<T>, a.address(), a.rowStride, a.columnStride, n, d), squares, bound);
                close(name<T>("variances", way, n, d),
                      ibhebb::variances(TYPE<T>, a.address(), a.rowStride, a.columnStride, n, d), variances, bound);
            }
        }
        const Array<T> gradient(sample(RANDOM, 1, n));
        const Array<T> deviation(sample(RANDOM, 1, n));
        const Array<T> sum(n);
        Values step;
        Values rest;
        Values sums;
        for (Size i = 0; i < n; i++) {
            const double moved = double(deviation[i]) - 0.3 * double(gradient[i]);
            step.push_back(-0.25 * moved);
            rest.push_back(0.75 * moved);
            sums.push_back(double(gradient[i]) - 2 * double(deviation[i]));
        }
        ibhebb::plusScaled(TYPE<T>, gradient.address(), deviation.address(), -2, n, sum.address());
        ibhebb::average(TYPE<T>, gradient.address(), deviation.address(), n, 0.3, 0.25);
        close<T>(name<T>("average's step", n), gradient.values(), step, 1);
        close<T>(name<T>("average's rest", n), deviation.values(), rest, 1);
        close<T>(name<T>("sum", n), sum.values(), sums, 1);
    }
}

// A dense layer's step, its samples few and many, against the definition.
template <typename T>
void denseSteps() {
    const double rate = 0.03, share = 0.25, look = 0.2, biasFactor = 2.5;
    for (Size n : {Size(1), Size(3), Size(11)}) {
        for (Size in : {Size(1), Size(5), Size(17)}) {
            for (Size out : {Size(1), Size(7), Size(131)}) {
                for (int way = 0; way < View<T>::WAYS; way++) {
                    const View<T> input(way, n, in);
                    const View<T> errors((way + 1) % View<T>::WAYS, n, out);
                    input.fill();
                    errors.fill();
                    const Array<T> weights(sample(RANDOM, in, out)), deviation(sample(RANDOM, in, out));
                    const Array<T> bias(sample(RANDOM, 1, out)), biasDeviation(sample(RANDOM, 1, out));
                    const Array<T> ahead(in * out), biasAhead(out);
                    Values average, rest, before, biasAverage;
                    for (Size k = 0; k < out; k++) {
                        double sum = 0;
                        for (Size s = 0; s < n; s++) {
                            sum += double(errors.at(s, k));
                        }
                        biasAverage.push_back(double(bias[k])
                                              + share * (double(biasDeviation[k]) - rate * biasFactor * sum));
                        for (Size i = 0; i < in; i++) {
                            double gradient = 0;
                            for (Size s = 0; s < n; s++) {
                                gradient += double(input.at(s, i)) * double(errors.at(s, k));
                            }
                            const double moved = double(deviation[k * in + i]) - rate * gradient;
                            average.push_back(double(weights[k * in + i]) + share * moved);
                            rest.push_back((1 - share) * moved);
                            before.push_back(average.back() + look * rest.back());
                        }
                    }
                    const std::string where = name<T>("dense step", way, n, in, out);
                    same(where,
                         ibhebb::advanceDense(TYPE<T>, input.address(), input.rowStride, input.columnStride,
                                              errors.address(), errors.rowStride, errors.columnStride, n, in, out,
                                              biasFactor, rate, share, look, weights.address(), deviation.address(),
                                              ahead.address(), bias.address(), biasDeviation.address(),
                                              biasAhead.address()),
                         ibhebb::OK);
                    close<T>(where, weights.values(), average, 3);
                    close<T>(where, deviation.values(), rest, 3);
                    close<T>(where, ahead.values(), before, 3);
                    close<T>(where, bias.values(), biasAverage, 3);
                }
            }
        }
    }
    const Array<T> sums(sample(RANDOM, 5, 3)), labels(sample(RANDOM, 5, 3));
    Values expected;
    for (Size k = 0; k < 3; k++) {
        for (Size i = 0; i < 5; i++) {
            double total = 0;
            for (Size j = 0; j < 3; j++) {
                total += std::exp(double(sums[j * 5 + i]));
            }
            expected.push_back(std::exp(double(sums[k * 5 + i])) / total - double(labels[i * 3 + k]));
        }
    }
    same(name<T>("delta rule", 5), ibhebb::deltaRule(TYPE<T>, ibhebb::SOFTMAX, 5, 3, labels.address(), 3, 1,
                                                     sums.address(), 5), ibhebb::OK);
    close<T>(name<T>("delta rule", 5), sums.values(), expected, 3);
}

template <typename T>
void withoutMemory() {
    const Size n = 7;
    const Array<T> a(sample(RANDOM, n, n));
    const Array<T> out(a.values());
    for (bool none : {true, false}) {
        outOfMemory = none;
        const int expected = none ? ibhebb::OUT_OF_MEMORY : ibhebb::OK;
        const int type = TYPE<T>;
        const Address from = a.address();
        const Address to = out.address();
        const std::string where = name<T>("without memory", none);
        forgetScratch();
        same(where, ibhebb::denormalize(type, from, from, from, n, n, to, n, 1), expected);
        same(where, ibhebb::gaussian(type, from, n, n, 0, 0, ibhebb::GAUSSIAN, 1, to), expected);
        same(where, ibhebb::products(type, from, n, n, 0, n, to, n), expected);
        same(where, ibhebb::centre(type, from, 0, 1, n, to), expected);
        same(where, ibhebb::neighbourhood(type, from, n, n, 0, n, 0, 0, from, ibhebb::GAUSSIAN, 1, 1, true, to),
             expected);
        same(where,
             ibhebb::dependence(type, from, n, n, 0, n, 0, 0, ibhebb::GIVEN, from, ibhebb::COSINE, 1, 1, 1, true, to),
             expected);
        same(where, ibhebb::affine(type, from, n, 1, from, n, 1, 0, 1, n, n, n, to, n), expected);
        same(where,
             ibhebb::convolve(type, from, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, from, 0, 1, to),
             expected);
        same(where,
             ibhebb::convolutionGradient(type, from, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, from, 1, to,
                                         0),
             expected);
        same(where, ibhebb::denseGradient(type, from, n, 1, from, n, 1, n, n, n, to, n, 1, 0, 1), expected);
        same(where,
             ibhebb::advanceDense(type, from, n, 1, from, n, 1, n, n, n, 1, 0, 0, 0, to, to, to, 0, 0, 0), expected);
        same(where, ibhebb::deltaRule(type, ibhebb::IDENTITY, n, n, from, n, 1, to, n), expected);
        same(where, ibhebb::moments(type, from, 1, n, n, to, to), expected);
        same(where, ibhebb::standardize(type, from, 1, n, n, from, from, 1, from, from, to), expected);
        same(where, ibhebb::standardizeGradient(type, from, 1, n, n, from, from, 1, from, from, to, to, to), expected);
        same(where, ibhebb::gain(type, to, n, 1, 1, n, n, 1, from, 0.5, 0.5, 1, 0, 1, to), expected);
        same(where,
             ibhebb::readout(type, from, n, n, from, n, ibhebb::SOFTMAX, 2, 1, 1, 1, true, to, to, to) < 0
                 ? ibhebb::OUT_OF_MEMORY
                 : ibhebb::OK,
             expected);
    }
}

// Rows that lie further apart than an int can count, of which BLAS counts in: two of them, in memory of which only these
// are there.
template <typename T>
void longLines() {
    const Size line = (Size(1) << 31) + 5;
    const std::size_t bytes = std::size_t(line + 3) * sizeof(T);
    void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        std::printf("no %zu bytes of addresses: rows that far apart are not tried\n", bytes);
        return;
    }
    T *rows = static_cast<T *>(memory);
    const Values input = {0.5, -1, 2, 3, -0.25, 1.5};
    for (Size i = 0; i < 6; i++) {
        rows[i / 3 * line + i % 3] = T(input[std::size_t(i)]);
    }
    const Array<T> plain(input);
    const Array<T> square(Values{1, 2, -3, 0.5, -1, 4, 2, 0.25, 1});
    const Address far = reinterpret_cast<Address>(rows);
    const int type = TYPE<T>;
    const Array<T> results[2] = {Array<T>(input), Array<T>(input)};
    const Array<T> gradients[2] = {Array<T>(square.values()), Array<T>(square.values())};
    for (int i = 0; i < 2; i++) {
        const Address from = i == 0 ? plain.address() : far;
        const Size stride = i == 0 ? 3 : line;
        ibhebb::affine(type, from, stride, 1, square.address(), 3, 1, 0, 1, 2, 3, 3, results[i].address(), 2);
        ibhebb::denseGradient(type, from, stride, 1, from, stride, 1, 2, 3, 3, gradients[i].address(), 3, 1, 0, 1);
    }
    close<T>(name<T>("affine of long lines", 0), results[1].values(), results[0].values());
    close<T>(name<T>("gradient of long lines", 0), gradients[1].values(), gradients[0].values());
    munmap(memory, bytes);
}

template <typename T>
void all() {
    longLines<T>();
    withoutMemory<T>();
    exponential<T>();
    finiteAndCopyRows<T>();
    normalization<T>();
    labelKernels<T>();
    kernels<T>();
    grouping<T>();
    dense<T>();
    convolutions<T>();
    batchNormalization<T>();
    gains<T>();
    readouts<T>();
    sumsAndAverages<T>();
    denseSteps<T>();
    signals<T>();
}

int main() {
    useStrictBlas();
    all<float>();
    all<double>();
    std::printf("native kernel: %ld checks, %ld failures\n", checks, failures);
    return failures == 0 ? 0 : 1;
}
