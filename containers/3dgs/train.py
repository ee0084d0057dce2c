"""The stage 3dgs: sparse model and photos in, scene.ply out.

Usage: train.py [train] --in DIR --out DIR --settings FILE
       train.py [train] check    says what GPU there is and proves it against the reference
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOM = Path(__file__).resolve().parent
for _folder in (ROOM, ROOM.parent):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

import checkpoint as checkpoints  # noqa: E402
from backdrop import zones_of  # noqa: E402
from colmap_reader import Model, read_model  # noqa: E402
from common.files import write_json  # noqa: E402
from common.machine import memory_bytes, peak_bytes, thread_count  # noqa: E402
from common.stage import Stage, StageFailure, run_stage  # noqa: E402
from cpu_engine import CpuEngine  # noqa: E402
from dataset import RESIZE_RULE, Dataset, load  # noqa: E402
from evaluate import HELD_OUT, ViewQuality, evaluate  # noqa: E402
from init import first_state  # noqa: E402
from ply import write_ply  # noqa: E402
from quality import SSIM_RULE  # noqa: E402
from settings import TrainSettings  # noqa: E402
from trainer import FOLDER, Training  # noqa: E402

if TYPE_CHECKING:
    from torch_engine import TorchEngine

LEAST_PHOTOS = 3


def body(stage: Stage[TrainSettings]) -> None:
    """The whole stage."""
    started = time.monotonic()
    settings = stage.settings
    threads = thread_count(settings.threads)
    if settings.engine == "cuda":
        # First of all: a machine that cannot keep its promise must not cost minutes before it says so.
        import cuda_check

        cuda_check.check()
    source = stage.inputs / "sfm"
    model = read_model(source / "sparse" / "0")
    if len(model.views) < LEAST_PHOTOS:
        raise StageFailure(
            65,
            "run/few-photos",
            f"The sparse model holds {len(model.views)} photos.",
            "Photograph with more overlap, then run sfm again.",
        )
    data = load(
        model,
        source / "images",
        settings.long_side_px,
        settings.hold_out_every,
        threads,
        lambda done, total: stage.progress("load", done, total, "photos"),
    )
    engine = _open_engine(settings, threads)
    try:
        training = _start(stage, engine, data, model)
        training.run()
        size = write_ply(stage.out / "scene.ply", training.finish(), data.world, settings.sh_degree)
        quality = _evaluate(stage, training)
        write_json(stage.out / "metrics.json", _metrics(training, quality, size, threads, time.monotonic() - started))
        stage.deliver("scene.ply", "metrics.json", *([HELD_OUT] if quality else []), FOLDER)
    finally:
        engine.close()


def _open_engine(settings: TrainSettings, threads: int) -> CpuEngine | TorchEngine:
    if settings.engine == "cpu":
        return CpuEngine(settings.cap, settings.sh_degree, threads)
    from cuda_engine import open_engine  # torch takes seconds to load, and most machines do not have it

    return open_engine(settings.cap, settings.sh_degree)


def _start(stage: Stage[TrainSettings], engine: CpuEngine | TorchEngine, data: Dataset, model: Model) -> Training:
    settings = stage.settings
    mark = checkpoints.run_mark(settings, model, engine.lanes)
    folder = stage.out / FOLDER
    folder.mkdir(exist_ok=True)
    saved = checkpoints.newest(folder, mark)
    zones = zones_of((model.points.positions - data.world.centre) / data.world.scale)
    if saved is not None:
        return Training.resume(stage, engine, data, mark, saved, zones)
    if checkpoints.clear(folder):
        stage.warn(
            "run/other-checkpoints",
            "The folder held checkpoints of other settings or another model.",
            "They were removed and training began anew; nothing needs to be done.",
        )
    first = first_state(model.points, data, settings)
    return Training.begin(stage, engine, data, mark, first, zones)


def _evaluate(stage: Stage[TrainSettings], training: Training) -> list[ViewQuality]:
    photos = training.data.held_out
    quality: list[ViewQuality] = []
    stage.progress("evaluate", 0, len(photos), "photos", iteration=training.iteration)
    for view in evaluate(training.engine, photos, training.degree(), stage.out):
        quality.append(view)
        # A mean over some of the photos is no measurement: the figures come with the last one.
        whole = len(quality) == len(photos)
        figures = {
            "psnr": round(_mean([v.psnr for v in quality]), 3),
            "ssim": round(_mean([v.ssim for v in quality]), 4),
        }
        stage.progress(
            "evaluate", len(quality), len(photos), "photos", iteration=training.iteration, **(figures if whole else {})
        )
    return quality


def _metrics(
    training: Training, quality: list[ViewQuality], scene_bytes: int, threads: int, took_s: float
) -> dict[str, Any]:
    settings, data, state = training.stage.settings, training.data, training.engine.get()
    sizes = {photo.name: [photo.whole.camera.width, photo.whole.camera.height] for photo in data.held_out}
    return {
        "version": 1,
        "heldOut": {
            "rule": f"index % {settings.hold_out_every} == 0 of the photos by name" if data.held_out else None,
            "views": [
                {**view.as_json(), "widthPx": sizes[view.photo][0], "heightPx": sizes[view.photo][1]}
                for view in quality
            ],
            "meanPsnr": round(_mean([v.psnr for v in quality]), 4) if quality else None,
            "meanSsim": round(_mean([v.ssim for v in quality]), 5) if quality else None,
            "meanExplained": round(_mean([v.explained for v in quality]), 5) if quality else None,
        },
        "resize": {"rule": RESIZE_RULE, "longSidePx": settings.long_side_px},
        "ssimRule": SSIM_RULE,
        "iterations": training.iteration,
        "gaussians": state.count,
        "shDegree": settings.sh_degree,
        "photos": {"train": len(data.train), "heldOut": len(data.held_out)},
        "seconds": {
            "train": round(training.train_s, 3),
            "trainCpu": round(training.train_cpu_s, 3),
            "all": round(took_s, 3),
        },
        "bytes": {"scene": scene_bytes, "peakMemory": peak_bytes(), "usableMemory": memory_bytes()},
        "world": {"centre": [float(x) for x in data.world.centre], "scale": data.world.scale},
        "engine": {"name": settings.engine, "threads": threads},
        "settings": asdict(settings),
        "history": {"loss": training.history["loss"], "psnr": training.history["psnr"]},
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def main(argv: list[str]) -> int:
    """Runs the stage, or with the one word `check` the GPU check; returns the exit code (containers/CONTRACT.md)."""
    if [word for word in argv if word != "train"] == ["check"]:
        import cuda_check

        return cuda_check.main()
    return run_stage("3dgs", argv, TrainSettings, body)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
