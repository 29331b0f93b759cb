# headroom::systemc: the distribution's SystemC and TLM, found by pkg-config (Debian ships no CMake package).
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
add_library(headroom_systemc INTERFACE)
target_include_directories(headroom_systemc SYSTEM INTERFACE ${SYSTEMC_INCLUDE_DIRS} /usr/include)
target_link_libraries(headroom_systemc INTERFACE PkgConfig::SYSTEMC)
# SC_THREAD stacks and processes created with sc_spawn need this header set.
target_compile_definitions(headroom_systemc INTERFACE SC_INCLUDE_DYNAMIC_PROCESSES)
add_library(headroom::systemc ALIAS headroom_systemc)

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::SYSTEMC)
set(CMAKE_REQUIRED_FLAGS -std=c++17)
check_cxx_source_compiles("#include <systemc>\nint sc_main(int, char**) { return 0; }" HEADROOM_SYSTEMC_LINKS)
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT HEADROOM_SYSTEMC_LINKS)
  message(FATAL_ERROR "SystemC ${SYSTEMC_VERSION} does not link with C++17: it must be built for C++17 "
                      "(Debian 12's libsystemc-dev 2.3.4 is).")
endif()
message(STATUS "SystemC ${SYSTEMC_VERSION}")
