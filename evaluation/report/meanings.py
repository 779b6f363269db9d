"""Explain each metric in one sentence, for readers of the tables."""

from typing import Final

MEANINGS: Final = {
    "auroc": "how often a photo with the signal gets a higher probability than one without; ties count half",
    "balanced_accuracy": "mean of recall and specificity of the word yes; inconclusive counts as not yes",
    "balanced_accuracy_at_half": "the same, the signal called from a probability of .5",
    "precision": "of the photos that get the word yes, how many show the signal",
    "recall": "of the photos that show the signal, how many get the word yes",
    "f1": "harmonic mean of precision and recall of the word yes",
    "specificity": "of the photos without the signal, how many do not get the word yes",
    "specificity_at_90_recall": "of the photos without the signal, how many stay below what finds nine of ten with it",
    "pixel_iou": "intersection over union of map and mask, signal or none, pixels of all masks together",
    "pixel_f1": "F1 of map and mask, signal or none, pixels of all masks together",
    "pixel_precision": "of the pixels the map marks, how many are drawn",
    "pixel_recall": "of the drawn pixels, how many the map marks",
    "weighted_f1": "F1 of the four classes of pixels, weighted by how many are drawn of each",
    "area_mae_points": "mean absolute error of the expected area, in percentage points of the photo",
    "area_bias_points": "mean error of the expected area: above zero is too much",
    "area_correlation": "Pearson's correlation of expected and drawn area",
    "area_on_clean_points": "expected area on photos without the signal, in percentage points",
    "told_area_mae_points": "mean absolute error of the area that staff are shown",
    "told_area_range_holds": "how often the drawn area lies in the range that staff are shown",
    "decided_coverage": "how many photos get yes or no as words, not inconclusive",
    "decided_accuracy": "of the photos that get a word, how many get the true one",
    "decided_coverage_high": "how many photos get a word with high confidence",
    "decided_accuracy_high": "of the words with high confidence, how many are true",
    "decided_coverage_medium": "how many photos get a word with medium confidence",
    "decided_accuracy_medium": "of the words with medium confidence, how many are true",
    "decided_coverage_low": "how many photos get a word with low confidence",
    "decided_accuracy_low": "of the words with low confidence, how many are true",
    "false_alarm_rate": "of the photos without the signal, how many get the word yes",
    "miss_rate": "of the photos with the signal, how many get the word no",
    "expected_calibration_error": "mean gap between probability and frequency, ten bins of equal width",
    "object_f1": "F1 of the single things, on photos with a mask: one to one, nearest centres first",
    "object_precision": "of the things counted on photos with a mask, how many are drawn",
    "object_recall": "of the things drawn, how many are counted",
    "count_error": "mean absolute error of the count staff are shown, on photos that show the signal",
    "count_bias": "mean error of that count: above zero is too many",
    "told_count_range_holds": "how often the drawn count lies in the range that staff are shown",
    "objects_per_clean_photo": "things counted on a photo without the signal, on average",
    "cpu_ms_median": "processor milliseconds of a whole examination of one photo: half need no more",
    "cpu_ms_p95": "processor milliseconds of a whole examination of one photo: 95 of 100 need no more",
    "peak_memory_mb": "the most memory the process held during any examination, in megabytes",
    "peak_memory_mb_median": "the most memory the process held during one examination: half need no more",
    "peak_memory_mb_p95": "the most memory the process held during one examination: 95 of 100 need no more",
}


def meaning(key: str) -> str:
    """Return the sentence of a metric; that of a part's metric, "recall[kind=real]", is the sentence of the whole's."""
    return MEANINGS.get(key.partition("[")[0], "")
