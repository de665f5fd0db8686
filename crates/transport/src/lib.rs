//! Commands and block I/O on an open device; the one room with handwritten unsafe.
