//! The guideline's figure 42 (図表42) as versioned data, and the plan that follows from it.
//!
//! [`Table`] is the data, [`plan`] the one function: facts, class and choices in, a [`SessionPlan`] out that
//! leaves nothing to decide while drives are being erased. Same input, same plan, same digest.

mod plan;
mod planner;
mod table;

pub use plan::{
    Action, Confirmation, ConfirmationError, DrivePlan, Erase, PlanDigest, Rejected, SessionPlan, WhyNot,
};
pub use planner::{Choice, Choices, EXECUTABLE, Wishes, plan, plan_with};
pub use table::{
    Allowed, Amount, Cell, ReadBack, Source, SwitchName, Switches, Table, TableError, TableOrigin,
};
