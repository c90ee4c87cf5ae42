// All operations, once for each kind of processor: kernel.hpp includes this so often, and says by IBHEBB_PROCESSOR of
// which one, and no other file includes any of these.

#include "ibhebb.hpp"

#include "maps.hpp"
#include "rowsums.hpp"
#include "spikes.hpp"

#include "stream.hpp"
