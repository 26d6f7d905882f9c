//! The state of one analysis: cohort, features, selection, models.
