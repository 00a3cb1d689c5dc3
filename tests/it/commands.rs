//! The commands as somebody runs them who mistypes, pipes into `head`, or has saved the wrong answer.

mod closed;
mod heads;
mod no_data;
