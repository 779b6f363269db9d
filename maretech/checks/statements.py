"""The services that hear recordings and reword statements, and the model on this machine."""

from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from dossiers.statement.transcribers.faster_whisper import missing_files
from maretech.checks.addresses import hosts_of, is_inside, is_ours, parts_of


def transcriber_is_exposed() -> bool:
    """Return whether recordings would be sent unencrypted to another network, or nowhere."""
    is_used = settings.TRANSCRIBER == "openai_endpoint"
    return is_used and not (settings.TRANSCRIPTION_MODEL and _is_private(settings.TRANSCRIPTION_URL))


def refiner_is_exposed() -> bool:
    """Return whether statements would be sent unencrypted to another network, or nowhere."""
    is_used = settings.REFINER == "language_model"
    return is_used and not (settings.REFINEMENT_MODEL and _is_private(settings.REFINEMENT_URL))


def whisper_is_incomplete() -> bool:
    folder = Path(settings.WHISPER_MODEL_DIR)
    is_installed = find_spec("faster_whisper") is not None
    return settings.TRANSCRIBER == "faster_whisper" and not (is_installed and not missing_files(folder))


def endpoints_elsewhere() -> list[str]:
    """Return the settings that name an endpoint on another machine."""
    addresses = {"TRANSCRIPTION_URL": settings.TRANSCRIPTION_URL, "REFINEMENT_URL": settings.REFINEMENT_URL}
    return [name for name, url in addresses.items() if url and not all(map(is_ours, hosts_of(url)))]


def _is_private(url: str) -> bool:
    found = parts_of(url)
    is_open = found.scheme == "http" and all(map(is_inside, hosts_of(url)))
    return bool(found.hostname) and "@" not in found.netloc and (found.scheme == "https" or is_open)
