from surveys.admin import appointments, disputes, reviews, slots, surveyors  # noqa: F401 - they register pages
