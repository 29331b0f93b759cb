# Every library comes from the distribution; scripts/setup lists the packages.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
if(HEADROOM_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(HEADROOM_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()

# yaml-cpp 0.7 names its target yaml-cpp, 0.8 names it yaml-cpp::yaml-cpp.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(headroom_yaml INTERFACE)
  target_link_libraries(headroom_yaml INTERFACE yaml-cpp)
  target_include_directories(headroom_yaml SYSTEM INTERFACE ${YAML_CPP_INCLUDE_DIR})
  add_library(yaml-cpp::yaml-cpp ALIAS headroom_yaml)
endif()

# Eigen's headers do not pass our warnings.
add_library(headroom_eigen INTERFACE)
target_include_directories(headroom_eigen SYSTEM INTERFACE
                           $<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>)
add_library(headroom::eigen ALIAS headroom_eigen)
