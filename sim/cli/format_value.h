// What a number becomes in a format, told to a person or as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/numerics/codec.h"

namespace headroom {

struct CodedValue {
  std::uint32_t code = 0;
  double value = 0;
};

// A number beside the codes of a format.
struct FormatValue {
  Format format = Format::bf16;
  double asked = 0;
  double scale = 1;  // block formats: of a block that holds this number alone; else 1
  std::uint32_t scale_code = 0;
  double element = 0;  // asked / scale: what the code has to stand for
  bool representable = false;
  std::optional<CodedValue> below, above;  // the nearest numbers of the element format, an infinity
                                           // included; one is missing beyond the largest
  double round_up = 0;  // probability that stochastic rounding goes away from zero; 1 for what lies
                        // a step or more beyond the largest number
};

// nvfp4: with a tensor scale of 1.
[[nodiscard]] FormatValue look_up(Format format, double value);

// What a rounding mode picks (block formats always saturate); `away`: the direction that stochastic
// rounding takes.
[[nodiscard]] CodedValue pick(
    const FormatValue& value, Rounding rounding, Overflow overflow, bool away = false);

[[nodiscard]] std::string explain(const FormatValue& value);
[[nodiscard]] nlohmann::ordered_json to_json(const FormatValue& value);

// Shortest decimal that reads back as the same double; "nan", "inf", "-inf".
[[nodiscard]] std::string number_text(double value);

// 0x58; as many digits as the format's bits take.
[[nodiscard]] std::string code_text(Format format, std::uint32_t code);

}  // namespace headroom
