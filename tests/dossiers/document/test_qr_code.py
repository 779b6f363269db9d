"""Test that the printed code leads to the verification address."""

import cv2
import numpy as np

from dossiers.document.qr_code import qr_svg
from testing.samples.sample_dossiers import sample_dossier
from tests.dossiers.document.reading import pdf_of, pictures_of_pages


def test_a_camera_reads_the_address_from_the_first_and_the_last_page():
    first, *_, last = pictures_of_pages(pdf_of(), dots_per_inch=200)
    for picture in (first, last):
        text, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture))
        assert text == sample_dossier(points=1).verification_url


def test_the_same_address_makes_the_same_code_and_another_one_another():
    assert qr_svg("https://example.org/a") == qr_svg("https://example.org/a")
    assert qr_svg("https://example.org/a") != qr_svg("https://example.org/b")
