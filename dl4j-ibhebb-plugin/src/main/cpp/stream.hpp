// A network that learns one sample at a time, forward only: each layer updates as soon as its own output is known,
// before the next layer is visited. org.ibhebb.internal.stream.NativeEngine calls it; JavaEngine is the same in Java,
// and docs/streaming.md says what is computed.
//
// A plan, an array of numbers that org.ibhebb.internal.stream.Plan lays out, says what the network is and where its
// parts lie; its first two numbers say where those of layers that read images begin, and those of layers with time
// steps, 0 where there are none. There are three kinds of memory: parameters, laid out as Deeplearning4j does (a
// layer's weights by columns, so that those of one neuron are contiguous, then its bias); the learner's own state, of
// the parameters' type; and its clock, scalars in double, behind which lie sums over matrices of the state. Nothing here
// allocates but scratch memory, which grows once.

namespace ibhebb::IBHEBB_PROCESSOR::stream {

// ---------------------------------------------------------------------------------------------------------------------
// Plan: the order of these fields is that of Plan.java
// ---------------------------------------------------------------------------------------------------------------------

enum Activation : int { IDENTITY = 0, RECTIFIED = 1, TANH = 2, LOGISTIC = 3 };
enum Encoding : int { CLASSES = 0, INDEPENDENT = 1, REAL = 2 };
enum View : int { AS_IT_IS = 0, ACROSS_UNITS = 1, ONE_SCALAR = 2 };
enum Schedule : int { CONSTANT = 0, LINEAR = 1, FALLING = 2 };
enum Kind : int { HSIC_OF_INPUT = 0, HSIC_OF_ITSELF = 1, ALIGNMENT = 2, NEIGHBOURS = 3 };
enum Similarity : int { SAME_LABEL = 0, GAUSSIAN_LABELS = 1, MEDIAN_LABELS = 2 };

struct Term {
    int kind;
    double weight;
    bool cosine;
    double sigma;
    double gamma;
    Size task;
    Size gram;  // in the state: N x N, the kernel of what is remembered; -1 where no objective needs all of it
    Size sums;  // in the clock: of that kernel, and of alignment three more
};

// What layers compare their activations with: how alike labels are, and inputs.
struct Task {
    int similarity;
    double sigma;
    bool input;
    double sigmaX;
    double gamma;
    Size matrix;  // in the state: N x N; -1 where the newest sample's row is enough
    Size sums;    // in the clock: of that matrix
};

struct Layer {
    Size in;
    Size out;
    Size weights;  // in the parameters
    Size bias;     // -1 for none
    int activation;
    double slope;  // of the rectifier's negative half
    bool learns;
    double rate;
    int view;
    double prediction;  // the weight of the prediction objective; 0 for none
    double readoutRate;
    Size readout;      // in the state: a row of `out` for each label, then one bias for each
    Size gain;         // in the state: each neuron's running mean square
    Size centre;       // in the state: each neuron's running mean
    Size memory;       // in the state: N rows
    Size clock;        // in the clock: the scalars below
    Size firstTerm;
    Size terms;
    Size neurons;  // that have a gain of their own
    Size seen;     // how many numbers the signal sees
};

// Scalars of a layer in the clock.
enum Scalar : int { PRESYNAPTIC = 0, VARIANCE = 1, READOUT_LOSS = 2, SCALARS = 3 };

// The clock's own first scalars.
enum Tick : int { LEARNT = 0, AGE = 1, OUTPUT_SQUARE = 2, LABEL_VARIANCE = 3, BEHIND = 4, COMPARED = 5, WRONG = 6, TICKS = 7 };

// So many samples are predicted together at most: their rows and eight neurons' weights stay in the caches meanwhile.
constexpr Size TOGETHER = 16;

// A plan as the loops below read it: each part is read from the array of numbers when it is needed.
class Plan {
  public:
    explicit Plan(Address address) : at(pointer<const double>(address) + 2) {}

    inline bool readsImages() const { return at[-2] != 0; }
    inline Size largestPatch() const { return readsImages() ? Size(at[Size(at[-2])]) : 0; }
    inline Size mostMaps() const { return readsImages() ? Size(at[Size(at[-2]) + 1]) : 0; }

    // How a hidden layer reads images.
    inline Maps maps(Size i) const {
        return readsImages() && i < hidden() ? mapsAt(at + Size(at[-2]) + 2 + i * MAPS) : Maps{};
    }

    inline bool hasTime() const { return at[-1] != 0; }
    inline Size mostSteps() const { return hasTime() ? Size(at[Size(at[-1])]) : 0; }
    inline Size mostInTime() const { return hasTime() ? Size(at[Size(at[-1]) + 1]) : 0; }

    // What a hidden layer does in time.
    inline Timing timing(Size i) const {
        const double *all = at + Size(at[-1]);
        return hasTime() && i < hidden() ? timingAt(all, all + 2 + i * TIMING) : Timing{};
    }

    // How many samples may be predicted together by the same parameters: 1 where layers need more than their inputs.
    inline Size together() const { return readsImages() || hasTime() || standardizes() ? 1 : TOGETHER; }

    // Whether a layer meets single time steps.
    inline bool resolvesTime() const {
        bool any = false;
        for (Size i = 0; hasTime() && i < hidden(); i++) {
            any |= timing(i).resolvesTime();
        }
        return any;
    }

    inline Size hidden() const { return size(0); }
    inline Size inputs() const { return size(1); }
    inline Size outputs() const { return size(2); }
    inline Size widest() const { return size(3); }
    inline Size memory() const { return size(4); }
    inline Size tasks() const { return size(5); }
    inline Size parameters() const { return size(6); }
    inline int encoding() const { return int(at[7]); }
    inline bool standardizes() const { return at[8] != 0; }
    inline bool missing() const { return at[9] != 0; }
    inline int schedule() const { return int(at[10]); }
    inline double scheduleLength() const { return at[11]; }
    inline Size averageEvery() const { return size(12); }
    inline double averageShare() const { return at[13]; }
    inline double averageLeast() const { return at[14]; }
    inline double gainDecay() const { return at[15]; }
    inline double gainFloor() const { return at[16]; }
    inline double horizon() const { return at[17]; }
    inline double epsilon() const { return at[18]; }
    inline double fadeFloor() const { return at[19]; }
    inline double outputCap() const { return at[20]; }
    inline Size inputMean() const { return size(21); }
    inline Size inputVariance() const { return size(22); }
    inline Size labelRows() const { return size(23); }
    inline Size inputRows() const { return size(24); }
    inline Size labelMean() const { return size(25); }
    inline Size compareEvery() const { return size(26); }
    inline double compareHorizon() const { return at[27]; }
    inline double youngerBy() const { return at[28]; }

    // The hidden layers, and behind them the output layer.
    inline Layer layer(Size i) const {
        const double *a = at + HEADER + i * LAYER;
        const Maps images = maps(i);
        return {Size(a[0]),  Size(a[1]),  Size(a[2]),  Size(a[3]),  int(a[4]),   a[5],
                a[6] != 0,   a[7],        int(a[8]),   a[9],        a[10],       Size(a[11]),
                Size(a[12]), Size(a[13]), Size(a[14]), Size(a[15]), Size(a[16]), Size(a[17]),
                images.there() ? images.maps : Size(a[1]),
                images.there() ? images.seen : Size(a[1])};
    }

    inline Task task(Size i) const {
        const double *a = at + HEADER + (hidden() + 1) * LAYER + i * TASK;
        return {int(a[0]), a[1], a[2] != 0, a[3], a[4], Size(a[5]), sumsOfTask(i)};
    }

    inline Term term(Size i) const {
        const double *a = at + HEADER + (hidden() + 1) * LAYER + tasks() * TASK + i * TERM;
        return {int(a[0]), a[1], a[2] != 0, a[3], a[4], Size(a[5]), Size(a[6]), sumsOfTerm(i)};
    }

    // Where the sums over matrices begin in the clock: first how many samples they are of, then those of tasks, then
    // those of objectives.
    inline Size sums() const { return TICKS + SCALARS * hidden(); }

  private:
    enum { HEADER = 29, LAYER = 18, TASK = 6, TERM = 7 };

    inline Size size(int field) const { return Size(at[field]); }

    inline Size sumsOfTask(Size i) const {
        const double *a = at + HEADER + (hidden() + 1) * LAYER;
        Size tables = 0;
        for (Size k = 0; k < i; k++) {
            tables += a[k * TASK + 5] < 0 ? 0 : 1;
        }
        return sums() + 1 + tables * RowSums::numbers(memory());
    }

    inline Size sumsOfTerm(Size i) const {
        const double *a = at + HEADER + (hidden() + 1) * LAYER + tasks() * TASK;
        Size tables = 0;
        for (Size k = 0; k < i; k++) {
            tables += a[k * TERM + 6] < 0 ? 0 : int(a[k * TERM]) == ALIGNMENT ? 4 : 1;
        }
        return sumsOfTask(tasks()) + tables * RowSums::numbers(memory());
    }

