// A fixed set of threads that share numbered tasks. Tasks never depend on which thread takes them, so results do not either.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace splat {

class Pool {
 public:
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return (int)workers_.size() + 1; }

  // Runs task(index, thread) for each index in [0, count); returns when all are done. The caller works too.
  void run(int count, const std::function<void(int index, int thread)>& task);

 private:
  void work(int thread);
  void drain(int thread);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int, int)>* task_ = nullptr;
  std::atomic<int> next_{0};
  int count_ = 0, busy_ = 0;
  uint64_t round_ = 0;
  bool leaving_ = false;
};

}  // namespace splat
