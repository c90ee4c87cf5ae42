// The entry points of stream.hpp at sizes that leave remainders everywhere, under the address and undefined-behaviour
// sanitizers: each array, and the scratch memory of each call, is an allocation of exactly the size it needs, and
// scratch memory starts as NaN, so that what is read before it was written shows too. What is computed is compared with
// Java's engine by EnginesAgreeTest; here with what must hold whatever it is: predictions are those of plain loops, a
// block teaches what single samples teach, sparse samples what dense ones teach, and a refused block changes nothing.

#include "strict.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

using Index = ibhebb::stream::Index;

static long checks = 0;
static long failures = 0;

static void check(bool holds, const char *what) {
    checks++;
    if (!holds) {
        failures++;
        std::fprintf(stderr, "%s\n", what);
    }
}

static std::mt19937 generator(20240513);  // the same numbers in each run

static double uniform(double from, double to) { return from + (to - from) * generator() / 4294967296.0; }

template <typename T>
static Address address(const std::vector<T> &values) {
    return values.empty() ? 0 : reinterpret_cast<Address>(values.data());
}

enum Output { CLASSES, LABELS, VALUES };

// One way to learn.
struct Case {
    std::vector<Size> widths;
    Output output;
    int activation;
    int view;
    int kind;  // of the window's objective; -1 for prediction alone
    bool cosine;
    bool standardizes;
    Size averages;  // every so many samples; 0 for none
    Size memory;
    int pooling;  // whether the first layer is a convolution, whose maps are pooled: the largest (1), or the mean (2);
                  // 3: one of spiking neurons, and the second layer pools their spikes
    Size steps;   // whether all but the last hidden layer spike, which makes rates of them: for so many time steps, of a
    bool series;  // current, or of a sequence
    int learning; // of what spikes

    Size inputs() const { return widths.front() * (series ? steps : 1); }
};

// Two channels of 5 x 4, three maps of 3 x 2 with a row of padding, pooled by windows of 2 x 2: 5 x 3 places, then 2 x 1.
static std::vector<double> maps(bool mean, double seen) {
    return {2, 3, 5, 4, 3, 2, 1, 1, 1, 0, 5, 3, 5, 3, 2, 2, 2, 2, 0, 0, 2, 1, mean ? 1.0 : 0.0, 0, mean ? 0.0 : 1.0,
            2, mean ? 2.0 : 1.0, seen};
}

// The same convolution of spiking neurons, and what pools their spikes.
static std::vector<double> spikingMaps() {
    return {2, 3, 5, 4, 3, 2, 1, 1, 1, 0, 5, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 12};
}

static std::vector<double> spikePooling() {
    return {3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 3, 3, 2, 2, 2, 1, 0, 3, 1, 1, 1, 0, 1, 1, 3};
}

