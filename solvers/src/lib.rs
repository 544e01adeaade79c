//! Choosing policies: strategies per item, then sharing what is scarce.
//!
//! | read            | to learn                                                            |
//! |-----------------|---------------------------------------------------------------------|
//! | [`strategy`]    | how an item's policy and safety stock can be set, one file each      |
//! | [`search`]      | good parameters found by simulation                                  |
//! | [`select`]      | the best of several alternatives, with a guarantee                   |
//! | [`Question`]    | everything that is asked about one item, on common scenarios         |
//! | [`Answer`]      | what comes back: a few thousand bytes an item                        |
//! | [`SupplierQuestion`] | what items of one supplier cost, and save by ordering together     |
//! | [`allocate`]    | one candidate an item under common limits, exactly                   |
//! | [`prices`]      | the same for many items and limits, by the prices of the limits       |
//! | [`together`]    | all items at once, under what they share, review by review             |
//! | [`program`]     | linear and mixed-integer programs, solved, checked and explained       |
//! | [`replenish`]   | plans over a horizon, under common capacities                       |
//! | [`decompose`]   | programs over scenarios or blocks, taken apart and put together, with bounds |
//! | [`Reference`]   | the exact cost beside the estimate, where there is one               |
//! | [`exact`]       | closed forms, dynamic programs and Markov chains                     |
//!
//! `program/highs.rs` is the only file of the workspace that names `HiGHS`.

mod allocate;
mod answer;
mod answers;
mod coordination;
pub mod decompose;
pub mod exact;
pub mod prices;
pub mod program;
mod question;
mod reference;
pub mod replenish;
pub mod search;
pub mod select;
pub mod strategy;
pub mod together;

pub use allocate::{AllocateError, Allocation, Candidate, LIMITS, allocate};
pub use answer::{
    Answer, CandidateAnswer, Head, Measures, PlanAnswer, Rule, SelectionAnswer, StrategyAnswer,
};
pub use answers::{AnswerShape, ItemAnswer};
pub use coordination::{
    Coordination, SupplierAnswer, SupplierItem, SupplierMeasures, SupplierQuestion,
};
pub use question::{
    Course, Courses, FALSE_ALARM, FRESH_SET, MOVES, Question, SEARCH_SET, Selecting, Settings,
    Spare, kept,
};
pub use reference::Reference;
pub use strategy::{Knowledge, Strategy, Targets};