    const double *at;
};

// ---------------------------------------------------------------------------------------------------------------------
// What comes from below: only what is not silent is visited
// ---------------------------------------------------------------------------------------------------------------------

// Values of which most may be 0: all of them, and where those lie that are not. Either the starts of blocks of LANES in
// which something is not 0 and the elements that are behind the last whole block, or single elements.
template <typename T>
struct Activity {
    const T *values;  // all of them; null where only elements are known
    Size n;
    Index *blocks;
    Size blockCount;
    const Index *elements;  // null for blocks
    const T *elementValues;
    Size elementCount;
    double squares;
};

// Finds what is not silent; `blocks` has room for n / LANES + 1.
template <typename T>
inline Activity<T> active(const T *values, Size n, Index *blocks) {
    Activity<T> p{values, n, blocks, 0, nullptr, nullptr, 0, 0};
    T lanes[LANES] = {};
    Size start = 0;
    for (; start + LANES <= n; start += LANES) {
        bool any = false;
#pragma omp simd reduction(| : any)
        for (Size i = 0; i < LANES; i++) {
            any |= values[start + i] != 0;
        }
        blocks[p.blockCount] = Index(start);
        p.blockCount += any;
#pragma omp simd
        for (Size i = 0; i < LANES; i++) {
            lanes[i] += values[start + i] * values[start + i];
        }
    }
    T squares = 0;
    for (Size i = 0; i < LANES; i++) {
        squares += lanes[i];
    }
    for (; start < n; start++) {
        squares += values[start] * values[start];
    }
    p.squares = double(squares);
    return p;
}

template <typename T>
inline Activity<T> active(const Index *elements, const T *elementValues, Size count, Size n) {
    Activity<T> p{nullptr, n, nullptr, 0, elements, elementValues, count, 0};
    for (Size i = 0; i < count; i++) {
        p.squares += double(elementValues[i]) * double(elementValues[i]);
    }
    return p;
}

// So many neurons at once, as they read the same values.
template <int NEURONS, typename T>
inline void weigh(const Activity<T> &p, const T *w, T *a) {
    T sums[NEURONS][LANES];
    for (int k = 0; k < NEURONS; k++) {
        for (Size i = 0; i < LANES; i++) {
            sums[k][i] = 0;
        }
    }
    for (Size b = 0; b < p.blockCount; b++) {
        const Size start = p.blocks[b];
        for (int k = 0; k < NEURONS; k++) {
#pragma omp simd
            for (Size i = 0; i < LANES; i++) {
                sums[k][i] += p.values[start + i] * w[k * p.n + start + i];
            }
        }
    }
    for (int k = 0; k < NEURONS; k++) {
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Size i = 0; i < LANES; i++) {
            sum += sums[k][i];
        }
        for (Size i = p.n / LANES * LANES; i < p.n; i++) {
            sum += p.values[i] * w[k * p.n + i];
        }
        a[k] += sum;
    }
}

// a = bias + W' p.
template <typename T>
inline void affine(const Activity<T> &p, const T *weights, const T *bias, Size out, T *a) {
    for (Size j = 0; j < out; j++) {
        a[j] = bias == nullptr ? T(0) : bias[j];
    }
    if (p.elements != nullptr) {
        for (Size j = 0; j < out; j++) {
            const T *w = weights + j * p.n;
            T sum = 0;
            for (Size i = 0; i < p.elementCount; i++) {
                sum += p.elementValues[i] * w[p.elements[i]];
            }
            a[j] += sum;
        }
        return;
    }
    Size j = 0;
    // As many at once as it takes for a processor not to wait for its own sums.
    for (; j + 8 <= out; j += 8) {
        weigh<8>(p, weights + j * p.n, a + j);
    }
    for (; j < out; j++) {
        weigh<1>(p, weights + j * p.n, a + j);
    }
}

// The same of several samples, a row of `a` each: the same bits, but a few neurons' weights are fetched once for all of
// them.
template <typename T>
inline void affineOfAll(const Activity<T> *p, Size count, const T *weights, const T *bias, Size out, T *a) {
    for (Size s = 0; s < count; s++) {
        for (Size j = 0; j < out; j++) {
            a[s * out + j] = bias == nullptr ? T(0) : bias[j];
        }
    }
    Size j = 0;
    for (; j + 8 <= out; j += 8) {
        for (Size s = 0; s < count; s++) {
            weigh<8>(p[s], weights + j * p[s].n, a + s * out + j);
        }
    }
    for (; j < out; j++) {
        for (Size s = 0; s < count; s++) {
            weigh<1>(p[s], weights + j * p[s].n, a + s * out + j);
        }
    }
}

// So many neurons at once, as they move by the same values.
template <int NEURONS, typename T>
inline void move(const Activity<T> &p, const T *steps, T *const *weights) {
    for (Size b = 0; b < p.blockCount; b++) {
        const Size start = p.blocks[b];
        for (int k = 0; k < NEURONS; k++) {
            T *w = weights[k] + start;
#pragma omp simd
            for (Size i = 0; i < LANES; i++) {
                w[i] -= steps[k] * p.values[start + i];
            }
        }
    }
    for (int k = 0; k < NEURONS; k++) {
        for (Size i = p.n / LANES * LANES; i < p.n; i++) {
            weights[k][i] -= steps[k] * p.values[i];
        }
    }
}

// W -= factor p e', b -= biasFactor e: rows of silent inputs and columns of silent neurons are not touched.
template <typename T>
inline void update(const Activity<T> &p, const T *e, Size out, T factor, T biasFactor, T *weights, T *bias) {
    constexpr int AT_ONCE = 4;
    T steps[AT_ONCE];
    T *moving[AT_ONCE];
    int waiting = 0;
    for (Size j = 0; j < out; j++) {
        if (e[j] == 0) {
            continue;
        }
        if (bias != nullptr) {
            bias[j] -= biasFactor * e[j];
        }
        const T step = factor * e[j];
        T *w = weights + j * p.n;
        if (p.elements != nullptr) {
            for (Size i = 0; i < p.elementCount; i++) {
                w[p.elements[i]] -= step * p.elementValues[i];
            }
            continue;
        }
        steps[waiting] = step;
        moving[waiting++] = w;
        if (waiting == AT_ONCE) {
            move<AT_ONCE>(p, steps, moving);
            waiting = 0;
        }
    }
    for (int k = 0; k < waiting; k++) {
        move<1>(p, steps + k, moving + k);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Activation functions
// ---------------------------------------------------------------------------------------------------------------------

template <typename T>
inline T logistic(T a) {
    const T e = expOfNegative(a < 0 ? a : -a);
    return (a < 0 ? e : T(1)) / (T(1) + e);
}

template <typename T>
inline T hyperbolic(T a) {
    const T e = expOfNegative(a < 0 ? T(2) * a : T(-2) * a);
    const T size = (T(1) - e) / (T(1) + e);
    return a < 0 ? -size : size;
}

template <typename T>
inline void activate(const Layer &layer, Size n, const T *a, T *z) {
    const T slope = T(layer.slope);
    switch (layer.activation) {
        case RECTIFIED:
            for (Size j = 0; j < n; j++) {
                z[j] = a[j] > 0 ? a[j] : slope * a[j];
            }
            break;
        case TANH:
            for (Size j = 0; j < n; j++) {
                z[j] = hyperbolic(a[j]);
            }
            break;
        case LOGISTIC:
            for (Size j = 0; j < n; j++) {
                z[j] = logistic(a[j]);
            }
            break;
        default:
            std::memcpy(z, a, std::size_t(n) * sizeof(T));
    }
}

// d *= f'(a).
template <typename T>
inline void multiplyBySlope(const Layer &layer, Size n, const T *a, const T *z, T *d) {
    const T slope = T(layer.slope);
    switch (layer.activation) {
        case RECTIFIED:
            for (Size j = 0; j < n; j++) {
                d[j] = a[j] > 0 ? d[j] : slope * d[j];
            }
            break;
        case TANH:
            for (Size j = 0; j < n; j++) {
                d[j] *= T(1) - z[j] * z[j];
            }
            break;
        case LOGISTIC:
            for (Size j = 0; j < n; j++) {
                d[j] *= z[j] * (T(1) - z[j]);
            }
            break;
        default:
            break;
    }
}

// What a readout says: probabilities of classes, of independent labels, or values.
template <typename T>
inline void answer(int encoding, Size n, T *a) {
    if (encoding == CLASSES) {
        const T most = largest(a, n);
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Size k = 0; k < n; k++) {
            a[k] = expOfNegative(a[k] - most);
            sum += a[k];
        }
        scale(a, T(1) / sum, n);
    } else if (encoding == INDEPENDENT) {
        for (Size k = 0; k < n; k++) {
            a[k] = logistic(a[k]);
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Running statistics
// ---------------------------------------------------------------------------------------------------------------------

// The share of the newest of t values in a running mean that starts as the mean of all.
inline double share(double t, double horizon) { return std::max(1 / t, 1 / horizon); }

template <typename T>
inline T dot(const T *a, const T *b, Size n) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Size i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

template <typename T>
inline T distance(const T *a, const T *b, Size n) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Size i = 0; i < n; i++) {
        const T difference = a[i] - b[i];
        sum += difference * difference;
    }
    return sum;
}

template <typename T>
inline T total(const T *a, Size n) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Size i = 0; i < n; i++) {
        sum += a[i];
    }
    return sum;
}

template <typename T>
inline void addScaled(T factor, const T *from, Size n, T *to) {
#pragma omp simd
    for (Size i = 0; i < n; i++) {
        to[i] += factor * from[i];
    }
}

