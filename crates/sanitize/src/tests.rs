//! Whole jobs on drives that misbehave. Each test is named after what must never happen, or must.

mod arming;
mod families;
mod formatting;
mod overwriting;
mod properties;
mod proving;
mod securing;
mod stalling;
