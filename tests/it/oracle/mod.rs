//! The oracle: what a graph that is true in time has to answer, computed naively.
//!
//! It is written from the page that says what must be true (issue "A graph that is true in time",
//! [ADR 18](../../../docs/adr/0018-a-graph-true-in-time.md)) and uses none of the project's code.
//! It keeps every event and works each answer out anew, so that each rule stands in one place:
//!
//! | file | what it says |
//! |---|---|
//! | `time`, `log`, `read`, `known` | what was said, each thing once |
//! | `runs` | which runs there are and how they stand |
//! | `statements` | what a run or declaration says, and what flows by it |
//! | `symlinks`, `names` | which names are one, what a name held when |
//! | `moment` | all of that at one time |
//! | `executions`, `current` | how it is made |
//! | `links`, `holds` | what is in it |
//! | `columns`, `answers` | columns, impact, window, difference, findings |
//! | `rule` | each rule by name: counted, and switched off for a mutant |
//! | `text`, `ask`, `random` | histories and questions as text; histories by chance |
//! | `cases`, `rules`, `rules_of_names`, `laws` | the tests: by kinds of report, by rule, by law |

mod answers;
mod ask;
mod cases;
mod columns;
mod current;
mod executions;
mod holds;
mod known;
mod laws;
mod links;
mod log;
mod moment;
mod names;
mod random;
mod read;
mod rule;
mod rules;
mod rules_of_names;
mod runs;
mod statements;
mod symlinks;
mod text;
mod time;
