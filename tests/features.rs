//! Every feature against PyRadiomics, both ways: none missing, none extra.
