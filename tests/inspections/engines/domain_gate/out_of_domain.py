"""Drawn pictures that show no hull, plain enough for a classifier to recognise."""

import cv2
import numpy as np

from inspections.engines.base import Rgb


def daisy() -> Rgb:
    """Draw thirteen white petals round a yellow heart on a dark ground."""
    ground = np.random.default_rng(0).integers(20, 60, (384, 384, 3))
    picture = ground.astype(np.uint8)
    for turn in np.linspace(0, 360, 13, endpoint=False):
        towards = np.array([np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))])
        middle = tuple(int(along) for along in 192 + 85 * towards)
        cv2.ellipse(picture, middle, (85, 20), turn, 0, 360, (245, 245, 240), -1, cv2.LINE_AA)
        cv2.ellipse(picture, middle, (85, 20), turn, 0, 360, (205, 205, 210), 2, cv2.LINE_AA)
    cv2.circle(picture, (192, 192), 48, (235, 185, 30), -1, cv2.LINE_AA)
    return picture


def clock() -> Rgb:
    """Draw a white dial with twelve numbers and two hands."""
    picture = np.full((384, 384, 3), 225, np.uint8)
    cv2.circle(picture, (192, 192), 152, (250, 250, 250), -1, cv2.LINE_AA)
    cv2.circle(picture, (192, 192), 160, (20, 20, 20), 14, cv2.LINE_AA)
    for hour in range(1, 13):
        angle = np.deg2rad(30 * hour - 90)
        place = (int(178 + 125 * np.cos(angle)), int(204 + 125 * np.sin(angle)))
        cv2.putText(picture, str(hour), place, cv2.FONT_HERSHEY_SIMPLEX, 0.95, (10, 10, 10), 2, cv2.LINE_AA)
    for tip, width in (((250, 110), 8), ((110, 150), 5)):
        cv2.line(picture, (192, 192), tip, (10, 10, 10), width, cv2.LINE_AA)
    return picture
