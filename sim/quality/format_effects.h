// What a narrower format changes in one experiment, each effect apart: `headroom run … --explain
// format`. The formats that a step may have, from wide to narrow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/config/paths.h"

namespace headroom::quality {

struct FormatEffects {
  Format format = Format::bf16;
  bool supported = true;  // by the chip's matrix engines; else only what the format itself says

  std::optional<double> area;  // gates of a multiply-add over bf16's, of our RTL
  double operand_bytes = 0;    // of an element, its share of scales included

  // Of the chip.
  double rate = 0;                 // multiply-adds a slot and cycle, over bf16
  double peak = 0;                 // FLOP/s
  std::optional<double> energy_j;  // of a FLOP in the engines at the nominal voltage
  double scratchpad_bytes = 0;     // through its ports, a FLOP of a large product

  // Of the step, in closed form.
  double wide_share = 0;                   // of model FLOPs that keep two-byte operands
  double memory_bytes = 0, hbm_bytes = 0;  // that a chip holds; that it moves in a step
  double links_s = 0;                      // collectives and messages, hidden or not
  double vector_s = 0;                     // vector work, hidden or not
  double time_s = 0, tokens_per_s = 0;     // of a chip
  std::optional<double> energy_per_token_j;

  // Of the training: the share of throughput that counts at the loss of bf16, by the precision
  // scaling law, and by the published gap at the size that the law was fitted to.
  double by_law = 1;
  std::optional<double> by_gap;
};

struct FormatExplanation {
  std::vector<FormatEffects> formats;  // bf16 first
  double law_parameters = 0;           // the largest network that the law was fitted on
};

// The experiment at analytic fidelity with its linear layers in each of bf16, fp8_e4m3, mxfp8_e4m3
// and nvfp4. Nothing is elaborated. Throws InputError where the experiment does not fit its chip.
[[nodiscard]] FormatExplanation explain_format(
    const Experiment& experiment, const config::ConfigPaths& paths);

[[nodiscard]] std::string text(const FormatExplanation& explanation, const Experiment& experiment);

}  // namespace headroom::quality
