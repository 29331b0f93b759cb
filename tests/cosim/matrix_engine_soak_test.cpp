// The large array, which takes minutes to build: only with HEADROOM_SOAK.
#include "tests/cosim/matrix_engine_cases.h"

namespace headroom::matrix_engine {
namespace {

TEST(MatrixEngineSoak, IntegerOn32x32) { check_cases(Datapath::integer, 32, 1, 5); }

}  // namespace
}  // namespace headroom::matrix_engine
