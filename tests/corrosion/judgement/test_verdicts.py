"""Test the verdict from several photos of one point."""

import pytest

from corrosion.judgement.comparability import PointPair, VisitPhoto, VisitPoint
from corrosion.judgement.trend import Change
from corrosion.judgement.verdicts import judge_by_pixels
from corrosion.vocabulary import IncomparableReason


def judge(*, among=1, marked="mid", **measured):
    """Return a point's verdict; each angle measured this much area with an error of one, or gave a reason."""
    before, after = (point(side, *measured, marked=marked) for side in ("before", "after"))
    pair = PointPair(before=before, after=after, same_vessel=True, can_rust=True)
    found = {f"after-{angle}": said if isinstance(said, str) else Change(said, 1.0) for angle, said in measured.items()}
    return judge_by_pixels(1, pair, measure=lambda _, after: found[after.sha256], among=among)


def point(side, *angles, marked):
    photos = {
        angle: VisitPhoto(asset_id=angle, sha256=f"{side}-{angle}", evidence_uri="", view_uri="") for angle in angles
    }
    return VisitPoint(label="", photos=photos, overlay_asset_id=marked, overlay_uri=None)


def test_two_faint_angles_together_are_worsening():
    assert judge(mid=1.6).trend == "stable"
    assert judge(mid=1.6, close=1.6).trend == "worsening"


def test_unchanged_angle_outweighs_a_changed_one():
    assert judge(close=2.2).trend == "worsening"
    assert judge(mid=0.1, close=2.2).trend == "stable"


def test_contradicting_angles_are_too_uncertain():
    verdict = judge(mid=9, close=-3)
    assert (verdict.trend, verdict.reasons) == (None, (IncomparableReason.TOO_UNCERTAIN,))


def test_limit_rises_with_the_number_of_points():
    assert judge(mid=2, close=2).trend == "worsening"
    assert judge(mid=2, close=2, among=10).trend is None


def test_marked_angle_is_shown_unless_its_change_contradicts():
    assert judge(mid=3, close=9, marked="mid").angle == "mid"
    assert judge(mid=-0.5, close=9, marked="mid").angle == "close"


@pytest.mark.parametrize(("near", "trend"), [(IncomparableReason.PHOTOS_DO_NOT_MATCH, "worsening"), (0.0, "stable")])
def test_wide_angle_counts_only_without_a_comparable_near_one(near, trend):
    assert judge(mid=near, wide=5).trend == trend


def test_each_reason_is_given_once():
    verdict = judge(
        mid=IncomparableReason.PHOTOS_DO_NOT_MATCH,
        close=IncomparableReason.TOO_UNCERTAIN,
        wide=IncomparableReason.PHOTOS_DO_NOT_MATCH,
    )
    assert (verdict.trend, verdict.reasons) == (
        None,
        (IncomparableReason.PHOTOS_DO_NOT_MATCH, IncomparableReason.TOO_UNCERTAIN),
    )