// The squared distances of a row to so many rows at once: its elements are read once for all of them, and their sums do
// not wait for each other.
template <int ROWS, typename T>
inline void distancesTo(const T *own, const T *rows, Size d, T *to) {
    T sums[ROWS][LANES] = {};
    Size start = 0;
    for (; start + LANES <= d; start += LANES) {
        for (int r = 0; r < ROWS; r++) {
#pragma omp simd
            for (Size i = 0; i < LANES; i++) {
                const T difference = own[start + i] - rows[r * d + start + i];
                sums[r][i] += difference * difference;
            }
        }
    }
    for (int r = 0; r < ROWS; r++) {
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Size i = 0; i < LANES; i++) {
            sum += sums[r][i];
        }
        for (Size i = start; i < d; i++) {
            const T difference = own[i] - rows[r * d + i];
            sum += difference * difference;
        }
        to[r] = sum;
    }
}

template <typename T>
inline void distances(const T *own, const T *rows, Size d, Size n, T *to) {
    Size q = 0;
    for (; q + 8 <= n; q += 8) {
        distancesTo<8>(own, rows + q * d, d, to + q);
    }
    for (; q < n; q++) {
        distancesTo<1>(own, rows + q * d, d, to + q);
    }
}

// to += the sum of rows, each times its factor. A part of the columns stays where it is added up.
template <typename T>
inline void addRows(const T *factors, const T *rows, Size d, Size n, T *to) {
    constexpr Size PART = 4 * LANES;
    Size start = 0;
    for (; start + PART <= d; start += PART) {
        T sums[PART];
        std::memcpy(sums, to + start, sizeof(sums));
        for (Size q = 0; q < n; q++) {
            const T factor = factors[q];
            const T *row = rows + q * d + start;
#pragma omp simd
            for (Size i = 0; i < PART; i++) {
                sums[i] += factor * row[i];
            }
        }
        std::memcpy(to + start, sums, sizeof(sums));
    }
    for (Size q = 0; start < d && q < n; q++) {
        addScaled(factors[q], rows + q * d + start, d - start, to + start);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// One sample
// ---------------------------------------------------------------------------------------------------------------------

// A sample as the caller gives it: all values, or single elements; a class, or a value for each label.
template <typename T>
struct Sample {
    const T *values;
    const Index *elements;
    const T *elementValues;
    Size elementCount;
    Index label;  // -1 where `labels` says it
    const T *labels;
};

template <typename T>
inline bool allFinite(const T *values, Size n, bool missing) {
    // 0 times anything finite is 0.
    T sum = 0;
    if (missing) {
        for (Size i = 0; i < n; i++) {
            sum += values[i] == values[i] ? values[i] * T(0) : T(0);
        }
    } else {
#pragma omp simd reduction(+ : sum)
        for (Size i = 0; i < n; i++) {
            sum += values[i] * T(0);
        }
    }
    return sum == 0;
}

// Samples as they lie in memory. Where `elements` is given, sample i has those from starts[i] to starts[i + 1].
template <typename T>
struct Samples {
    const T *values;
    Size stride;
    const Index *elements;
    const Index *starts;
    const Index *classes;
    const T *labels;
    Size labelStride;

    inline Sample<T> operator[](Size i) const {
        const Size start = elements == nullptr ? 0 : starts[i];
        return {elements == nullptr ? values + i * stride : nullptr,
                elements == nullptr ? nullptr : elements + start,
                elements == nullptr ? nullptr : values + start,
                elements == nullptr ? 0 : starts[i + 1] - start,
                classes == nullptr ? Index(-1) : classes[i],
                labels == nullptr ? nullptr : labels + i * labelStride};
    }

    // How many of them may be predicted together at most.
    inline Size together(const Plan &plan, Size n) const {
        return elements == nullptr ? std::min(n, plan.together()) : 1;
    }

    // The first sample that is not finite; -1 if all are.
    inline Size firstBad(const Plan &plan, Size n) const {
        for (Size i = 0; i < n; i++) {
            const Sample<T> sample = (*this)[i];
            const bool fine = elements == nullptr
                    ? allFinite(sample.values, plan.inputs(), plan.missing())
                    : allFinite(sample.elementValues, sample.elementCount, plan.missing());
            if (!fine || (labels != nullptr && !allFinite(sample.labels, plan.outputs(), false))) {
                return i;
            }
        }
        return -1;
    }
};

// Scratch memory of one call.
template <typename T>
struct Room {
    Index *blocks;
    T *input;       // standardised, or all values of single elements
    T *labels;      // of the newest sample, one for each output
    T *below;       // what comes from below, and what goes up: two of the widest layer
    T *above;
    T *a;
    T *u;
    T *xi;
    T *answer;      // outputs
    T *rows;        // tasks x memory: what layers compare their activations with
    T *kernel;      // memory, twice
    // Of layers that read images, as large as the widest one.
    T *activations;     // before they are pooled
    T *delta;           // errors of the pre-activations
    Index *from;        // where what was pooled came from
    T *patch;           // what one place reads
    T *column;          // one place of all feature maps
    Index *patchBlocks;
    // Of layers with time steps.
    T *trains[2];   // what comes from below, and what goes up
    T *currents;    // and later what meets single time steps
    T *spikes;      // and later how often neurons have fired lately, and their errors
    T *slopes;      // where a layer meets single time steps
    T *carried;
    T *traces;
    T *moments;     // mean and variance of each row that a signal sees
    Index *heard[2];
    Index *patchHeard;
    Index *patchFrom;
    // Of samples that are predicted together, a row each.
    T *sums;
    T *passed;
    T *said;
    Index *rowBlocks;

    // For calls in which so many samples are predicted together.
    static Size bytes(const Plan &plan, Size together) {
        const Size values = plan.inputs() + 3 * plan.outputs() + 5 * plan.widest() + (plan.tasks() + 2) * plan.memory()
                + (plan.readsImages() ? 2 * plan.widest() + plan.largestPatch() + plan.mostMaps() : 0)
                + ((4 + ofSteps(plan)) * plan.mostSteps() + 1) * plan.mostInTime()
                + 2 * std::max(Size(1), plan.mostSteps()) + rowsFor(together) * (2 * plan.widest() + plan.outputs());
        const Size blocks = (1 + rowsFor(together)) * blocksOfRow(plan)
                + (plan.readsImages() ? plan.widest() + plan.largestPatch() / LANES + 2 : 0)
                + 2 * lists(plan, plan.mostInTime()) + 2 * lists(plan, plan.largestPatch());
        return values * Size(sizeof(T)) + blocks * Size(sizeof(Index));
    }

    static inline Size lists(const Plan &plan, Size n) { return plan.mostSteps() / LANES * (n + 1); }

    // Arrays of all time steps that are there where a layer meets single ones.
    static inline Size ofSteps(const Plan &plan) { return plan.resolvesTime() ? 2 : 0; }

    static inline Size rowsFor(Size together) { return together > 1 ? together : 0; }

    static inline Size blocksOfRow(const Plan &plan) {
        return std::max(plan.inputs(), plan.widest()) / LANES + 2;
    }

    Room(const Plan &plan, Size together, unsigned char *memory) {
        T *next = reinterpret_cast<T *>(memory);
        const auto take = [&next](Size n) {
            T *taken = next;
            next += n;
            return taken;
        };
        input = take(plan.inputs());
        labels = take(plan.outputs());
        answer = take(2 * plan.outputs());
        below = take(plan.widest());
        above = take(plan.widest());
        a = take(plan.widest());
        u = take(plan.widest());
        xi = take(plan.widest());
        rows = take(plan.tasks() * plan.memory());
        kernel = take(2 * plan.memory());
        const bool images = plan.readsImages();
        activations = take(images ? plan.widest() : 0);
        delta = take(images ? plan.widest() : 0);
        patch = take(plan.largestPatch());
        column = take(plan.mostMaps());
        for (T *&each : trains) {
            each = take(plan.mostSteps() * plan.mostInTime());
        }
        currents = take(plan.mostSteps() * plan.mostInTime());
        spikes = take(plan.mostSteps() * plan.mostInTime());
        slopes = take(ofSteps(plan) / 2 * plan.mostSteps() * plan.mostInTime());
        carried = take(ofSteps(plan) / 2 * plan.mostSteps() * plan.mostInTime());
        traces = take(plan.mostInTime());
        moments = take(2 * std::max(Size(1), plan.mostSteps()));
        sums = take(rowsFor(together) * plan.widest());
        passed = take(rowsFor(together) * plan.widest());
        said = take(rowsFor(together) * plan.outputs());
        blocks = reinterpret_cast<Index *>(next);
        rowBlocks = blocks + blocksOfRow(plan);
        from = rowBlocks + rowsFor(together) * blocksOfRow(plan);
        patchBlocks = from + (images ? plan.widest() : 0);
        heard[0] = patchBlocks + (images ? plan.largestPatch() / LANES + 2 : 0);
        heard[1] = heard[0] + lists(plan, plan.mostInTime());
        patchHeard = heard[1] + lists(plan, plan.mostInTime());
        patchFrom = patchHeard + lists(plan, plan.largestPatch());
    }
};

template <typename T>
class Learner {
  public:
    Learner(const Plan &plan, T *parameters, T *state, double *clock, Room<T> &room)
        : plan(plan), parameters(parameters), state(state), clock(clock), room(room) {}

    // What the network says of a sample, by the given parameters.
    inline void predict(const Sample<T> &sample, const T *by, T *prediction) {
        Activity<T> p = input(sample);
        T *z = room.below;
        T *other = room.above;
        for (Size l = 0; l < plan.hidden(); l++) {
            const Layer layer = plan.layer(l);
            pass(layer, plan.maps(l), plan.timing(l), p, by, false, z);
            p = active(static_cast<const T *>(z), layer.out, room.blocks);
            std::swap(z, other);
        }
        const Layer layer = plan.layer(plan.hidden());
        affine(p, by + layer.weights, layer.bias < 0 ? nullptr : by + layer.bias, layer.out, prediction);
        answer(plan.encoding(), layer.out, prediction);
    }

    // The same of several samples that give all inputs, of a plan that allows it; predictions are rows.
    inline void predictTogether(const T *const *samples, Size count, const T *by, T *predictions) {
        Activity<T> p[TOGETHER];
        const Size line = Room<T>::blocksOfRow(plan);
        for (Size s = 0; s < count; s++) {
            p[s] = active(samples[s], plan.inputs(), room.rowBlocks + s * line);
        }
        for (Size l = 0; l < plan.hidden(); l++) {
            const Layer layer = plan.layer(l);
            affineOfAll(p, count, by + layer.weights, layer.bias < 0 ? nullptr : by + layer.bias, layer.out,
                        room.sums);
            activate(layer, count * layer.out, room.sums, room.passed);
            for (Size s = 0; s < count; s++) {
                p[s] = active(static_cast<const T *>(room.passed) + s * layer.out, layer.out,
                              room.rowBlocks + s * line);
            }
        }
        const Layer layer = plan.layer(plan.hidden());
        affineOfAll(p, count, by + layer.weights, layer.bias < 0 ? nullptr : by + layer.bias, layer.out, predictions);
        for (Size s = 0; s < count; s++) {
            answer(plan.encoding(), layer.out, predictions + s * layer.out);
        }
    }

    // Learns a sample; `prediction` receives what the parameters that learn said of it before, and may be null. `mean`
    // is what those said that predict, where both are to be compared; null where not.
    inline void learn(const Sample<T> &sample, T *prediction, const T *mean) {
        const double t = ++clock[LEARNT];
        clock[AGE] += 1;
        if (plan.memory() > 0) {
            // Another program may have learnt until here.
            double &ofSamples = clock[plan.sums()];
            sumsAreOld = ofSamples != t - 1;
            ofSamples = t;
        }
        standardize(sample, t);
        label(sample);
        follow(t);
        Activity<T> p = input(sample);
        const Size slot = Size(t - 1) % std::max(Size(1), plan.memory());
        const Size filled = std::min(plan.memory(), Size(t));
        compare(p, slot, filled);
        const double scheduled = factor(t);
        T *z = room.below;
        T *other = room.above;
        for (Size l = 0; l < plan.hidden(); l++) {
            const Layer layer = plan.layer(l);
            const Maps maps = plan.maps(l);
            const Timing timing = plan.timing(l);
            const Activity<T> met = timing.spikes() && layer.learns ? meets(timing, p) : p;
            const Train<T> came = coming;
            pass(layer, maps, timing, p, parameters, layer.learns, z);
            if (layer.learns) {
                teach(layer, maps, timing, met, came, z, t, slot, filled, scheduled);
            }
            p = active(static_cast<const T *>(z), layer.out, room.blocks);
            std::swap(z, other);
        }
        output(p, prediction, mean, t, scheduled);
        average(t);
    }

  private:
    // ----------------------------------------------------------------------------------------------------------------
    // Input and labels
    // ----------------------------------------------------------------------------------------------------------------

    inline Activity<T> input(const Sample<T> &sample) {
        if (plan.standardizes()) {
            const T *mean = state + plan.inputMean();
            const T *variance = state + plan.inputVariance();
            const T *x = dense(sample);
            for (Size i = 0; i < plan.inputs(); i++) {
                const T deviation = std::sqrt(variance[i]);
                const T value = deviation > 0 ? (x[i] - mean[i]) / deviation : T(0);
                // What is missing counts as the mean.
                room.input[i] = value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value == value ? value : T(0);
            }
            return active(const_cast<const T *>(room.input), plan.inputs(), room.blocks);
        }
        if (plan.timing(0).series) {
            return inputInTime(dense(sample));
        }
        if (plan.maps(0).there()) {
            // Who reads images needs all values.
            return active(dense(sample), plan.inputs(), room.blocks);
        }
        // Where there are more of them than blocks, blocks cost less.
        if (sample.elements != nullptr && sample.elementCount * LANES < plan.inputs()) {
            return active(sample.elements, sample.elementValues, sample.elementCount, plan.inputs());
        }
        return active(dense(sample), plan.inputs(), room.blocks);
    }

    // A sample that is a sequence: its values as they are, and as the train that the first layer hears.
    inline Activity<T> inputInTime(const T *values) {
        const Timing timing = plan.timing(0);
        const Size n = plan.inputs() / timing.steps;
        T *lanes = room.trains[0];
        for (Size i = 0; i < n; i++) {
            std::memcpy(lanes + i * timing.room(), values + i * timing.steps, std::size_t(timing.steps) * sizeof(T));
            std::fill_n(lanes + i * timing.room() + timing.steps, timing.room() - timing.steps, T(0));
        }
        below = 0;
        coming = train(static_cast<const T *>(lanes), n, timing.room(), room.heard[0]);
        return {values, plan.inputs(), room.blocks, 0, nullptr, nullptr, 0, 0};
    }

    inline const T *dense(const Sample<T> &sample) {
        if (sample.elements == nullptr) {
            return sample.values;
        }
        std::fill_n(room.input, plan.inputs(), T(0));
        for (Size i = 0; i < sample.elementCount; i++) {
            room.input[sample.elements[i]] = sample.elementValues[i];
        }
        return room.input;
    }

    // Moves the running mean and variance of each input.
    inline void standardize(const Sample<T> &sample, double t) {
        if (!plan.standardizes()) {
            return;
        }
        const T part = T(share(t, plan.horizon()));
        T *mean = state + plan.inputMean();
        T *variance = state + plan.inputVariance();
        const T *x = dense(sample);
        for (Size i = 0; i < plan.inputs(); i++) {
            if (x[i] == x[i]) {
                const T difference = x[i] - mean[i];
                mean[i] += part * difference;
                variance[i] = (1 - part) * (variance[i] + part * difference * difference);
            }
        }
    }

    inline void label(const Sample<T> &sample) {
        newest = sample.label;
        for (Size k = 0; k < plan.outputs(); k++) {
            room.labels[k] = sample.label < 0 ? sample.labels[k] : T(k == sample.label);
        }
    }

    // How much labels vary is what a readout that knows nothing would be wrong by.
    inline void follow(double t) {
        if (plan.encoding() == REAL) {
            T *mean = state + plan.labelMean();
            const double part = share(t, plan.horizon());
            double squares = 0;
            for (Size k = 0; k < plan.outputs(); k++) {
                const T difference = room.labels[k] - mean[k];
                mean[k] += T(part) * difference;
                squares += double(difference) * double(difference);
            }
            clock[LABEL_VARIANCE] = (1 - part) * (clock[LABEL_VARIANCE] + part * squares);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What layers compare their activations with
    // ----------------------------------------------------------------------------------------------------------------

    inline void compare(const Activity<T> &p, Size slot, Size filled) {
        if (plan.tasks() == 0) {
            return;
        }
        const Size outputs = plan.outputs();
        T *labels = state + plan.labelRows();
        std::memcpy(labels + slot * outputs, room.labels, std::size_t(outputs) * sizeof(T));
        T *inputs = nullptr;
        if (plan.inputRows() >= 0) {
            inputs = state + plan.inputRows();
            T *row = inputs + slot * plan.inputs();
            if (p.elements == nullptr) {
                std::memcpy(row, p.values, std::size_t(plan.inputs()) * sizeof(T));
            } else {
                std::fill_n(row, plan.inputs(), T(0));
                for (Size i = 0; i < p.elementCount; i++) {
                    row[p.elements[i]] = p.elementValues[i];
                }
            }
        }
        for (Size k = 0; k < plan.tasks(); k++) {
            const Task task = plan.task(k);
            T *row = room.rows + k * plan.memory();
            similarities(task, labels, slot, filled, row);
            if (task.input) {
                const T *x = inputs + slot * plan.inputs();
                const T bandwidth = T(-0.5 / (task.sigmaX * task.sigmaX * double(plan.inputs())));
                const T gamma = T(task.gamma);
                T *apart = room.kernel;
                distances(x, inputs, plan.inputs(), filled, apart);
                for (Size q = 0; q < filled; q++) {
                    row[q] = expOfNegative(bandwidth * apart[q]) - gamma * row[q];
                }
            }
            if (task.matrix >= 0) {
                remember(row, state + task.matrix, slot, filled);
                add(state + task.matrix, slot, filled, sumsAt(task.sums));
            }
        }
    }

    inline RowSums sumsAt(Size place) { return RowSums(clock + place, plan.memory()); }

    // Takes the newest sample's row and column into the sums over a matrix.
    inline void add(const T *matrix, Size slot, Size filled, RowSums sums) {
        sums.refresh(slot, sumsAreOld, filled, Elements<T>{matrix, plan.memory()});
    }

    // The same for the products of two kernels.
    inline void addProducts(const T *first, const T *second, Size slot, Size filled, RowSums sums) {
        sums.refresh(slot, sumsAreOld, filled, Products<T>{first, second, plan.memory()});
    }

    // How alike the newest sample's label and each remembered one are.
    inline void similarities(const Task &task, const T *labels, Size slot, Size filled, T *row) {
        const Size outputs = plan.outputs();
        const T *y = labels + slot * outputs;
        if (task.similarity == SAME_LABEL) {
            if (newest >= 0) {
                // The inner product with a label that is 1 at one place and 0 elsewhere.
                for (Size q = 0; q < filled; q++) {
                    row[q] = labels[q * outputs + newest];
                }
                return;
            }
            for (Size q = 0; q < filled; q++) {
                const T *other = labels + q * outputs;
                T alike = dot(y, other, outputs);
                if (plan.encoding() == INDEPENDENT) {
                    // Both have the label, or both have it not: ab + (1 - a)(1 - b).
                    alike = (2 * alike - total(y, outputs) - total(other, outputs) + T(outputs)) / T(outputs);
                }
                row[q] = alike;
            }
            return;
        }
        for (Size q = 0; q < filled; q++) {
            row[q] = distance(y, labels + q * outputs, outputs);
        }
        double square = task.sigma * task.sigma;
        if (task.similarity == MEDIAN_LABELS) {
            square *= median(row, slot, filled);
        } else {
            square *= double(outputs);
        }
        const T bandwidth = T(square > 0 ? -0.5 / square : 0);
        for (Size q = 0; q < filled; q++) {
            row[q] = expOfNegative(bandwidth * row[q]);
        }
    }

    // The median of the newest sample's distances to the others.
    inline double median(const T *row, Size slot, Size filled) {
        const Size n = filled - 1;
        if (n < 1) {
            return 0;
        }
        T *sorted = room.kernel;
        std::memcpy(sorted, row, std::size_t(slot) * sizeof(T));
        std::memcpy(sorted + slot, row + slot + 1, std::size_t(n - slot) * sizeof(T));
        std::sort(sorted, sorted + n);
        return (double(sorted[(n - 1) / 2]) + double(sorted[n / 2])) / 2;
    }

    inline void remember(const T *row, T *matrix, Size slot, Size filled) {
        for (Size q = 0; q < filled; q++) {
            matrix[slot * plan.memory() + q] = row[q];
            matrix[q * plan.memory() + slot] = row[q];
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Hidden layers
    // ----------------------------------------------------------------------------------------------------------------

    // What a layer passes on, by the given parameters; room.a has its pre-activations, if it knows no time.
    inline void pass(const Layer &layer, const Maps &maps, const Timing &timing, const Activity<T> &p,
                     const T *by, bool learns, T *z) {
        const bool weighs = timing.there() ? timing.spikes() : !maps.there() || maps.convolves();
        if (weighs && timing.there() && timing.series) {
            weighInTime(layer, maps, timing, by);
        } else if (weighs) {
            weighAll(layer, maps, p, by, timing.there() ? room.currents : room.a);
        }
        if (timing.there()) {
            inTime(layer, maps, timing, learns, z);
            return;
        }
        const T *activations = p.values;
        if (weighs) {
            T *own = maps.pools() ? room.activations : z;
            activate(layer, maps.there() ? maps.activations() : layer.out, room.a, own);
            activations = own;
        }
        if (maps.pools()) {
            pool(maps, activations, z, room.from);
        }
    }

    // a = bias + W' p, at each place of feature maps.
    inline void weighAll(const Layer &layer, const Maps &maps, const Activity<T> &p, const T *by, T *a) {
        const T *bias = layer.bias < 0 ? nullptr : by + layer.bias;
        const Size places = maps.there() ? maps.convolution.places() : 1;
        for (Size place = 0; place < places; place++) {
            const Activity<T> own = maps.there() ? patchOf(maps, p.values, place) : p;
            affine(own, by + layer.weights, bias, layer.neurons, maps.there() ? room.column : a);
            for (Size map = 0; maps.there() && map < layer.neurons; map++) {
                a[map * places + place] = room.column[map];
            }
        }
    }

    // The same of what is `coming`, at each time step: room.currents.
    inline void weighInTime(const Layer &layer, const Maps &maps, const Timing &timing, const T *by) {
        const T *bias = layer.bias < 0 ? nullptr : by + layer.bias;
        const Size places = maps.there() ? maps.convolution.places() : 1;
        for (Size place = 0; place < places; place++) {
            affineInTime(heardBy(maps, coming, place), by + layer.weights, bias, timing.steps, layer.neurons, layer.out,
                         places, room.currents + place);
        }
    }

    // What one place hears; all of it, where there are no feature maps.
    inline Train<T> heardBy(const Maps &maps, const Train<T> &p, Size place) {
        return maps.there() ? patchInTime(maps, p, place, room.patchHeard, room.patchFrom) : p;
    }

    // What a layer passes on in time is `coming` afterwards; of spiking neurons, whose currents are there, z is how
    // often each of them has fired, and room.a has their mean slopes, where the layer learns. Rates are z.
    inline void inTime(const Layer &layer, const Maps &maps, const Timing &timing, bool learns, T *z) {
        if (timing.kind == RATES) {
            rates(timing, coming, z);
            return;
        }
        const Size out = layer.out;
        below = 1 - below;
        T *lanes = room.trains[below];
        std::fill_n(z, out, T(0));
        if (timing.kind == POOLS) {
            poolInTime(maps, coming, T(timing.scale), lanes);
        } else {
            const bool each = learns && timing.resolvesTime();
            fire<T>(true, timing.steps, 1, out, room.currents, !timing.series, timing.neuron, room.spikes,
                    each ? room.slopes : nullptr, each && timing.kind == EXACT ? room.carried : nullptr,
                    learns ? room.a : nullptr);
            std::fill_n(lanes, out * timing.room(), T(0));
            for (Size step = 0; step < timing.steps; step++) {
                const T *spikes = room.spikes + step * out;
                for (Size j = 0; j < out; j++) {
                    lanes[j * timing.room() + step] = spikes[j];
                    z[j] += spikes[j];
                }
            }
            scale(z, T(1) / T(timing.steps), out);
        }
        coming = train(static_cast<const T *>(lanes), out, timing.room(), room.heard[below]);
    }

    // What the errors of spiking neurons meet: the mean trace of each input; or a current, of which that is a multiple.
    inline Activity<T> meets(const Timing &timing, const Activity<T> &p) {
        if (!timing.series) {
            return p;
        }
        overTime(coming, timing.weights, room.traces);
        return active(static_cast<const T *>(room.traces), coming.n, room.blocks);
    }

    static inline void multiply(const T *factors, Size n, T *values) {
#pragma omp simd
        for (Size j = 0; j < n; j++) {
            values[j] *= factors[j];
        }
    }

    inline Activity<T> patchOf(const Maps &maps, const T *image, Size place) {
        gather(maps, image, place, room.patch);
        return active(static_cast<const T *>(room.patch), maps.patch(), room.patchBlocks);
    }

    // A hidden layer's lesson, of what its errors meet.
    inline void teach(const Layer &layer, const Maps &maps, const Timing &timing, const Activity<T> &met,
                      const Train<T> &came, const T *z, double t, Size slot, Size filled, double scheduled) {
        const bool resolves = timing.resolvesTime();
        // A current has the same trace as itself, but for a factor.
        const double reach = timing.there() && !timing.series ? timing.ofConstant : 1;
        double &square = clock[layer.clock + PRESYNAPTIC];
        const double seen = reach * reach * met.squares / double(layer.in);
        square += (seen - square) * share(t, plan.horizon());
        const double rate = layer.rate * scheduled;
        // What meets single time steps has traces in its errors.
        const T factor = T(square > 0 ? (resolves ? 1 : reach) * rate / std::sqrt(square) : 0);
        const T biasFactor = T(timing.there() && !resolves ? rate * timing.ofConstant : rate);
        T *weights = parameters + layer.weights;
        T *bias = layer.bias < 0 ? nullptr : parameters + layer.bias;
        const Size places = maps.there() ? maps.convolution.places() : 1;
        signal(layer, maps, timing, z, t, slot, filled);
        T *errors = maps.there() ? room.delta : room.xi;
        if (resolves) {
            gainInTime(layer, timing, places, t);
            const bool each = timing.atEveryStep();
            backInTime(true, timing.steps, 1, layer.out, room.spikes, !each, each ? 1 : 1 / double(timing.steps),
                       timing.neuron.leak, timing.neuron.synapticDecay, timing.neuron.refractorySteps > 0,
                       each ? nullptr : room.slopes, timing.kind == EXACT ? room.carried : nullptr, room.currents);
            for (Size place = 0; timing.series && place < places; place++) {
                updateInTime(heardBy(maps, came, place), static_cast<const T *>(room.currents + place), timing.steps,
                             layer.neurons, layer.out, places, factor, biasFactor, weights, bias);
            }
            if (timing.series) {
                return;
            }
            std::fill_n(errors, layer.out, T(0));
            for (Size step = 0; step < timing.steps; step++) {
                addScaled(T(1), static_cast<const T *>(room.currents + step * layer.out), layer.out, errors);
            }
        } else if (maps.there()) {
            gainOfMaps(layer, maps, t);
        } else {
            gain(layer, t);
        }
        for (Size place = 0; place < places; place++) {
            bool any = !maps.there();
            for (Size map = 0; maps.there() && map < layer.neurons; map++) {
                room.column[map] = errors[map * places + place];
                any |= room.column[map] != 0;
            }
            if (any) {
                const Activity<T> own = maps.there() ? patchOf(maps, met.values, place) : met;
                update(own, maps.there() ? room.column : errors, layer.neurons, factor, biasFactor, weights, bias);
            }
        }
    }

    // The derivative of the layer's objective with respect to its pre-activations: room.delta where there are feature
    // maps, and else room.xi. Where neurons meet single time steps: with respect to their rates, or to the spikes of
    // each time step, in the place of room.spikes.
    inline void signal(const Layer &layer, const Maps &maps, const Timing &timing, const T *z, double t,
                       Size slot, Size filled) {
        const Size rows = timing.atEveryStep() ? timing.steps : 1;
        const Size d = layer.seen;
        const Size n = maps.there() ? maps.activations() : layer.out;
        const T *activations = maps.pools() ? room.activations : z;
        const T *seen = maps.through ? z : activations;
        if (timing.atEveryStep()) {
            running(timing.steps, n, room.spikes);
            seen = room.spikes;
        }
        if (maps.there()) {
            // Of one row, not needed before the derivative is taken back.
            T *looked = timing.atEveryStep() ? room.currents : room.delta;
            for (Size row = 0; row < rows; row++) {
                look(maps, seen + row * n, looked + row * d);
            }
            seen = looked;
        }
        const double part = share(t, plan.horizon());
        measure(layer, rows, seen, part);
        for (Size row = 0; row < rows; row++) {
            // Samples are compared once, as their last time step leaves them.
            derivative(layer, seen + row * d, row, part, slot, filled, row + 1 == rows ? double(rows) : 0);
            T *errors = room.xi;
            if (maps.there()) {
                lookBack(maps, room.xi, room.from, room.delta);
                errors = room.delta;
            }
            if (!timing.there()) {
                multiplyBySlope(layer, n, room.a, activations, errors);
            } else if (!timing.resolvesTime()) {
                multiply(room.a, n, errors);
            } else {
                T *kept = room.spikes + row * n;
                std::memcpy(kept, errors, std::size_t(n) * sizeof(T));
                if (timing.atEveryStep()) {
                    multiply(room.slopes + row * n, n, kept);
                    scale(kept, T((1 - KEPT) / double(timing.steps)), n);
                }
            }
        }
    }

    // As gainOfMaps, of errors at each time step, or of rates, which meet the neurons' slopes.
    inline void gainInTime(const Layer &layer, const Timing &timing, Size places, double t) {
        const Size rows = timing.atEveryStep() ? timing.steps : 1;
        const double count = double(rows * places);
        for (Size map = 0; map < layer.neurons; map++) {
            T sum = 0;
            for (Size row = 0; row < rows; row++) {
                const T *errors = room.spikes + row * layer.out + map * places;
                const T *slopes = room.a + map * places;
                for (Size place = 0; place < places; place++) {
                    const T error = timing.atEveryStep() ? errors[place] : errors[place] * slopes[place];
                    sum += error * error;
                }
            }
            room.xi[map] = std::sqrt(sum / T(count));
        }
        const T floor = sizes(layer, layer.neurons, t);
        for (Size map = 0; map < layer.neurons; map++) {
            const T own = T(1) / ((room.u[map] + floor) * T(std::sqrt(count)));
            for (Size row = 0; row < rows; row++) {
                scale(room.spikes + row * layer.out + map * places, own, places);
            }
        }
    }

    // Each feature map divides its errors by their own running root mean square, and by the root of their number, as
    // the weights move by their sum.
    inline void gainOfMaps(const Layer &layer, const Maps &maps, double t) {
        const Size places = maps.convolution.places();
        for (Size map = 0; map < maps.maps; map++) {
            T *errors = room.delta + map * places;
            room.xi[map] = std::sqrt(dot(errors, errors, places) / T(places));
        }
        // The root mean square of a map in the place of a neuron's error.
        const T floor = sizes(layer, maps.maps, t);
        for (Size map = 0; map < maps.maps; map++) {
            scale(room.delta + map * places, T(1) / ((room.u[map] + floor) * T(std::sqrt(double(places)))), places);
        }
    }

    // Moves the statistics of what the signal sees, of so many rows; room.moments: mean and variance of each, where
    // those are asked for.
    inline void measure(const Layer &layer, Size rows, const T *seen, double part) {
        const Size d = layer.seen;
        double &variance = clock[layer.clock + VARIANCE];
        double own = 0;
        if (layer.view == ACROSS_UNITS) {
            for (Size row = 0; row < rows; row++) {
                const T *z = seen + row * d;
                const T mean = total(z, d) / T(d);
                T ofRow = 0;
#pragma omp simd reduction(+ : ofRow)
                for (Size j = 0; j < d; j++) {
                    const T difference = z[j] - mean;
                    ofRow += difference * difference;
                }
                ofRow /= T(d);
                room.moments[2 * row] = mean;
                room.moments[2 * row + 1] = ofRow;
                own += double(ofRow);
            }
            variance += (own / double(rows) - variance) * part;
        } else if (layer.view == ONE_SCALAR) {
            T *centre = state + layer.centre;
            for (Size j = 0; j < d; j++) {
                T latest = 0;
                for (Size row = 0; row < rows; row++) {
                    latest += seen[row * d + j];
                }
                centre[j] += T(part) * (latest / T(rows) - centre[j]);
                for (Size row = 0; row < rows; row++) {
                    const T difference = seen[row * d + j] - centre[j];
                    own += double(difference) * double(difference);
                }
            }
            variance += (own / double(d * rows) - variance) * part;
        }
    }

    // room.xi: the derivative of the layer's objective with respect to a row of what its signal sees, in which what
    // compares samples has the given weight.
    inline void derivative(const Layer &layer, const T *z, Size row, double part, Size slot, Size filled,
                           double ofWindows) {
        const Size d = layer.seen;
        const double variance = clock[layer.clock + VARIANCE];
        T inverse = 1;
        if (layer.view == ACROSS_UNITS) {
            const T mean = room.moments[2 * row];
            inverse = T(1 / std::sqrt(double(room.moments[2 * row + 1]) + plan.epsilon() * variance + TINY));
            for (Size j = 0; j < d; j++) {
                room.u[j] = (z[j] - mean) * inverse;
            }
        } else if (layer.view == ONE_SCALAR) {
            const T *centre = state + layer.centre;
            inverse = T(1 / std::sqrt(variance + TINY));
            for (Size j = 0; j < d; j++) {
                room.u[j] = (z[j] - centre[j]) * inverse;
            }
        } else {
            std::memcpy(room.u, z, std::size_t(d) * sizeof(T));
        }
        std::fill_n(room.xi, d, T(0));
        double fade = 1;
        if (layer.prediction > 0) {
            fade = predict(layer, part);
        }
        if (layer.terms > 0 && ofWindows > 0) {
            T *memory = state + layer.memory;
            std::memcpy(memory + slot * d, room.u, std::size_t(d) * sizeof(T));
            for (Size k = 0; k < layer.terms; k++) {
                const Term term = plan.term(layer.firstTerm + k);
                window(term, d, memory, slot, filled, term.weight * fade * ofWindows);
            }
        }
        if (layer.view == ACROSS_UNITS) {
            const T first = total(room.xi, d) / T(d);
            const T second = dot(room.xi, room.u, d) / T(d);
            for (Size j = 0; j < d; j++) {
                room.xi[j] = inverse * (room.xi[j] - first - room.u[j] * second);
            }
        } else if (layer.view == ONE_SCALAR) {
            scale(room.xi, inverse, d);
        }
    }

    // The layer's own readout predicts the labels, tells the layer what it was wrong by, and learns by normalised least
    // mean squares. Returns what weight other objectives have: they fade as the readout learns.
    inline double predict(const Layer &layer, double part) {
        const Size d = layer.seen;
        const Size c = plan.outputs();
        T *readout = state + layer.readout;
        T *bias = readout + c * d;
        T *error = room.answer;
        for (Size k = 0; k < c; k++) {
            error[k] = bias[k] + dot(readout + k * d, room.u, d);
        }
        answer(plan.encoding(), c, error);
        double loss = 0;
        for (Size k = 0; k < c; k++) {
            error[k] -= room.labels[k];
            loss += double(error[k]) * double(error[k]);
        }
        const double length = layer.view == ACROSS_UNITS
                ? double(d)
                : std::max(double(d), double(dot(room.u, room.u, d)));
        const T step = T(layer.readoutRate / length);
        const T biasStep = T(0.1 * layer.readoutRate);
        const T weight = T(layer.prediction);
        for (Size k = 0; k < c; k++) {
            T *row = readout + k * d;
            const T told = weight * error[k];
            const T learnt = step * error[k];
#pragma omp simd
            for (Size j = 0; j < d; j++) {
                room.xi[j] += told * row[j];
                row[j] -= learnt * room.u[j];
            }
            bias[k] -= biasStep * error[k];
        }
        double &running = clock[layer.clock + READOUT_LOSS];
        running += (loss - running) * part;
        const double unknowing = plan.encoding() == CLASSES ? 1 - 1 / double(c)
                : plan.encoding() == INDEPENDENT             ? 0.25 * double(c)
                                                             : clock[LABEL_VARIANCE];
        return unknowing > 0 ? std::max(plan.fadeFloor(), std::min(1.0, running / unknowing)) : 1;
    }

    // Adds the newest sample's part of the derivative of an objective of the window.
    inline void window(const Term &term, Size d, const T *memory, Size slot, Size filled, double weight) {
        // The first sample has nothing to be compared with, and yet is remembered.
        if (filled < 2 && term.gram < 0) {
            return;
        }
        const T *own = memory + slot * d;
        const T *task = room.rows + term.task * plan.memory();
        T *kernel = room.kernel;
        const double square = term.sigma * term.sigma * double(d);
        double length = 0;
        if (term.cosine) {
            length = std::sqrt(double(dot(own, own, d)));
            for (Size q = 0; q < filled; q++) {
                const T *other = memory + q * d;
                const double both = length * std::sqrt(double(dot(other, other, d)));
                kernel[q] = both > 0 ? T(double(dot(own, other, d)) / both) : T(0);
            }
        } else {
            const T bandwidth = T(-0.5 / square);
            distances(own, memory, d, filled, kernel);
            scale(kernel, bandwidth, filled);
            if (term.kind == NEIGHBOURS) {
                neighbours(task, d, memory, slot, filled, weight / square);
                return;
            }
            for (Size q = 0; q < filled; q++) {
                kernel[q] = expOfNegative(kernel[q]);
            }
        }
        // The derivative of the objective with respect to the kernel of the newest sample and each other.
        T *sensitivity = room.kernel + plan.memory();
        dependence(term, slot, filled, sensitivity);
        if (term.cosine) {
            if (length > 0) {
                // room.u is the newest row, and no longer needed otherwise than here: B - (B . u) u, by parts.
                double along = 0;
                for (Size q = 0; q < filled; q++) {
                    const T *other = memory + q * d;
                    const double both = std::sqrt(double(dot(other, other, d)));
                    if (q == slot || !(both > 0)) {
                        continue;
                    }
                    const double pull = 2 * weight * double(sensitivity[q]) / length;
                    addScaled(T(pull / both), other, d, room.xi);
                    along += pull * double(kernel[q]);
                }
                addScaled(T(-along / length), own, d, room.xi);
            }
            return;
        }
        T sum = 0;
        for (Size q = 0; q < filled; q++) {
            kernel[q] = q == slot ? T(0) : T(2 * weight / square * double(sensitivity[q]) * double(kernel[q]));
            sum += kernel[q];
        }
        addRows(kernel, memory, d, filled, room.xi);
        addScaled(-sum, own, d, room.xi);
    }

    // The difference of two reads of the memory: of all, and of those with the newest sample's label.
    inline void neighbours(const T *same, Size d, const T *memory, Size slot, Size filled, double factor) {
        T *all = room.kernel;
        T *alike = room.kernel + plan.memory();
        constexpr T NOTHING = -std::numeric_limits<T>::infinity();
        // The newest sample is no neighbour of itself.
        all[slot] = NOTHING;
        T most = NOTHING;
        T mostAlike = NOTHING;
#pragma omp simd reduction(max : most, mostAlike)
        for (Size q = 0; q < filled; q++) {
            const T ofAlike = same[q] > 0 ? all[q] : NOTHING;
            most = all[q] > most ? all[q] : most;
            mostAlike = ofAlike > mostAlike ? ofAlike : mostAlike;
        }
        if (mostAlike == NOTHING) {
            return;  // no one of this label is remembered
        }
        T sum = 0;
        T sumAlike = 0;
#pragma omp simd reduction(+ : sum, sumAlike)
        for (Size q = 0; q < filled; q++) {
            const T value = all[q];
            const T above = value - mostAlike;
            const T ofAlike = same[q] * expOfNegative(above < 0 ? above : T(0));
            all[q] = expOfNegative(value - most);
            alike[q] = same[q] > 0 ? ofAlike : T(0);
            sum += all[q];
            sumAlike += alike[q];
        }
        const T ofAll = T(factor) / sum;
        const T ofAlike = T(factor) / sumAlike;
        for (Size q = 0; q < filled; q++) {
            all[q] = ofAll * all[q] - ofAlike * alike[q];
        }
        addRows(all, memory, d, filled, room.xi);
    }

    // The row of the newest sample in the derivative of HSIC or centred kernel alignment by the kernel.
    inline void dependence(const Term &term, Size slot, Size filled, T *row) {
        const Task task = plan.task(term.task);
        const Size line = plan.memory();
        const T *labels = state + task.matrix;
        const RowSums ofLabels = sumsAt(task.sums);
        const double n = double(filled);
        const double pairs = (n - 1) * (n - 1);
        if (term.kind == HSIC_OF_INPUT) {
            for (Size q = 0; q < filled; q++) {
                row[q] = T(centred(labels[slot * line + q], ofLabels, slot, q, n) / pairs);
            }
            return;
        }
        T *gram = state + term.gram;
        remember(room.kernel, gram, slot, filled);
        RowSums ofGram = sumsAt(term.sums);
        add(gram, slot, filled, ofGram);
        if (term.kind == HSIC_OF_ITSELF) {
            for (Size q = 0; q < filled; q++) {
                row[q] = T((2 * centred(gram[slot * line + q], ofGram, slot, q, n)
                            - term.gamma * centred(labels[slot * line + q], ofLabels, slot, q, n)) / pairs);
            }
            return;
        }
        const Size table = RowSums::numbers(line);
        RowSums products = sumsAt(term.sums + table);
        RowSums squaresOfLabels = sumsAt(term.sums + 2 * table);
        RowSums squaresOfGram = sumsAt(term.sums + 3 * table);
        addProducts(labels, gram, slot, filled, products);
        addProducts(labels, labels, slot, filled, squaresOfLabels);
        addProducts(gram, gram, slot, filled, squaresOfGram);
        const double product = centredProduct(products, ofLabels, ofGram, filled);
        const double lengthLabels = centredProduct(squaresOfLabels, ofLabels, ofLabels, filled);
        const double lengthGram = centredProduct(squaresOfGram, ofGram, ofGram, filled);
        // Two samples are as aligned as can be, whatever they are: what is left is rounding.
        const bool there = filled > 2 && lengthLabels > 0 && lengthGram > 0;
        const double lengths = there ? std::sqrt(lengthLabels) * std::sqrt(lengthGram) : 1;
        for (Size q = 0; q < filled; q++) {
            row[q] = !there
                    ? T(0)
                    : T(-(centred(labels[slot * line + q], ofLabels, slot, q, n)
                          - product / lengthGram * centred(gram[slot * line + q], ofGram, slot, q, n))
                        / lengths);
        }
    }

    static inline double centred(T value, const RowSums &sums, Size p, Size q, double n) {
        return double(value) - (sums[p] + sums[q]) / n + sums.total() / (n * n);
    }

    // The inner product of two centred kernels, from the products of both less 1.
    static inline double centredProduct(const RowSums &products, const RowSums &first, const RowSums &second,
                                        Size filled) {
        const double n = double(filled);
        double ofRows = 0;
        for (Size p = 0; p < filled; p++) {
            ofRows += (first[p] - n) * (second[p] - n);
        }
        return products.total() - 2 / n * ofRows + (first.total() - n * n) / n * ((second.total() - n * n) / n);
    }

    // Each neuron divides its modulated error by its own running root mean square.
    inline void gain(const Layer &layer, double t) {
        const Size d = layer.out;
        const T floor = sizes(layer, d, t);
        const T *size = room.u;
#pragma omp simd
        for (Size j = 0; j < d; j++) {
            room.xi[j] /= size[j] + floor;
        }
    }

    // room.u: each neuron's running root mean square, in which room.xi takes part. Returns what is added to all of them.
    inline T sizes(const Layer &layer, Size d, double t) {
        T *squares = state + layer.gain;
        const T decay = T(plan.gainDecay());
        const T rest = T(1 - plan.gainDecay());
        const T correction = T(1 / (1 - std::pow(plan.gainDecay(), t)));
        T *size = room.u;
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Size j = 0; j < d; j++) {
            squares[j] = decay * squares[j] + rest * room.xi[j] * room.xi[j];
            size[j] = std::sqrt(squares[j] * correction);
            sum += size[j];
        }
        return T(plan.gainFloor()) * sum / T(d) + std::numeric_limits<T>::min();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Output
    // ----------------------------------------------------------------------------------------------------------------

    inline void output(const Activity<T> &p, T *prediction, const T *mean, double t, double scheduled) {
        const Layer layer = plan.layer(plan.hidden());
        T *bias = layer.bias < 0 ? nullptr : parameters + layer.bias;
        T *error = room.answer;
        affine(p, parameters + layer.weights, bias, layer.out, error);
        answer(plan.encoding(), layer.out, error);
        if (prediction != nullptr) {
            std::memcpy(prediction, error, std::size_t(layer.out) * sizeof(T));
        }
        for (Size k = 0; k < layer.out; k++) {
            error[k] -= room.labels[k];
        }
        if (mean != nullptr) {
            age(mean, double(dot(error, error, layer.out)));
        }
        if (!layer.learns) {
            return;
        }
        double &square = clock[OUTPUT_SQUARE];
        square += (p.squares - square) * share(t, plan.horizon());
        const double rate = std::min(layer.rate * eagerness(t), plan.outputCap() / (1 + square)) * scheduled;
        update(p, error, layer.out, T(rate), T(rate), parameters + layer.weights, bias);
    }

    // An output layer that knows nothing yet takes larger steps, if nobody has said how large.
    inline double eagerness(double t) const {
        return plan.schedule() == FALLING ? 1 + EAGERNESS / (1 + t / EAGER_FOR) : 1;
    }

    inline double factor(double t) const {
        switch (plan.schedule()) {
            case LINEAR:
                return std::max(0.0, 1 - (t - 1) / plan.scheduleLength());
            case FALLING:
                return 1 / std::sqrt(1 + clock[AGE] / plan.scheduleLength());
            default:
                return 1;
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Averaging
    // ----------------------------------------------------------------------------------------------------------------

  public:
    T *averaged = nullptr;

    // Whether the mean of the parameters and the latest ones are compared by the sample behind the next `ahead` ones.
    inline bool compares(Size ahead) const { return falls(ahead, plan.compareEvery()); }

    // Learns samples from the given place on, as many as the mean of the parameters stands still for, and returns how
    // many. What it says of them, as far as that is wanted, is asked for all of them at once.
    inline Size learnTogether(const Samples<T> &samples, Size first, Size n, T *predictions) {
        const Size outputs = plan.outputs();
        T *next = predictions == nullptr ? room.said : predictions + first * outputs;
        T *const said = next;
        const T *rows[TOGETHER] = {};
        const T *means[2 * TOGETHER];
        Size asked = 0;
        Size count = 0;
        for (bool moves = false; !moves && count < 2 * TOGETHER && asked < TOGETHER && first + count < n; count++) {
            const bool compared = compares(count);
            means[count] = compared ? next : nullptr;
            if (compared || predictions != nullptr) {
                rows[asked++] = samples[first + count].values;
                next += outputs;
            }
            moves = falls(count, averageEvery(clock[LEARNT] + double(count + 1)));
        }
        if (asked > 0) {
            predictTogether(rows, asked, averaged, said);
        }
        for (Size i = 0; i < count; i++) {
            learn(samples[first + i], nullptr, means[i]);
        }
        return count;
    }

  private:
    // Whether the sample behind the next `ahead` ones is one of every so many.
    inline bool falls(Size ahead, Size every) const {
        return every > 0 && std::fmod(clock[LEARNT] + double(ahead + 1), double(every)) == 0;
    }

    // How often the mean of the parameters moves where sample t is: after every sample at first, for there is much to
    // be learnt from few; after every eighth of them later, until that is as many as are planned.
    inline Size averageEvery(double t) const {
        Size every = 1;
        while (every < plan.averageEvery() && double(16 * every) <= t) {
            every *= 2;
        }
        return every;
    }

    // How much of the past still holds: all of it, until the mean of it predicts worse than the latest parameters do.
    inline void age(const T *mean, double latest) {
        double &behind = clock[BEHIND];
        const double wrong = double(distance(mean, static_cast<const T *>(room.labels), plan.outputs()));
        double &running = clock[WRONG];
        const double part = share(++clock[COMPARED], plan.compareHorizon());
        behind += (wrong - latest - behind) * part;
        running += (wrong - running) * part;
        // By chance it may be a little worse.
        if (behind > MARGIN * running) {
            clock[AGE] *= plan.youngerBy();
        }
    }

    // The parameters that predict follow those that learn, of which they are a mean over the latest part of the past.
    inline void average(double t) {
        if (averaged == nullptr) {
            return;
        }
        const double every = double(averageEvery(t));
        if (std::fmod(t, every) != 0) {
            return;
        }
        const double latest = plan.averageShare() * every;
        const double ofMean = std::min(1.0, latest / (clock[AGE] - every + latest));
        const T part = T(std::max(plan.averageLeast(), ofMean));
        const Size parameterCount = plan.parameters();
        const T *from = parameters;
        T *to = averaged;
#pragma omp simd
        for (Size i = 0; i < parameterCount; i++) {
            to[i] += part * (from[i] - to[i]);
        }
    }

    // Whether sums over matrices are not those of the sample before.
    bool sumsAreOld = false;
    // The class of the sample under way; -1 where its label says more.
    Index newest = -1;

    static constexpr T LIMIT = T(5);
    static constexpr double TINY = 1e-12;
    static constexpr double MARGIN = 0.05;
    static constexpr double EAGERNESS = 4;
    static constexpr double EAGER_FOR = 200;

    const Plan &plan;
    T *parameters;
    T *state;
    double *clock;
    Room<T> &room;
    // What comes to a layer with time steps, and in which of the room's two it lies.
    Train<T> coming{};
    Size below = 0;
};

// ---------------------------------------------------------------------------------------------------------------------
// Entry points
// ---------------------------------------------------------------------------------------------------------------------

// Scratch memory of a call that predicts so many samples together; null where there is none.
template <typename T>
inline unsigned char *roomFor(const Plan &plan, Size together) {
    return scratch().take<unsigned char>(Room<T>::bytes(plan, together));
}

template <typename T>
inline Size learnAll(const Plan &plan, T *parameters, T *averaged, T *state, double *clock,
                     const Samples<T> &samples, Size n, T *predictions) {
    const Size bad = samples.firstBad(plan, n);
    if (bad >= 0) {
        return bad;
    }
    const Size together = averaged == nullptr ? 1 : samples.together(plan, n);
    unsigned char *memory = roomFor<T>(plan, together);
    if (memory == nullptr) {
        return -2;
    }
    Room<T> room(plan, together, memory);
    Learner<T> learner(plan, parameters, state, clock, room);
    learner.averaged = averaged;
    const Size outputs = plan.outputs();
    for (Size i = 0; i < n;) {
        if (together > 1) {
            i += learner.learnTogether(samples, i, n, predictions);
            continue;
        }
        T *prediction = predictions == nullptr ? nullptr : predictions + i * outputs;
        const bool compares = averaged != nullptr && learner.compares(0);
        T *mean = prediction == nullptr ? room.answer + outputs : prediction;
        if (compares || (prediction != nullptr && (averaged != nullptr || plan.standardizes()))) {
            // The parameters that learn see the sample when running means have moved.
            learner.predict(samples[i], averaged == nullptr ? parameters : averaged, mean);
            prediction = nullptr;
        }
        learner.learn(samples[i], prediction, compares ? mean : nullptr);
        i++;
    }
    return -1;
}

template <typename T>
inline Size predictAll(const Plan &plan, T *parameters, T *state, const Samples<T> &samples, Size n,
                       T *predictions) {
    const Size bad = samples.firstBad(plan, n);
    if (bad >= 0) {
        return bad;
    }
    const Size together = samples.together(plan, n);
    unsigned char *memory = roomFor<T>(plan, together);
    if (memory == nullptr) {
        return -2;
    }
    Room<T> room(plan, together, memory);
    Learner<T> learner(plan, parameters, state, nullptr, room);
    for (Size i = 0; i < n;) {
        if (together > 1) {
            const T *rows[TOGETHER] = {};
            Size count = 0;
            for (; count < together && i + count < n; count++) {
                rows[count] = samples[i + count].values;
            }
            learner.predictTogether(rows, count, parameters, predictions + i * plan.outputs());
            i += count;
        } else {
            learner.predict(samples[i], parameters, predictions + i * plan.outputs());
            i++;
        }
    }
    return -1;
}

// Learns n samples, strictly one after the other. `parameters` are those that learn; `averaged` those that predict, or
// 0 where they are the same. Elements are 0 for dense samples, classes 0 where labels are dense, predictions 0 where
// none are wanted. Returns -1, or the first sample that is not finite, and then has changed nothing; -2 for no memory.
inline Size learn(int type, Address plan, Address parameters, Address averaged, Address state, Address clock,
                  Address values, Size stride, Address elements, Address starts, Address classes,
                  Address labels, Size labelStride, Size n, Address predictions) {
    const Plan read(plan);
    if (type == FLOAT) {
        const Samples<float> samples{pointer<float>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                     pointer<Index>(classes), pointer<float>(labels), labelStride};
        return learnAll(read, pointer<float>(parameters), pointer<float>(averaged), pointer<float>(state),
                        pointer<double>(clock), samples, n, pointer<float>(predictions));
    }
    const Samples<double> samples{pointer<double>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                  pointer<Index>(classes), pointer<double>(labels), labelStride};
    return learnAll(read, pointer<double>(parameters), pointer<double>(averaged), pointer<double>(state),
                    pointer<double>(clock), samples, n, pointer<double>(predictions));
}

// The first of n samples that is not finite; -1 if all are.
inline Size check(int type, Address plan, Address values, Size stride, Address elements, Address starts,
                  Address labels, Size labelStride, Size n) {
    const Plan read(plan);
    if (type == FLOAT) {
        const Samples<float> samples{pointer<float>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                     nullptr, pointer<float>(labels), labelStride};
        return samples.firstBad(read, n);
    }
    const Samples<double> samples{pointer<double>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                  nullptr, pointer<double>(labels), labelStride};
    return samples.firstBad(read, n);
}

// Predicts n samples; otherwise as `learn`. Reads the state for nothing but running means of the input.
inline Size predict(int type, Address plan, Address parameters, Address state, Address values, Size stride,
                    Address elements, Address starts, Size n, Address predictions) {
    const Plan read(plan);
    if (type == FLOAT) {
        const Samples<float> samples{pointer<float>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                     nullptr, nullptr, 0};
        return predictAll(read, pointer<float>(parameters), pointer<float>(state), samples, n,
                          pointer<float>(predictions));
    }
    const Samples<double> samples{pointer<double>(values), stride, pointer<Index>(elements), pointer<Index>(starts),
                                  nullptr, nullptr, 0};
    return predictAll(read, pointer<double>(parameters), pointer<double>(state), samples, n,
                      pointer<double>(predictions));
}

}  // namespace ibhebb::IBHEBB_PROCESSOR::stream
