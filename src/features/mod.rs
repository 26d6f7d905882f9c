//! Voxels to numbers: the feature classes of PyRadiomics.
