"""The CUDA engine against the CPU engine, on a real GPU."""

from __future__ import annotations

import cuda_engine
import parity
import pytest
from common.failure import StageFailure

try:
    cuda_engine.require()
except StageFailure as absent:
    pytest.skip(f"no GPU: {absent.what} The CUDA engine is not tested on this machine.", allow_module_level=True)


def test_the_check_passes() -> None:
    import cuda_check

    said = cuda_check.check()
    assert said["architecture"].startswith("sm_") and said["gpu"]


def test_pictures_are_the_cpu_engines() -> None:
    parity.pictures_agree(cuda_engine.open_engine, 3e-4)


def test_loss_and_gradients_are_the_cpu_engines() -> None:
    parity.gradients_agree(cuda_engine.open_engine, 1e-3)


def test_one_step_is_the_cpu_engines() -> None:
    parity.one_step_agrees(cuda_engine.open_engine, 1e-4)


def test_fifty_steps_lead_where_the_cpu_engine_goes() -> None:
    parity.fifty_steps_agree(cuda_engine.open_engine)


def test_noise_is_the_cpu_engines() -> None:
    parity.noise_is_the_same(cuda_engine.open_engine)


def test_rounds_of_mcmc_are_the_cpu_engines() -> None:
    parity.refining_is_the_same(cuda_engine.open_engine)


def test_checkpoints_pass_from_one_engine_to_the_other() -> None:
    parity.checkpoints_pass_from_one_to_the_other(cuda_engine.open_engine)
