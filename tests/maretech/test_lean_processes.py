"""Test that processes which read no pixels load none of the libraries that do: they hold 35 MB and more each."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspections.work import framing
from maretech import celery

ROOT = Path(__file__).parents[2]
OF_WORKERS = {"PIL", "cv2", "numpy", "onnxruntime", "typst"}
# Loaded by the first request that needs them.
ON_DEMAND = {"boto3", "fontTools", "google", "holidays", "icalendar", "stripe"}
LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
WEB = "import maretech.wsgi, django.urls; django.urls.get_resolver().url_patterns"
# The only question of a request about an engine.
WEB += "; from corrosion.comparison.answers import current_model_version; current_model_version()"
SCHEDULER = "import django; django.setup(); from maretech.celery import app; app.loader.import_default_modules()"


@pytest.mark.anywhere
@pytest.mark.parametrize("started", [WEB, SCHEDULER], ids=["web", "scheduler"])
def test_a_process_without_pixels_loads_none_of_the_libraries_of_workers(started, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "maretech.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
    }
    script = f"{started}\n{LOADED}"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "rest_framework" in loaded
    assert loaded & (OF_WORKERS | ON_DEMAND) == set()


def test_a_worker_loads_what_its_tasks_import_when_they_run():
    imported = {
        f"{node.module}.{name.name}" if (ROOT / node.module.replace(".", "/")).is_dir() else node.module
        for file in ROOT.glob("*/tasks.py")
        for task in ast.parse(file.read_text()).body
        if isinstance(task, ast.FunctionDef)
        for node in ast.walk(task)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    hooks = {comparer.rpartition(".")[0] for comparer in framing._comparers.values()}
    assert imported | hooks == set(celery._USED_BY_TASKS)


def test_a_worker_without_its_engine_does_not_start(monkeypatch):
    def without_weights(name):
        raise FileNotFoundError("weights.onnx")

    monkeypatch.setattr(celery, "serve_engines", without_weights)
    with pytest.raises(SystemExit, match="FileNotFoundError"):
        celery.share_memory_with_children()
