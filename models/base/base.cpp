// The base headers are header-only; this file compiles each of them on its own.
#include "models/base/clock.h"
#include "models/base/fidelity.h"
#include "models/base/quantity.h"
#include "models/base/random.h"
