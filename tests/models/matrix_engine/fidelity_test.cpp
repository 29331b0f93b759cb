// Which fidelities and variants there are, and what is said about those that are not.
#include <gtest/gtest.h>

#include <string>

#include "models/matrix_engine/matrix_engine.h"
#include "models/matrix_engine/rtl_pins.h"

namespace headroom::matrix_engine {
namespace {

ArrayParameters array(int rows, int columns) {
  ArrayParameters parameters;
  parameters.rows = rows;
  parameters.columns = columns;
  return parameters;
}

std::string message(Fidelity fidelity, const ArrayParameters& parameters) {
  try {
    (void)make_matrix_engine(fidelity, parameters);
  } catch (const UnavailableFidelity& error) {
    return error.what();
  }
  return "";
}

TEST(MatrixEngineFidelity, MessagesListWhatExists) {
  const std::string built = "matrix_engine rtl is built for " + RtlPins::built_text() + "; found ";
  EXPECT_NE(built.find("integer 1x1, 2x2, 4x4, 4x4 with dot length 4"), std::string::npos) << built;
  EXPECT_NE(built.find("; single 4x4"), std::string::npos) << built;
  EXPECT_EQ(message(Fidelity::rtl, array(128, 128)), built + "half 128x128 (bf16)");
  ArrayParameters parameters = array(8, 8);
  parameters.format = Format::nvfp4;
  parameters.dot_length = 16;
  EXPECT_EQ(message(Fidelity::rtl, parameters), built + "narrow 8x8 with dot length 16 (nvfp4)");
  parameters = array(4, 4);
  parameters.accumulator_rows = 2000;
  EXPECT_EQ(message(Fidelity::rtl, parameters),
            built + "half 4x4 (bf16) with 2000 accumulator rows (at most 1024)");
  EXPECT_EQ(message(Fidelity::golden, array(8, 8)),
            "matrix_engine has the fidelities analytic, cycle, rtl for time; found golden");
}

TEST(MatrixEngineFidelity, OnlyGoldenAndOutputStationaryChainFolds) {
  ArrayParameters parameters = array(4, 4);
  parameters.chain_folds = true;
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl})
    EXPECT_EQ(
        message(fidelity, parameters),
        "matrix_engine chains folds in golden, and everywhere with output_stationary; found " +
            std::string(to_string(fidelity)) + " with weight_stationary");
  parameters.dataflow = Dataflow::output_stationary;
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl})
    EXPECT_EQ(message(fidelity, parameters), "");
}

TEST(MatrixEngineFidelity, NonsenseIsRefusedAtEveryFidelity) {
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl}) {
    EXPECT_THROW((void)make_matrix_engine(fidelity, array(0, 4)), std::invalid_argument);
    EXPECT_THROW(
        (void)make_matrix_engine(fidelity, array(4, 4))->cycles({4, 0, 4}), std::invalid_argument);
  }
}

}  // namespace
}  // namespace headroom::matrix_engine
