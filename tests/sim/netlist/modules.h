// Small netlists in the form of Yosys' write_json.
#pragma once

#include <sstream>
#include <string>

#include "sim/netlist/netlist.h"

namespace headroom::netlist {

inline std::string cell(
    const std::string& name, const std::string& type, const std::string& connections) {
  return "\"" + name + "\": {\"type\": \"" + type + "\", \"connections\": {" + connections + "}}";
}

inline std::string module_of(const std::string& ports, const std::string& gates) {
  return R"({"modules": {"top": {"ports": {)" + ports + R"(}, "cells": {)" + gates +
         R"(}, "netnames": {"sum": {"hide_name": 0, "bits": [5]}}}}})";
}

inline Netlist read(const std::string& text) {
  std::istringstream stream(text);
  return read_netlist(stream, [](const std::string& cell, const std::vector<std::string>& driven) {
    return std::size_t{cell == "carry" || (!driven.empty() && driven.front() == "sum") ? 1U : 2U};
  });
}

// Ports a (2), b (3), enable (4); sum (5) = a ^ b, carry (6) = a & b, and registers of both: 7,
// which is always clocked, and 8, which `enable` clocks.
inline std::string half_adder() {
  return module_of(
      R"("a": {"bits": [2]}, "b": {"bits": [3]}, "enable": {"bits": [4]}, "q": {"bits": [7, 8]})",
      cell("first", "$_DFF_P_", R"("D": [5], "C": [9], "Q": [7])") + "," +
          cell("second", "$_DFFE_PP_", R"("D": [6], "C": [9], "E": [4], "Q": [8])") + "," +
          cell("total", "$_XOR_", R"("A": [2], "B": [3], "Y": [5])") + "," +
          cell("carry", "$_AND_", R"("A": [2], "B": [3], "Y": [6])"));
}

}  // namespace headroom::netlist
