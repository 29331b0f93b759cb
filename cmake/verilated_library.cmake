# verilated_library(NAME PREFIX Vname TOP module SOURCES a.sv … [PARAMETERS Rows=4 …]): a static library headroom::NAME
# with the Verilated model of one RTL variant, its assertions on. Include its header ("PREFIX.h") only in *_pins.cpp.
# verilated_model(NAME PREFIX …) adds one more model to it.
# verilated_block(BLOCK SOURCES … PARAMETERS … VARIANTS …): all variants of one block, one library each (below).
#
# Verilator's own verilate() is not used. It runs Verilator when CMake configures and once more in the build, configures
# again after that, and compiles Verilator's runtime, ten seconds, for every library. Here Verilator runs in the build
# alone, a model is one translation unit, as Verilator's headers take longer than most of the code, and the runtime is one
# library.
#
# Optimised in every build type: at -O0 a model is some 20 times slower. Our warnings do not apply: generated code does
# not pass them, and the sanitizers watch our adaptors, not the models (three times the compile time). VL_TIME_CONTEXT
# goes to users too, so that the Verilator headers look the same in every translation unit and never ask SystemC for the
# time.
option(HEADROOM_RTL_COVERAGE "Count which lines and toggles of the RTL are reached (scripts/coverage_rtl)" OFF)

find_program(HEADROOM_VERILATOR verilator HINTS $ENV{VERILATOR_ROOT}/bin)
set(HEADROOM_VERILATOR_VERSION 0)
if(HEADROOM_VERILATOR)
  execute_process(COMMAND ${HEADROOM_VERILATOR} --version OUTPUT_VARIABLE said)
  if(said MATCHES "Verilator ([0-9]+\\.[0-9]+)")
    set(HEADROOM_VERILATOR_VERSION ${CMAKE_MATCH_1})
  endif()
  execute_process(COMMAND ${HEADROOM_VERILATOR} --getenv VERILATOR_ROOT
                  OUTPUT_VARIABLE verilator_root OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(HEADROOM_VERILATOR_VERSION VERSION_LESS 5.006)
  message(FATAL_ERROR "Verilator 5.006 or newer is needed for rtl/ (Debian 12: apt-get install verilator)")
endif()
message(STATUS "Verilator ${HEADROOM_VERILATOR_VERSION}")

# What generated code and Verilator's own have in common.
find_package(Threads REQUIRED)
add_library(headroom_verilator INTERFACE)
target_include_directories(headroom_verilator SYSTEM INTERFACE ${verilator_root}/include ${verilator_root}/include/vltstd)
target_compile_definitions(headroom_verilator INTERFACE VL_TIME_CONTEXT
                           $<$<BOOL:${HEADROOM_RTL_COVERAGE}>:HEADROOM_RTL_COVERAGE>)

function(headroom_verilated_options target)
  target_compile_options(${target} PRIVATE -O2 -fno-sanitize=all)
  target_compile_definitions(${target} PRIVATE VM_COVERAGE=$<BOOL:${HEADROOM_RTL_COVERAGE}> VM_SC=0 VM_TRACE=0
                             VM_TRACE_VCD=0 VM_TRACE_FST=0)
endfunction()

set(runtime verilated verilated_dpi verilated_threads)
if(HEADROOM_RTL_COVERAGE)
  list(APPEND runtime verilated_cov)
endif()
list(TRANSFORM runtime PREPEND ${verilator_root}/include/)
list(TRANSFORM runtime APPEND .cpp)
add_library(headroom_verilator_runtime STATIC ${runtime})
target_link_libraries(headroom_verilator_runtime PUBLIC headroom_verilator Threads::Threads)
headroom_verilated_options(headroom_verilator_runtime)

function(verilated_library name)
  add_library(headroom_${name} STATIC)
  add_library(headroom::${name} ALIAS headroom_${name})
  target_link_libraries(headroom_${name} PUBLIC headroom_verilator_runtime)
  headroom_verilated_options(headroom_${name})
  # A library of many models: a handful to a translation unit.
  set_target_properties(headroom_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  verilated_model(${name} ${ARGN})
endfunction()

function(verilated_model name)
  cmake_parse_arguments(ARG "" "PREFIX;TOP" "SOURCES;PARAMETERS" ${ARGN})
  list(TRANSFORM ARG_PARAMETERS PREPEND "-G")
  list(TRANSFORM ARG_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  set(coverage "")
  if(HEADROOM_RTL_COVERAGE)
    set(coverage --coverage-line --coverage-toggle)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/verilated/${ARG_PREFIX})
  set(script ${PROJECT_SOURCE_DIR}/cmake/verilate.cmake)
  add_custom_command(
    OUTPUT ${folder}/${ARG_PREFIX}.h ${folder}/all.cpp
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -P ${script} --
            ${HEADROOM_VERILATOR} --cc --prefix ${ARG_PREFIX} --top-module ${ARG_TOP} --assert -Wall --no-timing
            --x-assign unique --x-initial unique ${coverage} ${ARG_PARAMETERS} ${ARG_SOURCES}
    DEPENDS ${ARG_SOURCES} ${script}
    COMMENT "Verilating ${ARG_PREFIX}" VERBATIM)
  target_sources(headroom_${name} PRIVATE ${folder}/all.cpp)
  # Generated headers are not ours to warn about.
  target_include_directories(headroom_${name} SYSTEM PUBLIC ${folder})
endfunction()

# verilated_block(BLOCK SOURCES … PARAMETERS Rows Columns … VARIANTS 4x4=4,4,… …): one library headroom::rtl_BLOCK_<variant>
# each, with the values of the parameters in their order, and headroom::rtl_BLOCK, which is all of them and brings two
# files for rtl_pins.cpp: BLOCK_models.h includes the models' headers, BLOCK_variants.inc has a line
# HEADROOM_VARIANT(class, value, …) for each, in the order in which messages list them.
function(verilated_block block)
  cmake_parse_arguments(ARG "" "" "SOURCES;PARAMETERS;VARIANTS" ${ARGN})
  set(includes "")
  set(table "")
  add_library(headroom_rtl_${block} INTERFACE)
  add_library(headroom::rtl_${block} ALIAS headroom_rtl_${block})
  foreach(variant IN LISTS ARG_VARIANTS)
    string(REGEX MATCHALL "[^=,]+" values "${variant}")
    list(POP_FRONT values name)
    set(parameters "")
    foreach(parameter value IN ZIP_LISTS ARG_PARAMETERS values)
      list(APPEND parameters ${parameter}=${value})
    endforeach()
    verilated_library(rtl_${block}_${name} PREFIX V${block}_${name} TOP ${block} SOURCES ${ARG_SOURCES}
                      PARAMETERS ${parameters})
    target_link_libraries(headroom_rtl_${block} INTERFACE headroom::rtl_${block}_${name})
    list(JOIN values ", " values)
    string(APPEND includes "#include \"V${block}_${name}.h\"\n")
    string(APPEND table "HEADROOM_VARIANT(V${block}_${name}, ${values})\n")
  endforeach()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${generated}/${block}_models.h CONTENT "@includes@" @ONLY)
  file(CONFIGURE OUTPUT ${generated}/${block}_variants.inc CONTENT "@table@" @ONLY)
  target_include_directories(headroom_rtl_${block} SYSTEM INTERFACE ${generated})
endfunction()
