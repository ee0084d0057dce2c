"""Similarity transforms between two sets of points: least squares, and robust against outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SAMPLES = 500


@dataclass(frozen=True)
class Similarity:
    """target = scale * rotation @ source + translation."""

    scale: float
    rotation: Points
    translation: Points

    def apply(self, points: Points) -> Points:
        """Transforms points of shape (n, 3)."""
        return self.scale * points @ self.rotation.T + self.translation


def fit(source: Points, target: Points) -> Similarity:
    """The least-squares similarity of two (n, 3) arrays, n >= 3. Umeyama, PAMI 13(4), 1991, equations 40-43."""
    mean_source, mean_target = source.mean(axis=0), target.mean(axis=0)
    a, b = source - mean_source, target - mean_target
    u, d, vt = np.linalg.svd(b.T @ a / len(source))
    sign = np.ones(3)
    if np.linalg.det(u) * np.linalg.det(vt) < 0:
        sign[2] = -1
    rotation = u @ np.diag(sign) @ vt
    variance = float((a**2).sum() / len(source))
    scale = float((d * sign).sum() / variance) if variance > 0 else 1.0
    return Similarity(scale, rotation, mean_target - scale * rotation @ mean_source)


def residuals(similarity: Similarity, source: Points, target: Points) -> Points:
    """Distances of shape (n,) in target units."""
    distances: Points = np.linalg.norm(similarity.apply(source) - target, axis=1)
    return distances


def fit_robustly(source: Points, target: Points, seed: int) -> tuple[Similarity, NDArray[np.bool_]]:
    """Least median of squares over triples, then a refit on the inliers (3 robust sigmas); returns the mask too."""
    random = np.random.default_rng(seed)
    best, best_median = fit(source, target), np.inf
    for _ in range(SAMPLES):
        chosen = random.choice(len(source), 3, replace=False)
        candidate = fit(source[chosen], target[chosen])
        median = float(np.median(residuals(candidate, source, target)))
        if candidate.scale > 0 and median < best_median:
            best, best_median = candidate, median
    inliers = np.ones(len(source), dtype=bool)
    for _ in range(5):
        distances = residuals(best, source, target)
        # 1.4826 x median is a standard deviation for normal errors; 3 of them keep 99 %.
        inliers = distances <= max(3 * 1.4826 * float(np.median(distances)), 1e-9)
        if inliers.sum() < 3:
            return best, inliers
        best = fit(source[inliers], target[inliers])
    return best, inliers