// As Plan.java lays it out.
static std::vector<double> plan(const Case &c, Size &parameters, Size &state, Size &clock) {
    const Size hidden = Size(c.widths.size()) - 2;
    const Size inputs = c.inputs();
    const Size outputs = c.widths.back();
    const bool window = c.kind >= 0;
    state = 0;
    const auto take = [&state](Size n) {
        const Size place = state;
        state += n;
        return double(place);
    };
    const double mean = c.standardizes ? take(inputs) : -1;
    const double variance = c.standardizes ? take(inputs) : -1;
    const double labelRows = window ? take(c.memory * outputs) : -1;
    const bool input = c.kind == ibhebb::stream::HSIC_OF_INPUT;
    const double inputRows = input ? take(c.memory * inputs) : -1;
    const double labelMean = c.output == VALUES ? take(outputs) : -1;
    const bool matrix = window && c.kind != ibhebb::stream::NEIGHBOURS;
    const double task = matrix ? take(c.memory * c.memory) : -1;
    const bool gram = c.kind == ibhebb::stream::HSIC_OF_ITSELF || c.kind == ibhebb::stream::ALIGNMENT;
    std::vector<double> layers;
    std::vector<double> terms;
    std::vector<double> geometries = {12, 3};
    const Size lanes = (c.steps + 7) / 8 * 8;
    std::vector<double> timings = {double(lanes), 0};
    std::vector<double> ofSteps;
    parameters = 0;
    Size widest = 0;
    for (Size l = 0; l <= hidden; l++) {
        const Size in = c.widths[std::size_t(l)];
        const Size out = c.widths[std::size_t(l) + 1];
        const bool images = l == 0 && c.pooling > 0;
        const bool pools = l == 1 && c.pooling == 3;
        const Size neurons = images || pools ? 3 : out;
        const Size seen = images ? c.pooling == 1 ? 6 : 12 : pools ? 3 : out;
        const double weights = pools ? -1 : double(parameters);
        parameters += pools ? 0 : images ? 3 * 12 : in * out;
        const double bias = l == 1 ? -1 : double(parameters);
        parameters += l == 1 ? 0 : neurons;
        if (l == hidden) {
            layers.insert(layers.end(), {double(in), double(out), weights, bias, 0, 0, 1, 0.01, 0, 0, 0, -1, -1, -1, -1,
                                         0, 0, 0});
            break;
        }
        widest = std::max(widest, images ? 45 : out);
        // The last one is as wide as the one below.
        const bool rates = c.steps > 0 && l + 1 == hidden;
        if (c.steps > 0) {
            const double each = rates ? 3 : 1;
            timings[1] = std::max(timings[1], double(std::max(in, out)));
            const double what = rates ? 2 : pools ? 3 : c.learning;
            timings.insert(timings.end(), {what, double(c.steps), l > 0 || c.series ? 1.0 : 0.0, 0.9, 0.4,
                                           c.view == 0 ? 1.0 : 0.0, 5, c.view == 1 ? 0.5 : 0.0,
                                           c.view == 2 ? 1.0 : 0.0, c.view == 1 ? 1.0 : 0.0, 10, each,
                                           double(2 + 13 * hidden + lanes * l)});
            ofSteps.insert(ofSteps.end(), std::size_t(c.steps), each / double(c.steps));
            ofSteps.insert(ofSteps.end(), std::size_t(lanes - c.steps), 0);
        }
        const double readout = take(outputs * seen + outputs);
        const double gain = take(neurons);
        const double centre = take(seen);
        const double memory = window ? take(c.memory * seen) : -1;
        if (c.pooling > 0) {
            const std::vector<double> own = pools ? spikePooling()
                    : !images                     ? std::vector<double>(28)
                    : c.pooling == 3              ? spikingMaps()
                                                  : maps(c.pooling == 2, double(seen));
            geometries.insert(geometries.end(), own.begin(), own.end());
        }
        const double learns = rates || pools ? 0 : 1;
        layers.insert(layers.end(), {double(in), double(out), weights, bias, double(c.activation), 0.01, learns, 0.001,
                                     double(c.view), 1, 1, readout, gain, centre, memory,
                                     double(ibhebb::stream::TICKS + ibhebb::stream::SCALARS * l), double(l),
                                     window ? 1.0 : 0.0});
        if (window) {
            terms.insert(terms.end(), {double(c.kind), 0.3, c.cosine ? 1.0 : 0.0, 0.5, 2, 0,
                                       gram ? take(c.memory * c.memory) : -1});
        }
    }
    clock = ibhebb::stream::TICKS + ibhebb::stream::SCALARS * hidden;
    // Sums over the task's matrix, and over each layer's, of which alignment has four.
    const Size tables = (matrix ? 1 : 0) + (!gram ? 0 : c.kind == ibhebb::stream::ALIGNMENT ? 4 * hidden : hidden);
    clock += window ? 1 + tables * ibhebb::stream::RowSums::numbers(c.memory) : 0;
    std::vector<double> numbers = {0, 0, double(hidden), double(inputs), double(outputs), double(widest),
                                   double(window ? c.memory : 0), window ? 1.0 : 0.0, double(parameters),
                                   double(c.output), c.standardizes ? 1.0 : 0.0, c.standardizes ? 1.0 : 0.0, 2, 50,
                                   double(c.averages), 8, 0, 0.999, 0.3, 10000, 0.01, 0.1, 1e300, mean, variance,
                                   labelRows, inputRows, labelMean, c.averages > 0 ? 3.0 : 0.0, 16, 0.9};
    numbers.insert(numbers.end(), layers.begin(), layers.end());
    if (window) {
        numbers.insert(numbers.end(), {c.output == VALUES ? 2.0 : 0.0, 1, input ? 1.0 : 0.0, 0.5, 2, task});
    }
    numbers.insert(numbers.end(), terms.begin(), terms.end());
    if (c.pooling > 0) {
        numbers[0] = double(numbers.size() - 2);
        numbers.insert(numbers.end(), geometries.begin(), geometries.end());
    }
    if (c.steps > 0) {
        numbers[1] = double(numbers.size() - 2);
        numbers.insert(numbers.end(), timings.begin(), timings.end());
        numbers.insert(numbers.end(), ofSteps.begin(), ofSteps.end());
    }
    return numbers;
}

