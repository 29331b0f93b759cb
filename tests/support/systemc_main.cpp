// main of the tests that elaborate SystemC modules. The kernel elaborates once a process, so this
// main refuses to run more than one test at a time; ctest runs each in a process of its own.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <systemc>

namespace {

// A SystemC warning or error that no test expects is a failure of that test.
void fail_on_report(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  if (report.get_severity() == sc_core::SC_WARNING)
    ADD_FAILURE() << report.get_msg_type() << ": " << report.get_msg();
  sc_core::sc_report_handler::default_handler(report, actions);
}

}  // namespace

int sc_main(int, char**) {
  sc_core::sc_report_handler::set_handler(fail_on_report);
  if (testing::UnitTest::GetInstance()->test_to_run_count() > 1) {
    std::fprintf(
        stderr, "SystemC elaborates once a process: run one test (--gtest_filter) or use ctest\n");
    return 2;
  }
  return RUN_ALL_TESTS();
}

int main(int argc, char** argv) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  testing::InitGoogleTest(&argc, argv);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  return sc_core::sc_elab_and_sim(argc, argv);
}
