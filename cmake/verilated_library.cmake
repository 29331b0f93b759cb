# verilated_library(NAME PREFIX Vname TOP module SOURCES a.sv … [PARAMETERS Rows=4 …]): a static library headroom::NAME
# with the Verilated model of one RTL variant, its assertions on. Include its header ("PREFIX.h") only in *_pins.cpp.
# verilated_model(NAME PREFIX … ) adds one more model to it. verilated_unity(NAME), last, compiles the files of many
# models in a few translation units: Verilator's headers take longer than most of their code.
#
# Optimised in every build type: at -O0 a model is some 20 times slower. Our warnings do not apply: generated code does
# not pass them, and the sanitizers watch our adaptors, not the models (three times the compile time). VL_TIME_CONTEXT
# goes to users too, so that the Verilator headers look the same in every translation unit and never ask SystemC for the
# time.
find_package(verilator 5.006 QUIET HINTS $ENV{VERILATOR_ROOT} /usr/share/verilator)
if(NOT verilator_FOUND)
  message(FATAL_ERROR "Verilator 5.006 or newer is needed for rtl/ (Debian 12: apt-get install verilator)")
endif()

option(HEADROOM_RTL_COVERAGE "Count which lines and toggles of the RTL are reached (scripts/coverage_rtl)" OFF)

function(verilated_library name)
  cmake_parse_arguments(ARG "" "PREFIX;TOP" "SOURCES;PARAMETERS" ${ARGN})
  add_library(headroom_${name} STATIC)
  add_library(headroom::${name} ALIAS headroom_${name})
  verilated_model(${name} ${ARGN})
  target_compile_options(headroom_${name} PRIVATE -fno-sanitize=all)
  target_compile_definitions(headroom_${name} PUBLIC VL_TIME_CONTEXT
                             $<$<BOOL:${HEADROOM_RTL_COVERAGE}>:HEADROOM_RTL_COVERAGE>)
endfunction()

function(verilated_model name)
  cmake_parse_arguments(ARG "" "PREFIX;TOP" "SOURCES;PARAMETERS" ${ARGN})
  list(TRANSFORM ARG_PARAMETERS PREPEND "-G")
  list(TRANSFORM ARG_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  set(coverage "")
  if(HEADROOM_RTL_COVERAGE)
    set(coverage --coverage-line --coverage-toggle)
  endif()
  verilate(headroom_${name} PREFIX ${ARG_PREFIX} TOP_MODULE ${ARG_TOP} SOURCES ${ARG_SOURCES}
           VERILATOR_ARGS --assert -Wall --no-timing --x-assign unique --x-initial unique ${coverage} ${ARG_PARAMETERS}
           OPT_FAST -O2 OPT_SLOW -O1 OPT_GLOBAL -O2)
  # Generated headers and Verilator's own are not ours to warn about.
  get_target_property(directories headroom_${name} INTERFACE_INCLUDE_DIRECTORIES)
  set_target_properties(headroom_${name} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${directories}")
endfunction()

function(verilated_unity name)
  get_target_property(sources headroom_${name} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  set_property(SOURCE ${sources} PROPERTY COMPILE_FLAGS)  # files with flags of their own are not joined
  # Verilator's own files are in every archive: an object of its own is taken from the first and left alone in the others.
  list(FILTER sources INCLUDE REGEX "/verilated[^/]*\\.cpp$")
  set_property(SOURCE ${sources} PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
  target_compile_options(headroom_${name} PRIVATE -O2)
  set_target_properties(headroom_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 40)
endfunction()