// All numbers of a network.
template <typename T>
struct Network {
    std::vector<double> numbers;
    std::vector<T> parameters;
    std::vector<T> averaged;
    std::vector<T> state;
    std::vector<double> clock;

    bool operator==(const Network &other) const {
        return parameters == other.parameters && averaged == other.averaged && state == other.state
                && clock == other.clock;
    }
};

template <typename T>
static Network<T> network(const Case &c) {
    Network<T> made;
    Size parameters = 0;
    Size state = 0;
    Size clock = 0;
    made.numbers = plan(c, parameters, state, clock);
    for (Size i = 0; i < parameters; i++) {
        made.parameters.push_back(T(uniform(-0.7, 0.7)));
    }
    made.averaged = c.averages > 0 ? made.parameters : std::vector<T>();
    made.state.resize(std::size_t(state));
    made.clock.resize(std::size_t(clock));
    return made;
}

template <typename T>
static Size learn(Network<T> &n, const std::vector<T> &values, Size inputs, const std::vector<Index> &elements,
                  const std::vector<Index> &starts, const std::vector<Index> &classes, const std::vector<T> &labels,
                  Size outputs, Size count, std::vector<T> &predictions) {
    forgetScratch();
    return ibhebb::stream::learn(sizeof(T) == 4 ? ibhebb::FLOAT : ibhebb::DOUBLE, address(n.numbers),
                                 address(n.parameters), address(n.averaged), address(n.state), address(n.clock),
                                 address(values), inputs, address(elements), address(starts), address(classes),
                                 address(labels), outputs, count, address(predictions));
}

