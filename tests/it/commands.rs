//! The commands as somebody runs them who mistypes, pipes into `head`, or has saved the wrong answer.

mod closed;
mod heads;
mod import;
mod no_data;
mod settings;
