"""What changes with the iterations: rates, size, harmonics, number of Gaussians, order of the photos."""

from __future__ import annotations

import numpy as np
from backdrop import Zones
from settings import TrainSettings

from engine import Motion, Refinement

# 3DGS's rates (Kerbl et al. 2023, their code) in a world where the cameras fill the unit sphere.
MEAN_RATE, MEAN_FALL, SCALE_RATE, QUAT_RATE, OPACITY_RATE, SH0_RATE = 1.6e-4, 0.01, 5e-3, 1e-3, 5e-2, 2.5e-3
SH_REST_SHARE = 1 / 20

# Shares of the run. MCMC's published schedule for 30,000 iterations, moved to short runs.
GROW_FROM, GROW_TO, REFINE_TO, NOISE_TO, HARMONICS_BY = 0.05, 0.55, 0.85, 0.9, 0.5
# From here on all rates but the means' (which fall anyway) go down in a straight line to a tenth: with constant rates
# the last photos seen pull the scene about. Held-out dB on the sample, three seeds: 32.12, 32.07, 32.02 without, 32.20,
# 32.07, 32.12 with it.
SETTLE_FROM, SETTLED = 0.85, 0.1
REFINE_FROM = 100

EVERYWHERE = Zones()


class Schedule:
    """All functions depend on the iteration (from 0) alone, so a resumed run needs no other memory."""

    def __init__(self, settings: TrainSettings, photos: int, start_count: int, zones: Zones = EVERYWHERE) -> None:
        self._s, self._photos, self._start, self._zones = settings, photos, start_count, zones
        self._epoch, self._order = -1, np.arange(photos)

    def is_half_size(self, iteration: int) -> bool:
        """Whether this iteration uses the half-size photos."""
        return iteration < self._s.half_size_share * self._s.iterations

    def photo(self, iteration: int) -> int:
        """Index of the photo: each once an epoch, in an order drawn for the epoch."""
        epoch = iteration // self._photos
        if epoch != self._epoch:
            self._epoch, self._order = epoch, np.random.default_rng([self._s.seed, 1, epoch]).permutation(self._photos)
        return int(self._order[iteration % self._photos])

    def degree(self, iteration: int) -> int:
        """Harmonics in use: one degree more at equal steps over the first half."""
        step = HARMONICS_BY * self._s.iterations / max(1, self._s.sh_degree)
        return min(self._s.sh_degree, int(iteration / step))

    def motion(self, iteration: int) -> Motion:
        """Rates of one step."""
        s, share = self._s, iteration / self._s.iterations
        mean = MEAN_RATE * s.learning_rate_scale * MEAN_FALL**share
        rate = s.learning_rate_scale * (1 - (1 - SETTLED) * max(0.0, share - SETTLE_FROM) / (1 - SETTLE_FROM))
        return Motion(
            iteration=iteration,
            degree=self.degree(iteration),
            mean=mean,
            scale=SCALE_RATE * rate,
            quat=QUAT_RATE * rate,
            opacity=OPACITY_RATE * rate,
            sh0=SH0_RATE * rate,
            sh_rest=SH0_RATE * rate * SH_REST_SHARE,
            opacity_decay=s.opacity_reg,
            scale_decay=s.scale_reg,
            noise=mean * s.noise if share < NOISE_TO else 0.0,
            seed=s.seed,
        )

    def refinement(self, iteration: int) -> Refinement | None:
        """The round of MCMC that follows after this iteration, if any."""
        done = iteration + 1
        if done < min(REFINE_FROM, GROW_FROM * self._s.iterations) or done > REFINE_TO * self._s.iterations:
            return None
        if done % self._s.refine_every:
            return None
        grown = (done / self._s.iterations - GROW_FROM) / (GROW_TO - GROW_FROM)
        count = self._start + (self._s.cap - self._start) * min(max(grown, 0.0), 1.0)
        reach, breeds = self._zones.reach, self._zones.breeds
        return Refinement(done, max(self._start, int(count)), self._s.min_opacity, self._s.seed, reach, breeds)
