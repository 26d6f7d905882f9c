//! Numeric kernels: no statistics, no images, only numbers.
