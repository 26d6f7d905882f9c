//! Unusual and hostile scans are answered as they should.