template <typename T>
static void learns(const Case &c) {
    const Size inputs = c.inputs();
    const Size outputs = c.widths.back();
    const Size count = 2 * c.memory + 3;
    const int type = sizeof(T) == 4 ? ibhebb::FLOAT : ibhebb::DOUBLE;
    const Network<T> start = network<T>(c);
    std::vector<T> values;
    std::vector<Index> classes;
    std::vector<T> labels;
    for (Size i = 0; i < count; i++) {
        for (Size k = 0; k < inputs; k++) {
            // Where nearly all are silent, the others are taken one by one.
            const bool silent = inputs == 17 ? generator() % 16 != 0 : generator() % 3 == 0;
            values.push_back(silent ? T(0) : T(uniform(-2, 2)));
        }
        const Index label = Index(generator() % std::uint32_t(outputs));
        if (c.output == CLASSES) {
            classes.push_back(label);
        } else {
            for (Size k = 0; k < outputs; k++) {
                labels.push_back(c.output == LABELS ? T(generator() % 2) : T(uniform(-3, 3)));
            }
        }
    }
    Network<T> whole = start;
    std::vector<T> predictions(std::size_t(count * outputs));
    check(learn(whole, values, inputs, {}, {}, classes, labels, outputs, count, predictions) == -1,
          "a block is learnt");
    for (const T value : whole.parameters) {
        check(std::isfinite(value), "parameters stay finite");
    }
    check(!(whole.parameters == start.parameters), "something is learnt");
    Network<T> single = start;
    Network<T> sparse = start;
    for (Size i = 0; i < count; i++) {
        const std::vector<T> x(values.begin() + i * inputs, values.begin() + (i + 1) * inputs);
        const std::vector<Index> label = c.output == CLASSES ? std::vector<Index>{classes[std::size_t(i)]}
                                                             : std::vector<Index>();
        const std::vector<T> rows = c.output == CLASSES
                ? std::vector<T>()
                : std::vector<T>(labels.begin() + i * outputs, labels.begin() + (i + 1) * outputs);
        std::vector<T> before(std::size_t(outputs), T(0));
        forgetScratch();
        check(ibhebb::stream::predict(type, address(single.numbers),
                                      address(c.averages > 0 ? single.averaged : single.parameters), address(single.state),
                                      address(x), inputs, 0, 0, 1, address(before)) == -1,
              "a sample is predicted");
        std::vector<T> own(static_cast<std::size_t>(outputs));
        learn(single, x, inputs, {}, {}, label, rows, outputs, 1, own);
        check(own == before, "what is predicted before a sample is learnt is what was predicted");
        check(std::equal(own.begin(), own.end(), predictions.begin() + i * outputs),
              "a block predicts as single samples");
        std::vector<Index> elements;
        std::vector<T> elementValues;
        for (Size k = 0; k < inputs; k++) {
            if (x[std::size_t(k)] != 0) {
                elements.push_back(Index(k));
                elementValues.push_back(x[std::size_t(k)]);
            }
        }
        // An array of no elements has no address.
        elements.push_back(0);
        elementValues.push_back(0);
        const std::vector<Index> starts = {0, Index(elements.size()) - 1};
        std::vector<T> none;
        check(learn(sparse, elementValues, inputs, elements, starts, label, rows, outputs, 1, none) == -1,
              "a sparse sample is learnt");
        // Later rounding may have grown: a rectifier turns by it, and what has turned learns another thing. And a
        // signal that is 0 but for rounding is brought to the size of any other, as other objectives' first ones are.
        for (std::size_t k = 0; c.kind < 0 && i < 4 && k < single.parameters.size(); k++) {
            const double difference = double(sparse.parameters[k]) - double(single.parameters[k]);
            const double tolerance = (sizeof(T) == 4 ? 1e-4 : 1e-12) * (1 + std::fabs(double(single.parameters[k])));
            check(std::fabs(difference) < tolerance, "sparse samples teach what dense ones teach");
        }
    }
    check(single == whole, "a block teaches what single samples teach");

    std::vector<T> together(std::size_t(count * outputs));
    const std::vector<T> &by = c.averages > 0 ? whole.averaged : whole.parameters;
    forgetScratch();
    check(ibhebb::stream::predict(type, address(whole.numbers), address(by), address(whole.state), address(values),
                                  inputs, 0, 0, count, address(together)) == -1, "a block is predicted");
    for (Size i = 0; i < count; i++) {
        std::vector<T> own(static_cast<std::size_t>(outputs));
        forgetScratch();
        ibhebb::stream::predict(type, address(whole.numbers), address(by), address(whole.state),
                                address(values) + i * inputs * Size(sizeof(T)), inputs, 0, 0, 1, address(own));
        check(std::equal(own.begin(), own.end(), together.begin() + i * outputs),
              "samples are predicted together as one by one");
    }

    Network<T> refusing = whole;
    std::vector<T> bad = values;
    bad[std::size_t((count - 1) * inputs)] = std::numeric_limits<T>::infinity();
    check(learn(refusing, bad, inputs, {}, {}, classes, labels, outputs, count, predictions) == count - 1,
          "a block with an infinite value is refused");
    check(refusing == whole, "a refused block changes nothing");
    outOfMemory = true;
    check(learn(refusing, values, inputs, {}, {}, classes, labels, outputs, count, predictions) == -2,
          "without memory there is a status");
    outOfMemory = false;
    check(refusing == whole, "what has no memory changes nothing");
}

