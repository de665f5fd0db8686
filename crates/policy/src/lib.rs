//! The guideline's figure 42 as versioned data, and the plan that follows from it.
