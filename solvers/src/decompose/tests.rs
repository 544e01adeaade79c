//! Published programs, and random ones solved in every way.

mod published;
mod random;
mod sampled;
