#include "sift.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "blob.h"
#include "sift_descriptor.h"
#include "sift_orientation.h"

namespace spaceport {

namespace {

constexpr int kLeastSide = 16;  // an octave smaller than this has no place for a descriptor
constexpr int kOctaves = 4;     // COLMAP's num_octaves, counted from the finest

struct Candidate {
  Extremum at;
  int octave;
  float scale;
};

struct Pyramid {
  std::vector<Gradients> gradients;
  std::vector<double> pixels;          // size of the octave's pixel, in grey pixels
  std::vector<double> offsets;         // centre of the octave's first pixel, in grey pixels
  std::vector<Candidate> candidates;

  // Lets go of the octave's differences, whose memory the gradients take.
  void add(Octave& octave, double offset) {
    const int index = int(gradients.size());
    for (const Extremum& e : findExtrema(octave)) candidates.push_back({e, index, float(levelSigma(e.level) * octave.pixel)});
    for (Image& difference : octave.difference) difference = Image();
    gradients.push_back(gradientsOf(octave));
    pixels.push_back(octave.pixel);
    offsets.push_back(offset);
  }
};

// The octave whose long side is `longSide`, straight from the grey picture.
Octave openOctave(const uint8_t* grey, int width, int height, int longSide, double& offset) {
  const double pixel = std::max(width, height) / double(longSide);
  const int w = std::max(1, int(std::lround(width / pixel))), h = std::max(1, int(std::lround(height / pixel)));
  offset = 0.5 * pixel - 0.5;
  return octaveFrom(resample(grey, width, height, w, h), std::max(kCameraSigma, kCameraSigma / pixel), pixel);
}

}  // namespace

std::vector<uint8_t> sift(const uint8_t* grey, int width, int height, const SiftOptions& options) {
  Pyramid pyramid;
  double offset = 0;
  if (std::max(width, height) >= kLeastSide) {
    Octave octave = openOctave(grey, width, height, options.baseLong / 2, offset);
    for (int i = 1; i < kOctaves; i++) {
      if (std::min(octave.blurred[0].width, octave.blurred[0].height) < kLeastSide) break;
      pyramid.add(octave, offset);
      if (i + 1 < kOctaves) octave = nextOctave(octave);
    }
    if (int(pyramid.candidates.size()) < options.maxFeatures) {
      Octave finest = openOctave(grey, width, height, options.baseLong, offset);
      if (std::min(finest.blurred[0].width, finest.blurred[0].height) >= kLeastSide) pyramid.add(finest, offset);
    }
  }
  std::vector<Candidate>& all = pyramid.candidates;
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.scale > b.scale; });
  std::vector<Keypoint> points;
  std::vector<uint8_t> descriptors;
  for (const Candidate& c : all) {
    const Gradients& gradients = pyramid.gradients[c.octave];
    const double pixel = pyramid.pixels[c.octave], shift = pyramid.offsets[c.octave];
    float angles[2];
    const int count = orientations(gradients, c.at, angles);
    for (int i = 0; i < count && int(points.size()) < options.maxFeatures; i++) {
      points.push_back({float(c.at.x * pixel + shift), float(c.at.y * pixel + shift), c.scale, c.at.dark ? -angles[i] : angles[i]});
      descriptors.resize(descriptors.size() + kDescriptor);
      (options.everyPixel ? describeEveryPixel : describe)(gradients, c.at, angles[i], &descriptors[descriptors.size() - kDescriptor]);
    }
    if (int(points.size()) >= options.maxFeatures) break;
  }
  return writeBlob(uint32_t(width), uint32_t(height), points, descriptors);
}

}  // namespace spaceport
