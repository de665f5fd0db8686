//! Generated bindings over libnvme's headers: types, constants and ioctl numbers.
