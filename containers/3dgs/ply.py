"""scene.ply: the standard 3DGS file (binary little-endian), in the world of the sparse model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from common.files import replace_atomically
from dataset import World

from engine import MEAN, OPACITY, QUAT, SCALE, SH, State


def properties(degree: int) -> list[str]:
    """Names in the order of the file, as 3DGS's own code writes them."""
    rest = 3 * ((degree + 1) ** 2 - 1)
    return [
        "x",
        "y",
        "z",
        "nx",
        "ny",
        "nz",
        "f_dc_0",
        "f_dc_1",
        "f_dc_2",
        *(f"f_rest_{i}" for i in range(rest)),
        "opacity",
        "scale_0",
        "scale_1",
        "scale_2",
        "rot_0",
        "rot_1",
        "rot_2",
        "rot_3",
    ]


def write_ply(path: Path, state: State, world: World, degree: int) -> int:
    """Writes the Gaussians, positions and scales brought back to the world; returns the bytes. Atomic."""
    values = state.values.astype(np.float64)
    coefficients = (degree + 1) ** 2
    colour = values[SH : SH + 3 * coefficients].reshape(coefficients, 3, state.count)
    # The file lists the rest channel by channel, the engine coefficient by coefficient.
    rest = colour[1:].transpose(1, 0, 2).reshape(3 * (coefficients - 1), state.count)
    quaternion = values[QUAT] / np.linalg.norm(values[QUAT], axis=0)
    table = np.concatenate(
        [
            values[MEAN] * world.scale + world.centre[:, None],
            np.zeros((3, state.count)),
            colour[0],
            rest,
            values[OPACITY][None],
            values[SCALE] + np.log(world.scale),
            quaternion,
        ]
    ).T.astype("<f4")
    names = properties(degree)
    header = [
        "ply",
        "format binary_little_endian 1.0",
        f"element vertex {state.count}",
        *(f"property float {name}" for name in names),
        "end_header",
        "",
    ]
    with replace_atomically(path) as temporary, temporary.open("wb") as file:
        file.write("\n".join(header).encode("ascii"))
        file.write(np.ascontiguousarray(table).tobytes())
    return path.stat().st_size


def read_ply(path: Path) -> dict[str, np.ndarray]:
    """Columns by name, float32, of a file that `write_ply` wrote. Raises ValueError for another kind of file."""
    with path.open("rb") as file:
        names, count = [], 0
        if file.readline().strip() != b"ply" or file.readline().strip() != b"format binary_little_endian 1.0":
            raise ValueError(f"{path.name} is not a binary little-endian ply")
        while (line := file.readline().decode("ascii").split()) != ["end_header"]:
            if line[:2] == ["element", "vertex"]:
                count = int(line[2])
            elif line[:2] == ["property", "float"]:
                names.append(line[2])
            elif not line or line[0] != "comment":
                raise ValueError(f"{path.name} has the line {' '.join(line)}")
        table = np.frombuffer(file.read(count * len(names) * 4), "<f4").reshape(count, len(names))
    return {name: table[:, i] for i, name in enumerate(names)}
