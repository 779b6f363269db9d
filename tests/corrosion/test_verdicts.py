"""Test the verdict from several photos of one point."""

import pytest

from corrosion.judgement.comparability import PHOTOS_DO_NOT_MATCH, TOO_UNCERTAIN, PointPair, SeenPhoto, SeenPoint
from corrosion.judgement.trend import Change
from corrosion.judgement.verdicts import judge_by_looking


def judged(*, among=1, marked="mid", **measured):
    """Return a point's verdict; each angle measured this much area with an error of one, or gave a reason."""
    before, after = (point(side, *measured, marked=marked) for side in ("before", "after"))
    pair = PointPair(before=before, after=after, same_vessel=True, can_rust=True)
    found = {f"after-{angle}": said if isinstance(said, str) else Change(said, 1.0) for angle, said in measured.items()}
    return judge_by_looking(1, pair, measure=lambda _, after: found[after.sha256], among=among)


def point(side, *angles, marked):
    photos = {
        angle: SeenPhoto(asset_id=angle, sha256=f"{side}-{angle}", evidence_uri="", view_uri="") for angle in angles
    }
    return SeenPoint(label="", photos=photos, overlay_asset_id=marked, overlay_uri=None)


def test_what_two_angles_show_faintly_is_known_of_both_together():
    assert judged(mid=1.6).trend == "stable"
    assert judged(mid=1.6, close=1.6).trend == "worsening"


def test_an_angle_that_shows_no_change_speaks_against_the_other():
    assert judged(close=2.2).trend == "worsening"
    assert judged(mid=0.1, close=2.2).trend == "stable"


def test_better_here_and_worse_there_is_no_answer():
    verdict = judged(mid=9, close=-3)
    assert (verdict.trend, verdict.reasons) == (None, (TOO_UNCERTAIN,))


def test_of_many_points_each_has_to_show_more():
    assert judged(mid=2, close=2).trend == "worsening"
    assert judged(mid=2, close=2, among=10).trend is None


def test_the_marked_angle_is_shown_unless_it_says_otherwise():
    assert judged(mid=3, close=9, marked="mid").angle == "mid"
    assert judged(mid=-0.5, close=9, marked="mid").angle == "close"


@pytest.mark.parametrize(("near", "trend"), [(PHOTOS_DO_NOT_MATCH, "worsening"), (0.0, "stable")])
def test_the_wide_one_is_asked_only_where_no_near_one_can_be_compared(near, trend):
    assert judged(mid=near, wide=5).trend == trend


def test_where_nothing_can_be_compared_each_reason_is_given_once():
    verdict = judged(mid=PHOTOS_DO_NOT_MATCH, close=TOO_UNCERTAIN, wide=PHOTOS_DO_NOT_MATCH)
    assert (verdict.trend, verdict.reasons) == (None, (PHOTOS_DO_NOT_MATCH, TOO_UNCERTAIN))
