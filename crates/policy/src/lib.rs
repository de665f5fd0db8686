//! The guideline's figure 42 (図表42) as versioned data, and the plan that follows from it.
//!
//! [`Table`] is the data, [`plan`] the one function: facts, class and choices in, a [`SessionPlan`] out that
//! leaves nothing to decide while drives are being erased. Same input, same plan, same digest.
//!
//! A plan is carried out with a [`Confirmation`] only: somebody typed its code, or a [`JobOrder`] names every drive to
//! which it writes.

mod order;
mod plan;
mod planner;
mod table;

pub use order::{JobOrder, NoOrder, WhyLeft};
pub use plan::{
    Action, Confirmation, ConfirmationError, DrivePlan, Erase, PlanDigest, Rejected, SessionPlan, WhyNot,
};
pub use planner::{Choice, Choices, EXECUTABLE, Wishes, plan, plan_with};
pub use table::{
    Allowed, Amount, Cell, ReadBack, Source, SwitchName, Switches, Table, TableError, TableOrigin,
};
