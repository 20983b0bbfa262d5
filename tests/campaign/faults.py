"""Faults of the machine: kills, a full disk, a clock that jumps, two writers, the lock of a process that is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from random import Random

from tests.campaign.library import OPERATIONS, Patient
from tests.campaign.nursery import DONE, REFUSED, UNEXPECTED, Nursery
from tests.campaign.row import Row
from tests.support.storage_fixtures import invented, open_assistant, write_lines

_HEALED = 6  # every sixth fault is followed by mending and by the rest of the work


def kills(nursery: Nursery, home: Path, count: int, seed: int) -> list[Row]:
    """SIGKILL at random moments of each operation."""
    dice = Random(f"kills {seed}")
    patient = Patient(home)
    rows = {name: Row(f"killed in {name}") for name in OPERATIONS}
    seconds: dict[str, float] = {}
    for n in range(count):
        operation = OPERATIONS[n % len(OPERATIONS)]
        row = rows[operation]
        if operation not in seconds:
            begun = time.monotonic()
            outcome, said = nursery.run(patient.job(operation, dice))
            seconds[operation] = time.monotonic() - begun
            row.broken += [] if outcome == DONE else [f"seed {seed}, {operation} that nobody killed: {said[-300:]}"]
            row.broken += [f"seed {seed}, {operation} that nobody killed: {line}" for line in patient.look()]
        child = nursery.start(patient.job(operation, dice))
        time.sleep(dice.uniform(0.02, 1.0) * seconds[operation])
        os.kill(child, signal.SIGKILL)
        outcome, said = nursery.end()
        seconds[operation] *= 1.02 if outcome == "killed" else 0.9
        row.count("were over before" if outcome == DONE else outcome)
        row.broken += [f"seed {seed}, kill {n}: {said[-300:]}"] if outcome == UNEXPECTED else []
        row.broken += [f"seed {seed}, kill {n}: {line}" for line in patient.look()]
        if n % _HEALED == _HEALED - 1 or row.broken:
            row.broken += [f"seed {seed}, after kill {n}: {line}" for line in patient.heal()]
    return [row for row in rows.values() if row.tried]


def full_disk(nursery: Nursery, home: Path, count: int, seed: int) -> list[Row]:
    """A limit on the size of files at a random byte, which SQLite and Chroma are told of as of a full disk."""
    dice = Random(f"disk {seed}")
    patient = Patient(home)
    row = Row("disk full at a random byte")
    for n in range(count):
        job = patient.job(OPERATIONS[n % len(OPERATIONS)], dice)
        largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
        job["limit"] = int(largest * dice.choice([0.01, 0.2, 0.9, 1.0, 1.0, 1.1])) + dice.randrange(100_000)
        _tried(nursery, patient, row, job, f"seed {seed}, disk {n}")
        if n % _HEALED == _HEALED - 1:
            row.broken += [f"seed {seed}, after disk {n}: {line}" for line in patient.heal()]
    return [row] if count else []


def small_disk(nursery: Nursery, home: Path, count: int, seed: int) -> list[Row]:
    """A real disk, of memory, that is too small; where only root can make one, none is tried."""
    dice = Random(f"small {seed}")
    row = Row("a disk of a few megabytes, full")
    for n in range(count):
        small = home / f"small{n}"
        small.mkdir(parents=True)
        size = dice.randrange(1_200, 4_000)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(small)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            return []
        try:
            file = write_lines(home / "many.jsonl", invented(600))
            outcome, said = nursery.run({"op": "ingest", "folder": str(small / "library"), "file": str(file)})
            row.count(outcome)
            row.broken += [f"seed {seed}, disk {n}: {said[-300:]}"] if outcome == UNEXPECTED else []
            subprocess.run(["mount", "-o", "remount,size=80m", str(small)], check=True)
            outcome, said = nursery.run({"op": "ingest", "folder": str(small / "library"), "file": str(file)})
            row.broken += [f"seed {seed}, disk {n}, with room again: {said[-300:]}"] if outcome != DONE else []
            with open_assistant(small / "library") as assistant:
                faults = assistant.doctor(mend=False)
                row.broken += [f"seed {seed}, disk {n}: {line}" for line in faults]
        finally:
            subprocess.run(["umount", "-l", str(small)], check=True)
    return [row] if row.tried else []


def clock(nursery: Nursery, home: Path, count: int, seed: int) -> list[Row]:
    """The clock jumps by days, back or on, while something is written; and a source has a time of long ago."""
    dice = Random(f"clock {seed}")
    patient = Patient(home)
    row = Row("the clock jumps")
    for n in range(count):
        job = patient.job(dice.choice(("ingest", "sync", "doctor", "snapshot")), dice)
        job["clock"] = dice.choice([-1, 1]) * dice.choice([3600, 86_400, 400 * 86_400])
        _tried(nursery, patient, row, job, f"seed {seed}, clock {n}")
        if row.outcomes[REFUSED]:
            row.broken.append(f"seed {seed}, clock {n}: refused")
        row.broken += [f"seed {seed}, clock {n}: {line}" for line in patient.heal()]
    return [row] if count else []


def writers(nursery: Nursery, home: Path, count: int, seed: int) -> list[Row]:
    """Two write at once, and the note of a holder on another host, who is gone, lies about."""
    dice = Random(f"writers {seed}")
    patient = Patient(home)
    row, stale = Row("two writers at once"), Row("a lock's note of a dead process on another host")
    with Nursery() as second:
        for n in range(count):
            patient.operation = "ingest"
            nursery.start(patient.job("ingest", dice))
            second.start({"op": "ingest", "folder": str(patient.folder), "file": str(patient.source)})
            ends = [nursery.end(), second.end()]
            for outcome, said in ends:
                row.count(outcome)
                told = "is being written by" in said or "in use" in said
                row.broken += [f"seed {seed}, pair {n}: {said[-300:]}"] * (outcome != DONE and not told)
            row.broken += [f"seed {seed}, pair {n}: nobody wrote"] * all(outcome != DONE for outcome, _ in ends)
            row.broken += [f"seed {seed}, pair {n}: {line}" for line in patient.look()]
    for n in range(count):
        note = {"pid": 1, "host": "another.example", "since": "2024-01-01T00:00:00+00:00"}
        (patient.folder / "writer.json").write_text(json.dumps(note))
        _tried(nursery, patient, stale, patient.job("ingest", dice), f"seed {seed}, lock {n}")
        stale.broken += [f"seed {seed}, lock {n}: it was waited for"] * bool(stale.outcomes[REFUSED])
    return [row, stale] if count else []


def _tried(nursery: Nursery, patient: Patient, row: Row, job: dict[str, object], case: str) -> None:
    outcome, said = nursery.run(job)
    row.count(outcome)
    row.broken += [f"{case}, {job['op']}: {said[-400:]}"] if outcome == UNEXPECTED else []
    row.broken += [f"{case}, {job['op']}: {line}" for line in patient.look()]
