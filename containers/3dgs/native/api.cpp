// The C interface, loaded by cpu_engine.py. Functions return 0, or -1 when memory ran out.
#include <memory>
#include <new>
#include "frame.h"

using namespace splat;

namespace {

struct Engine {
  Model model;
  Frame frame;
  Pool pool;
  Engine(int cap, int degree, int threads) : model(cap, degree), pool(threads) {}
};

template <typename Body>
int guarded(Body body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

void picture(Engine& e, const Camera& camera, int degree) {
  e.frame.resize(e.model.cap, camera.width, camera.height);
  project_all(e.model, camera, degree, e.frame, e.pool);
  bin(e.frame, e.pool);
  draw(e.frame, e.pool);
}

}  // namespace

extern "C" {

struct StepReport {
  double loss, l1, ssim;
  int32_t visible, entries;
};

Engine* splat_open(int cap, int degree, int threads) {
  try {
    return new Engine(cap, degree, threads);
  } catch (...) {
    return nullptr;
  }
}
void splat_close(Engine* e) { delete e; }
int splat_lanes() { return LANES; }
int splat_rows(Engine* e) { return e->model.rows; }
int64_t splat_stride(Engine* e) { return (int64_t)e->model.stride; }
// which: 0 parameters, 1 and 2 Adam's moments. Rows x stride floats that the caller may read and write between calls.
float* splat_memory(Engine* e, int which) {
  return (which == 0 ? e->model.values : which == 1 ? e->model.first : e->model.second).data();
}
void splat_set_count(Engine* e, int count) { e->model.count = count; }

// out: height x width x 3 floats, not clamped.
int splat_render(Engine* e, const Camera* camera, int degree, float* out) {
  return guarded([&] {
    picture(*e, *camera, degree);
    Frame& f = e->frame;
    for (int y = 0; y < f.height; ++y)
      for (int x = 0; x < f.width; ++x)
        for (int c = 0; c < 3; ++c)
          *out++ = *f.pixel(f.image, c, y, x);
  });
}

int splat_step(Engine* e, const Camera* camera, int degree, const uint8_t* target, LossWeights weights, const Rates* rates,
               StepReport* report) {
  return guarded([&] {
    picture(*e, *camera, degree);
    const Loss loss = compare(e->frame, target, weights, e->pool);
    draw_backward(e->frame, e->pool);
    update(e->model, *camera, degree, e->frame, *rates, e->pool);
    *report = {loss.total, loss.l1, loss.ssim, (int32_t)e->frame.visible.size(), (int32_t)e->frame.tile_start.back()};
  });
}

// For tests: the loss, its gradient by the picture (3 x height x width) and by every parameter (rows x stride).
int splat_gradient(Engine* e, const Camera* camera, int degree, const uint8_t* target, LossWeights weights,
                   StepReport* report, float* by_picture, float* by_parameter) {
  return guarded([&] {
    picture(*e, *camera, degree);
    Frame& f = e->frame;
    const Loss loss = compare(f, target, weights, e->pool);
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < f.height; ++y, by_picture += f.width)
        std::memcpy(by_picture, f.pixel(f.gradient, c, y, 0), f.width * sizeof(float));
    draw_backward(f, e->pool);
    parameter_gradient(e->model, *camera, degree, f, by_parameter, e->pool);
    *report = {loss.total, loss.l1, loss.ssim, (int32_t)f.visible.size(), (int32_t)f.tile_start.back()};
  });
}
}
