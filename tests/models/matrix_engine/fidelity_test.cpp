// Which fidelities and variants there are, and what is said about those that are not.
#include <gtest/gtest.h>

#include <string>

#include "models/matrix_engine/matrix_engine.h"

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
  EXPECT_EQ(message(Fidelity::rtl, array(128, 128)),
            "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 128x128");
  ArrayParameters parameters = array(8, 8);
  parameters.format = Format::fp8_e4m3;
  EXPECT_EQ(message(Fidelity::rtl, parameters),
            "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 8x8 of fp8_e4m3");
  parameters = array(8, 8);
  parameters.dot_length = 4;
  EXPECT_EQ(
      message(Fidelity::rtl, parameters),
      "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 8x8 with dot length 4");
  EXPECT_EQ(message(Fidelity::golden, array(8, 8)),
            "matrix_engine has the fidelities analytic, cycle, rtl for time; found golden");
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
