"""Pairs of photos matched and verified, kept in COLMAP's database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import combinations
from pathlib import Path

import numpy as np
import pycolmap
from common.files import replace_atomically

from sfm.counting import Count
from sfm.photos import Prepared

# COLMAP commits once a block: small enough that a kill costs seconds, large enough that threads do not starve.
PAIRS_PER_COMMIT = 48

# COLMAP's own thresholds: a pair counts with 15 inliers.
MIN_INLIERS = 15


def wanted_pairs(photos: list[Prepared], pairs: list[tuple[int, int]] | None) -> list[tuple[str, str]]:
    """The pairs as internal names; without a forecast every photo with every other."""
    names = {photo.index: photo.name for photo in photos}
    chosen = combinations(sorted(names), 2) if pairs is None else pairs
    return [(names[a], names[b]) for a, b in chosen if a in names and b in names]


def match(
    pairs: list[tuple[str, str]],
    database: Path,
    *,
    threads: int,
    seed: int,
    token: pycolmap.CancellationToken,
    counted: Callable[[int], None],
) -> None:
    """Matches and verifies the pairs that the database does not hold yet; `counted` hears how many are finished."""
    path = database.with_name("pairs.txt")
    with replace_atomically(path) as temporary:
        temporary.write_text("".join(f"{a} {b}\n" for a, b in pairs), encoding="utf-8")
    options = pycolmap.FeatureMatchingOptions()
    options.use_gpu = False
    options.num_threads = threads
    pairing = pycolmap.ImportedPairingOptions()
    pairing.match_list_path = path
    pairing.block_size = PAIRS_PER_COMMIT
    verification = pycolmap.TwoViewGeometryOptions()
    verification.ransac.random_seed = seed
    with Count(database, pycolmap.Database.num_verified_image_pairs, counted):
        pycolmap.match_image_pairs(database, options, pairing, verification, pycolmap.Device.cpu, token)


def largest_group(database: Path) -> int:
    """Number of photos in the largest group that hangs together by verified pairs: what could join at best."""
    with closing(pycolmap.Database.open(database)) as open_database:
        pair_ids, inliers = open_database.read_two_view_geometry_num_inliers()
        image_ids = [image.image_id for image in open_database.read_all_images()]
    kept = np.asarray(pair_ids, dtype=np.uint64)[np.asarray(inliers) >= MIN_INLIERS]
    links = [pycolmap.pair_id_to_image_pair(int(pair)) for pair in kept]
    groups = components(image_ids, links)
    return max((len(group) for group in groups), default=0)


def components(nodes: list[int], links: list[tuple[int, int]]) -> list[list[int]]:
    """Connected components, largest first (union-find)."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in links:
        parent[root(a)] = root(b)
    groups: dict[int, list[int]] = {}
    for node in nodes:
        groups.setdefault(root(node), []).append(node)
    return sorted(groups.values(), key=len, reverse=True)
