//! Tests of the program as a whole; one binary, so that it links once.

mod bad_inputs;
mod command_line;
mod every_demand;
mod every_policy;
mod examples;
mod faults;
mod fuzz;
mod invariance;
mod order_plan;
mod promises;
mod published;
mod slurm;
mod slurm_script;
