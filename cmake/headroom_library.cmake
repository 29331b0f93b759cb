# headroom_library(NAME SOURCES a.cpp … [LINKS target …]): a static library headroom::NAME with our warnings.
# Includes are written from the repository root ("models/base/quantity.h").
function(headroom_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(headroom_${name} STATIC ${ARG_SOURCES})
  add_library(headroom::${name} ALIAS headroom_${name})
  target_include_directories(headroom_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(headroom_${name} PUBLIC ${ARG_LINKS})
  headroom_warnings(headroom_${name})
endfunction()

# headroom_test(NAME SOURCES a.cpp … [LINKS …] [SYSTEMC]): a GoogleTest program, one ctest entry per test.
# SYSTEMC selects the main that runs inside sc_main; such a test elaborates once, so it is one process per test.
function(headroom_test name)
  cmake_parse_arguments(ARG "SYSTEMC" "LABEL" "SOURCES;LINKS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${ARG_LINKS} GTest::gtest)
  if(ARG_SYSTEMC)
    target_sources(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/systemc_main.cpp)
    target_link_libraries(test_${name} PRIVATE headroom::systemc)
  else()
    target_link_libraries(test_${name} PRIVATE GTest::gtest_main)
  endif()
  target_compile_definitions(test_${name} PRIVATE HEADROOM_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             HEADROOM_BINARY_DIR="${PROJECT_BINARY_DIR}")
  # Tests are half of what a build compiles and spend their time in the libraries, which are optimised as ever. With
  # sanitizers a test compiles in less than half the time at -O0.
  target_compile_options(test_${name} PRIVATE $<IF:$<CONFIG:Release>,-O1,-O0>)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  headroom_warnings(test_${name})
  gtest_discover_tests(test_${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 LABELS "${ARG_LABEL}")
endfunction()
