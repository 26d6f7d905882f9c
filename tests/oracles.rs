//! Every statistic against R.
