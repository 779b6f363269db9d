"""A push to one device, by the service of its platform."""

from accounts.models import Device
from notifications.channels.ports import Envelope
from notifications.channels.registry import push_sender


def is_configured(device: Device) -> bool:
    return push_sender(device.platform) is not None


def send_push(envelope: Envelope, device: Device) -> None:
    """Send the push. Raises `Unreachable`, `Refused` or `TargetGone`."""
    sender = push_sender(device.platform)
    if sender is not None:
        sender.send(envelope, target=device.push_target)
