// The chip's port into the network at its fidelities. Links of 100 GB/s: 100 kB take a microsecond.
#include "models/network/network_port.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <stdexcept>

#include "models/base/transfer.h"
#include "tests/support/seed.h"
#include "tests/support/simulation.h"

namespace headroom {
namespace {

constexpr double us = 1e-6, kb = 1e3;
using UseList = std::vector<ResourceUse>;

class NetworkPortTest : public Simulation {
 protected:
  NetworkPort& port(Fidelity fidelity) {
    ports_.push_back(std::make_unique<NetworkPort>(
        ("port_" + std::to_string(ports_.size())).c_str(),
        std::vector<BytesPerSecond>(3, BytesPerSecond(100e9)), fidelity));
    return *ports_.back();
  }

  std::size_t send(NetworkPort& port, double start, double amount, const UseList& uses,
                   double cap = FairShare::no_cap) {
    const std::size_t index = ends_.size();
    ends_.push_back(-1);
    initiators_.push_back(
        std::make_unique<TransferInitiator>(("initiator_" + std::to_string(index)).c_str()));
    initiators_.back()->socket.bind(port.target);
    thread([this, index, start, amount, uses, cap] {
      sc_core::wait(to_sc_time(Seconds(start)));
      initiators_[index]->send(tlm::TLM_WRITE_COMMAND, Bytes(amount), BytesPerSecond(cap), uses);
      ends_[index] = now().si();
    });
    return index;
  }

  void expect_end(std::size_t index, double time) const {
    EXPECT_NEAR(ends_[index], time, time_tolerance) << "transfer " << index;
  }

  std::vector<double> ends_;

 private:
  std::vector<std::unique_ptr<NetworkPort>> ports_;
  std::vector<std::unique_ptr<TransferInitiator>> initiators_;
};

TEST_F(NetworkPortTest, TheTightestLinkAndTheOwnPace) {
  std::vector<std::size_t> links, paces;
  for (const Fidelity fidelity : {Fidelity::cycle, Fidelity::analytic}) {
    links.push_back(send(port(fidelity), us, 200 * kb, {{0, 0.5}, {1, 1}}));
    paces.push_back(send(port(fidelity), us, 200 * kb, {{0, 1}}, 50e9));
  }
  run();
  for (const std::size_t link : links) expect_end(link, 3 * us);
  for (const std::size_t pace : paces) expect_end(pace, 5 * us);
}

TEST_F(NetworkPortTest, TransfersShareALinkAndQueueWhereAnalytic) {
  NetworkPort& cycle = port(Fidelity::cycle);
  NetworkPort& analytic = port(Fidelity::analytic);
  const std::size_t longer = send(cycle, 0, 200 * kb, {{0, 1}, {1, 1}}),
                    shorter = send(cycle, 0, 50 * kb, {{1, 1}, {2, 1}}),
                    apart = send(cycle, 0, 200 * kb, {{2, 0.25}});
  const std::size_t first = send(analytic, 0, 200 * kb, {{0, 1}, {1, 1}}),
                    second = send(analytic, 0.1 * us, 50 * kb, {{1, 1}, {2, 1}}),
                    beside = send(analytic, 0.1 * us, 50 * kb, {{2, 0.5}});
  run();
  expect_end(shorter, us);
  expect_end(longer, 2.5 * us);
  expect_end(apart, us);  // half of link 2, as the shorter one
  expect_end(first, 2 * us);
  expect_end(second, 2.5 * us);
  expect_end(beside, 0.1 * us + 0.75 * us);
}

TEST_F(NetworkPortTest, FidelitiesAgreeWithoutContention) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  NetworkPort& cycle = port(Fidelity::cycle);
  NetworkPort& analytic = port(Fidelity::analytic);
  double start = 0;
  for (int i = 0; i < 50; ++i) {
    const double amount = static_cast<double>(1 + random() % 100000);
    const double cap = random() % 2 == 0 ? FairShare::no_cap : 20e9;
    const UseList uses{{random() % 2, 1}, {2, 0.1 + 0.3 * static_cast<double>(random() % 3)}};
    send(cycle, start, amount, uses, cap);
    send(analytic, start, amount, uses, cap);
    start += 20 * us;
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2)
    EXPECT_NEAR(ends_[i], ends_[i + 1], time_tolerance);
}

TEST_F(NetworkPortTest, ATransferMustNameItsLinks) {
  NetworkPort& one = port(Fidelity::cycle);
  TransferInitiator nameless("nameless"), unknown("unknown");
  nameless.socket.bind(one.target);
  unknown.socket.bind(one.target);
  thread([&] {
    EXPECT_THROW(nameless.send(tlm::TLM_WRITE_COMMAND, Bytes(kb)), std::runtime_error);
    EXPECT_THROW(
        unknown.send(
            tlm::TLM_WRITE_COMMAND, Bytes(kb), BytesPerSecond(FairShare::no_cap), {{3, 1}}),
        std::runtime_error);
  });
  run();
}

}  // namespace
}  // namespace headroom
