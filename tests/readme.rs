//! What README says is what the program does.
