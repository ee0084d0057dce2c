"""The loop: steps, rounds of MCMC, previews and checkpoints, until done or told to stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import checkpoint as checkpoints
import numpy as np
from backdrop import Zones
from checkpoint import Checkpoint
from common.stage import Stage
from dataset import Dataset, Photo
from evaluate import mean_psnr
from mcmc import within
from ply import write_ply
from schedule import Schedule
from settings import TrainSettings

from engine import OPACITY, Engine, State

FOLDER = "checkpoints"
REPORT_EVERY = 10  # iterations
HISTORY_POINTS = 100
FAINTEST = float(np.log(1 / 254))  # logit of an opacity of 1/255
SMOOTHING = 0.95  # of the loss that is shown: one step sees one photo only


def visible(state: State, reach: float) -> State:
    """`state` without what no picture shows: Gaussians fainter than 1/255 (the engine drops them) or out of reach."""
    kept = (state.values[OPACITY] > FAINTEST) & within(state.values, reach)
    return State(*(part[:, kept] for part in (state.values, state.first, state.second)))


@dataclass
class Training:
    """One run in progress. `iteration` counts steps done."""

    stage: Stage[TrainSettings]
    engine: Engine
    data: Dataset
    mark: str
    start_count: int
    zones: Zones
    iteration: int = 0
    history: dict[str, Any] = field(default_factory=lambda: {"loss": [], "psnr": []})
    train_s: float = 0.0
    train_cpu_s: float = 0.0
    _loss: float | None = None
    _saved_at: int = -1

    @staticmethod
    def resume(
        stage: Stage[TrainSettings], engine: Engine, data: Dataset, mark: str, saved: Checkpoint, zones: Zones
    ) -> Training:
        """Goes on from a checkpoint."""
        engine.set(saved.state)
        return Training(
            stage,
            engine,
            data,
            mark,
            saved.start_count,
            zones,
            saved.iteration,
            saved.history,
            saved.train_s,
            saved.train_cpu_s,
            saved.history.get("smooth"),
            saved.iteration,
        )

    @staticmethod
    def begin(
        stage: Stage[TrainSettings], engine: Engine, data: Dataset, mark: str, state: State, zones: Zones
    ) -> Training:
        """Starts from the first Gaussians."""
        engine.set(state)
        return Training(stage, engine, data, mark, state.count, zones)

    def run(self) -> None:
        """Trains until the last iteration or until stopped, and keeps a checkpoint of where it got to."""
        s = self.stage.settings
        schedule = Schedule(s, len(self.data.train), self.start_count, self.zones)
        previews = s.previews()
        self._report(self.engine.get().count)
        while self.iteration < s.iterations and not self.stage.stop.is_set():
            count = self._step(schedule)
            if self.iteration in previews:
                self._preview()
            if s.checkpoint_every and self.iteration % s.checkpoint_every == 0:
                self.save()
            if self.iteration % REPORT_EVERY == 0 or self.iteration == s.iterations:
                self._report(count)
        self._report(self.engine.get().count)
        self.save()

    def degree(self) -> int:
        """Harmonics that the scene uses by now."""
        schedule = Schedule(self.stage.settings, len(self.data.train), self.start_count)
        return schedule.degree(max(self.iteration - 1, 0))

    def save(self) -> None:
        """Writes checkpoint and preview of this iteration, once."""
        if self._saved_at == self.iteration:
            return
        self._saved_at = self.iteration
        measured = {}
        if self.data.held_out:
            measured["psnr"] = round(mean_psnr(self.engine, self.data.held_out, self.degree()), 3)
            self.history["psnr"].append([self.iteration, measured["psnr"]])
        state = self.engine.get()
        self.history["smooth"] = self._loss
        saved = Checkpoint(self.iteration, state, self.history, self.train_s, self.train_cpu_s, self.start_count)
        path = checkpoints.save(self.stage.out / FOLDER, saved, self.mark)
        self._preview(state)
        self.stage.progress(
            "checkpoint",
            self.iteration,
            self.stage.settings.iterations,
            "iterations",
            iteration=self.iteration,
            bytes=path.stat().st_size,
            file=f"{FOLDER}/{path.name}",
            **measured,
        )

    def finish(self) -> State:
        """The scene: what can be seen of the last state. The engine goes on with it, so figures are the file's."""
        state = visible(self.engine.get(), self.zones.reach)
        self.engine.set(state)
        return state

    def _step(self, schedule: Schedule) -> int:
        started, cpu_started = time.monotonic(), time.process_time()
        at = self.iteration
        photo: Photo = self.data.train[schedule.photo(at)]
        shot = photo.half if schedule.is_half_size(at) else photo.whole
        report = self.engine.step(shot.camera, shot.pixels, schedule.motion(at))
        refinement = schedule.refinement(at)
        if refinement is not None:
            self.engine.refine(refinement)
        self._loss = report.loss if self._loss is None else SMOOTHING * self._loss + (1 - SMOOTHING) * report.loss
        self.iteration = at + 1
        self.train_s += time.monotonic() - started
        self.train_cpu_s += time.process_time() - cpu_started
        if self.iteration % max(1, self.stage.settings.iterations // HISTORY_POINTS) == 0:
            self.history["loss"].append([self.iteration, round(self._loss, 5)])
        return self.engine.count

    def _preview(self, state: State | None = None) -> None:
        name = f"{FOLDER}/{self.iteration:06d}.ply"
        degree = self.stage.settings.sh_degree
        size = write_ply(
            self.stage.out / name, visible(state or self.engine.get(), self.zones.reach), self.data.world, degree
        )
        self.stage.progress(
            "checkpoint",
            self.iteration,
            self.stage.settings.iterations,
            "iterations",
            iteration=self.iteration,
            bytes=size,
            file=name,
        )

    def _report(self, count: int) -> None:
        rate = self.iteration / self.train_s if self.train_s else None
        self.stage.progress(
            "train",
            self.iteration,
            self.stage.settings.iterations,
            "iterations",
            loss=round(self._loss, 5) if self._loss is not None else None,
            gaussians=count,
            iterationsPerS=round(rate, 1) if rate else None,
        )
