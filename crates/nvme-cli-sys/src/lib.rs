//! Bindings over libnvme's headers: the pass-through structures and the ioctl numbers.
//!
//! `bindings.rs` is bindgen's output over `wrapper.h`. It is regenerated, and checked against the headers of the
//! image's own packages, by `just bindings` and `just bindings-check`.
#![allow(missing_docs, non_camel_case_types, non_upper_case_globals, unreachable_pub)]
#![no_std]

mod bindings;
pub use bindings::*;

#[cfg(test)]
mod tests {
    use super::*;

    // Against hexadecimal numbers, not against the formula that made them.
    #[test]
    fn ioctl_numbers_are_the_kernels() {
        assert_eq!(MASSHO_NVME_IOCTL_ADMIN_CMD, 0xC048_4E41);
        assert_eq!(MASSHO_NVME_IOCTL_ADMIN64_CMD, 0xC050_4E47);
        assert_eq!(MASSHO_NVME_IOCTL_IO_CMD, 0xC048_4E43);
        assert_eq!(MASSHO_NVME_IOCTL_ID, 0x4E40);
    }

    #[test]
    fn structures_have_the_kernels_size() {
        assert_eq!(size_of::<nvme_passthru_cmd>(), 72);
        assert_eq!(size_of::<nvme_passthru_cmd64>(), 80);
    }
}
