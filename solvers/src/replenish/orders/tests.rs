//! Plans against enumeration, dynamic programs and other models, and what becomes of them.

mod enumerate;
mod flows;
mod instances;
mod known;
