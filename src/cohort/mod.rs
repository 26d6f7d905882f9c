//! Patients and tables.
