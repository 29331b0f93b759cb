// Stream<T>: the project's credit-based channel between two SystemC threads. The producer starts
// with `credits` credits, spends one per item and gets it back when the consumer has taken the
// item: a full buffer is back-pressure.
#pragma once

#include <deque>
#include <systemc>
#include <utility>

namespace headroom {

template <class T>
class Stream {
 public:
  explicit Stream(std::size_t credits) : credits_(credits) {}

  // Called from an SC_THREAD. Blocks while there is no credit.
  void push(T item) {
    while (credits_ == 0) sc_core::wait(credit_returned_);
    --credits_;
    items_.push_back(std::move(item));
    item_arrived_.notify();
  }

  // Called from an SC_THREAD. Blocks while there is nothing to take.
  T pop() {
    while (items_.empty()) sc_core::wait(item_arrived_);
    T item = std::move(items_.front());
    items_.pop_front();
    ++credits_;
    credit_returned_.notify();
    return item;
  }

 private:
  std::size_t credits_;
  std::deque<T> items_;
  sc_core::sc_event item_arrived_, credit_returned_;
};

}  // namespace headroom
