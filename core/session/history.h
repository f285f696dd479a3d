#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/contract.h"

namespace bloch {

/// Undo of a value: an edit makes a new one, undo keeps the old ones (which share their volumes).
template <class Value> class History {
 public:
  explicit History(Value initial, std::size_t limit = 200)
      : limit_(limit) {
    past_.push_back({std::move(initial), {}});
  }

  const Value& current() const { return past_.back().value; }

  /// A new state that undo returns from. Consecutive edits with the same non-empty merge key are one step (a
  /// drag).
  void edit(Value value, std::string name, const std::string& merge_key = {}) {
    future_.clear();
    if (!merge_key.empty() && merge_key == merge_key_ && past_.size() > 1) {
      past_.back().value = std::move(value);
      return;
    }
    merge_key_ = merge_key;
    past_.push_back({std::move(value), std::move(name)});
    if (past_.size() > limit_ + 1) past_.erase(past_.begin());
  }

  /// Replaces the current state without a step: what came from outside (a loaded volume), not from the user's
  /// hand.
  template <class Change> void amend(Change change) { change(past_.back().value); }
  /// The same change to every state, past and future: what undo must not take away.
  template <class Change> void amend_all(Change change) {
    for (auto& step : past_) change(step.value);
    for (auto& step : future_) change(step.value);
  }

  bool can_undo() const { return past_.size() > 1; }
  bool can_redo() const { return !future_.empty(); }
  /// Name of the edit that undo (redo) would take back (make again); empty when there is none.
  std::string undo_name() const { return can_undo() ? past_.back().name : std::string(); }
  std::string redo_name() const { return can_redo() ? future_.back().name : std::string(); }

  void undo() {
    BLOCH_EXPECTS(can_undo());
    future_.push_back(std::move(past_.back()));
    past_.pop_back();
    merge_key_.clear();
  }
  void redo() {
    BLOCH_EXPECTS(can_redo());
    past_.push_back(std::move(future_.back()));
    future_.pop_back();
    merge_key_.clear();
  }

 private:
  struct Step {
    Value value;
    std::string name;
  };
  std::vector<Step> past_;
  std::vector<Step> future_;
  std::string merge_key_;
  std::size_t limit_;
};

} // namespace bloch
