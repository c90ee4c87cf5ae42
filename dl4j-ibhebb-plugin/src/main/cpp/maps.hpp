// Layers of a streaming network that read images: a convolution, a convolution whose feature maps are pooled, or pooling
// alone. Images lie channel by channel and row by row; so do a feature map's weights. org.ibhebb.internal.stream.Geometry
// is the same in Java.

namespace ibhebb::IBHEBB_PROCESSOR::stream {

using Index = std::int32_t;

// A window that slides over a plane.
struct Window {
    Size inHeight;
    Size inWidth;
    Size height;
    Size width;
    Size strideHeight;
    Size strideWidth;
    Size top;
    Size left;
    Size outHeight;
    Size outWidth;

    inline Size places() const { return outHeight * outWidth; }
    inline Size taps() const { return height * width; }
};

// How a layer reads images; `channels` is 0 for a dense layer, which does not.
struct Maps {
    Size channels;
    Size maps;
    Window convolution;  // no places for pooling alone
    Window pooling;      // no places for a convolution alone
    bool average;        // pooling takes the mean, and else the largest
    bool countsPadding;  // the mean counts what lies outside, as 0
    bool through;        // the layer's signal sees what has been pooled
    Size cellsHigh;      // to so many cells the signal averages a feature map
    Size cellsWide;
    Size seen;           // how many numbers the signal sees

    inline bool there() const { return channels > 0; }
    inline bool convolves() const { return convolution.places() > 0; }
    inline bool pools() const { return pooling.places() > 0; }
    inline Size patch() const { return channels * convolution.taps(); }
    inline Size activations() const { return maps * convolution.places(); }
};

constexpr Size MAPS = 28;

// The order of these numbers is that of Geometry.java.
inline Window windowAt(const double *a) {
    return {Size(a[0]), Size(a[1]), Size(a[2]), Size(a[3]), Size(a[4]),
            Size(a[5]), Size(a[6]), Size(a[7]), Size(a[8]), Size(a[9])};
}

inline Maps mapsAt(const double *a) {
    return {Size(a[0]),  Size(a[1]),   windowAt(a + 2), windowAt(a + 12), a[22] != 0,
            a[23] != 0,  a[24] != 0,   Size(a[25]),     Size(a[26]),      Size(a[27])};
}

// What a place of the feature maps reads: zeros outside of the image.
template <typename T>
inline void gather(const Maps &g, const T *image, Size place, T *patch) {
    const Window &w = g.convolution;
    const Size row = place / w.outWidth * w.strideHeight - w.top;
    const Size column = place % w.outWidth * w.strideWidth - w.left;
    const bool inside = row >= 0 && column >= 0 && row + w.height <= w.inHeight && column + w.width <= w.inWidth;
    T *next = patch;
    for (Size channel = 0; channel < g.channels; channel++) {
        const T *plane = image + channel * w.inHeight * w.inWidth;
        for (Size i = 0; i < w.height; i++, next += w.width) {
            if (inside) {
                const T *from = plane + (row + i) * w.inWidth + column;
                for (Size j = 0; j < w.width; j++) {
                    next[j] = from[j];
                }
                continue;
            }
            const bool there = row + i >= 0 && row + i < w.inHeight;
            for (Size j = 0; j < w.width; j++) {
                const Size k = column + j;
                next[j] = there && k >= 0 && k < w.inWidth ? plane[(row + i) * w.inWidth + k] : T(0);
            }
        }
    }
}

// Pools each map; `from` receives where the largest values came from, -1 for nowhere, and is not touched for means.
template <typename T>
inline void pool(const Maps &g, const T *values, T *pooled, Index *from) {
    const Window &w = g.pooling;
    Size out = 0;
    for (Size map = 0; map < g.maps; map++) {
        const Size plane = map * w.inHeight * w.inWidth;
        for (Size y = 0; y < w.outHeight; y++) {
            const Size top = std::max(Size(0), y * w.strideHeight - w.top);
            const Size bottom = std::min(w.inHeight, y * w.strideHeight - w.top + w.height);
            for (Size x = 0; x < w.outWidth; x++, out++) {
                const Size left = std::max(Size(0), x * w.strideWidth - w.left);
                const Size right = std::min(w.inWidth, x * w.strideWidth - w.left + w.width);
                T sum = 0;
                Size largest = -1;
                for (Size i = top; i < bottom; i++) {
                    for (Size j = left; j < right; j++) {
                        const Size at = plane + i * w.inWidth + j;
                        sum += values[at];
                        largest = largest < 0 || values[at] > values[largest] ? at : largest;
                    }
                }
                if (g.average) {
                    const Size count = std::max(Size(0), bottom - top) * std::max(Size(0), right - left);
                    pooled[out] = sum / T(g.countsPadding ? w.taps() : std::max(Size(1), count));
                } else {
                    pooled[out] = largest < 0 ? T(0) : values[largest];
                    from[out] = Index(largest);
                }
            }
        }
    }
}

// Calls f(place, cell, share) for each place of each map that the signal sees, and each cell that it is averaged into.
template <typename F>
inline void forEachShare(const Maps &g, F f) {
    const Window &w = g.through ? g.pooling : g.convolution;
    for (Size map = 0; map < g.maps; map++) {
        for (Size y = 0; y < g.cellsHigh; y++) {
            const Size top = y * w.outHeight / g.cellsHigh;
            const Size bottom = ((y + 1) * w.outHeight + g.cellsHigh - 1) / g.cellsHigh;
            for (Size x = 0; x < g.cellsWide; x++) {
                const Size left = x * w.outWidth / g.cellsWide;
                const Size right = ((x + 1) * w.outWidth + g.cellsWide - 1) / g.cellsWide;
                const Size cell = (map * g.cellsHigh + y) * g.cellsWide + x;
                const double share = 1.0 / double((bottom - top) * (right - left));
                for (Size i = top; i < bottom; i++) {
                    for (Size j = left; j < right; j++) {
                        f((map * w.outHeight + i) * w.outWidth + j, cell, share);
                    }
                }
            }
        }
    }
}

// Feature maps as the signal sees them.
template <typename T>
inline void look(const Maps &g, const T *values, T *seen) {
    std::fill_n(seen, g.seen, T(0));
    forEachShare(g, [=](Size place, Size cell, double share) { seen[cell] += T(share) * values[place]; });
}

// The derivative by the activations of the feature maps, of that by what the signal sees.
template <typename T>
inline void lookBack(const Maps &g, const T *derivative, const Index *from, T *byActivations) {
    std::fill_n(byActivations, g.activations(), T(0));
    const bool through = g.through;
    forEachShare(g, [=](Size place, Size cell, double share) {
        const Size at = through ? Size(from[place]) : place;
        if (at >= 0) {
            byActivations[at] += T(share) * derivative[cell];
        }
    });
}

}  // namespace ibhebb::IBHEBB_PROCESSOR::stream