// Networks of random widths, objectives, memories and labels, of both types, so many of them.
static void random(unsigned seed, long cases) {
    generator.seed(seed);
    const auto below = [](int bound) { return int(generator() % unsigned(bound)); };
    for (long i = 0; i < cases; i++) {
        const bool images = below(4) == 0;
        std::vector<Size> widths = images ? std::vector<Size>{40, 6} : std::vector<Size>{1 + below(40)};
        for (int layers = 1 + below(3); layers > 0; layers--) {
            widths.push_back(1 + below(40));
        }
        widths.push_back(2 + below(9));
        const int kind = below(ibhebb::stream::NEIGHBOURS + 2) - 1;
        const bool cosine = kind != ibhebb::stream::NEIGHBOURS && below(2) == 0;
        const Case c{widths, Output(below(3)), below(4), below(3), kind, cosine, below(2) == 0,
                     below(2) == 0 ? 1 + below(40) : 0, 1 + below(12), images ? 1 + below(2) : 0, 0, false, 1};
        const long before = failures;
        below(2) == 0 ? learns<float>(c) : learns<double>(c);
        if (failures > before) {
            std::fprintf(stderr, "case %ld of seed %u\n", i, seed);
        }
    }
}

// Without arguments the cases below; SEED CASES: so many random ones.
int main(int count, char **arguments) {
    if (count == 3) {
        random(unsigned(std::stoul(arguments[1])), std::stol(arguments[2]));
        std::printf("streaming network: %s random networks, %ld checks, %ld failures\n", arguments[2], checks,
                    failures);
        return failures == 0 ? 0 : 1;
    }
    const std::vector<std::vector<Size>> shapes = {{1, 1, 2}, {7, 5, 3}, {8, 16, 8, 2}, {17, 33, 19, 23, 3}};
    for (const std::vector<Size> &widths : shapes) {
        for (int kind = -1; kind <= ibhebb::stream::NEIGHBOURS; kind++) {
            for (int variant = 0; variant < 6; variant++) {
                const bool cosine = variant % 2 == 1 && kind != ibhebb::stream::NEIGHBOURS;
                const Case c{widths, Output(variant % 3), (variant + kind + 1) % 4, variant % 3, kind, cosine,
                             variant == 4, variant % 2 == 1 ? 0 : variant == 2 ? 40 : 4, variant == 5 ? 2 : 7, 0,
                             0, false, 1};
                learns<float>(c);
                learns<double>(c);
            }
        }
    }
    for (int kind = -1; kind <= ibhebb::stream::NEIGHBOURS; kind++) {
        for (int variant = 0; variant < 6; variant++) {
            const Case c{{40, 6, 17, 3}, Output(variant % 3), (variant + kind + 1) % 4, variant % 3, kind, false,
                         variant == 4, variant % 2 == 0 ? 4 : 0, variant == 5 ? 2 : 7, 1 + (variant + kind + 1) % 2,
                         0, false, 1};
            learns<float>(c);
            learns<double>(c);
        }
    }
    // Spiking neurons, and what makes rates of the last ones' spikes. Forms that learn at single time steps take turns.
    int turn = 0;
    for (const std::vector<Size> &widths :
         std::vector<std::vector<Size>>{{1, 1, 1, 2}, {9, 13, 7, 7, 3}, {40, 45, 9, 7, 7, 3}}) {
        for (int kind = -1; kind <= ibhebb::stream::NEIGHBOURS; kind++) {
            for (int variant = 0; variant < 6; variant++) {
                const bool series = variant % 2 == 1;
                const Case c{widths, Output(variant % 3), 0, variant / 2, kind, false, variant == 4,
                             variant % 4 < 2 ? 4 : 0, variant == 5 ? 2 : 7, widths[0] == 40 ? 3 : 0,
                             std::vector<Size>{1, 5, 8, 17}[(kind + 4) % 4], series,
                             std::vector<int>{1, 4, 5, 6}[std::size_t(turn++ / 2 % 4)]};
                learns<float>(c);
                learns<double>(c);
            }
        }
    }
    std::printf("streaming network: %ld checks, %ld failures\n", checks, failures);
    return failures == 0 ? 0 : 1;
}
