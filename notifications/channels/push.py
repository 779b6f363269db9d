"""A push to one device, by the service of its platform."""

from collections.abc import Mapping

from accounts.models import Device
from notifications.channels.ports import Envelope
from notifications.channels.registry import push_sender


def is_configured(device: Device) -> bool:
    return push_sender(device.platform) is not None


def send_push(envelope: Envelope, device: Device) -> None:
    """Send the push. Raises `Unreachable`, `Refused` or `TargetGone`."""
    sender = push_sender(device.platform)
    if sender is not None:
        sender.send(envelope, target=target_of(device))


def target_of(device: Device) -> Mapping[str, str]:
    """Return what the push service knows the device by."""
    return {"token": device.push_token}
