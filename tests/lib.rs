//! Tests of the whole house: its arrows, and the booted image.
