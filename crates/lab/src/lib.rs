//! QEMU, virtual drives and a screen reader: the demo and the end-to-end tests.
