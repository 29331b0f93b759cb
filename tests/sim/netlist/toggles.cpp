// Runs toggles.sv and writes Verilator's counts: toggles CYCLES SEED FILE. The inputs are those of
// `rtl_energy toggles`. Built by scripts/mac_activity --verilator.
#include <verilated.h>
#include <verilated_cov.h>

#include <cstdlib>
#include <random>

#include "Vtoggles.h"

int main(int, char** argv) {
  constexpr int inputs = 81;
  VerilatedContext context;
  Vtoggles model(&context);
  model.clk_i = 0;
  model.eval();
  std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
  for (int cycle = 0; cycle < std::atoi(argv[1]); ++cycle) {
    for (int bit = 0; bit < inputs; ++bit) {
      const unsigned mask = 1U << bit % 32;
      if (random() & 1U)
        model.in_i[bit / 32] |= mask;
      else
        model.in_i[bit / 32] &= ~mask;
    }
    for (const int level : {0, 1}) {
      model.clk_i = level;
      model.eval();
    }
  }
  model.final();
  context.coveragep()->write(argv[3]);
}
