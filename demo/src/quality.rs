//! Checks and measures that jobs make of what they read.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::check::{Check, Measure};
use crate::dataset::Dataset;
use crate::frame::Frame;
use crate::task::Task;
use crate::value::Kind;

impl Task<'_> {
    /// Checks that a column of what was read is filled, and notes it. A failure does not stop the
    /// job: the warning is what the check is for.
    ///
    /// # Errors
    ///
    /// If there is no such column, or the dataset was not read.
    pub fn check_filled(
        &mut self,
        dataset: &'static Dataset,
        frame: &Frame,
        column: &str,
    ) -> Result<()> {
        let at = frame.at(column)?;
        let broken = frame.rows.iter().filter(|row| row[at].is_null()).count();
        self.note_check(dataset, "not_null", column, broken)
    }

    /// Checks that no value of a column is there twice, and notes it.
    ///
    /// # Errors
    ///
    /// If there is no such column, or the dataset was not read.
    pub fn check_unique(
        &mut self,
        dataset: &'static Dataset,
        frame: &Frame,
        column: &str,
    ) -> Result<()> {
        let at = frame.at(column)?;
        let distinct: BTreeSet<_> = frame.rows.iter().map(|row| row[at].to_string()).collect();
        self.note_check(dataset, "unique", column, frame.rows.len() - distinct.len())
    }

    fn note_check(
        &mut self,
        dataset: &'static Dataset,
        kind: &'static str,
        column: &str,
        broken: usize,
    ) -> Result<()> {
        let input = self.report.inputs.iter_mut().find(|input| input.dataset == dataset);
        ensure!(input.is_some(), "{} was not read", dataset.path);
        let column = column.to_owned();
        if let Some(input) = input {
            input.checks.push(Check { kind, column, success: broken == 0, broken });
        }
        Ok(())
    }

    /// Measures every column of what was read, and notes it.
    pub fn measure(&mut self, dataset: &'static Dataset, frame: &Frame) {
        let measures = frame.columns.iter().enumerate().map(|(at, column)| {
            let values = frame.rows.iter().map(|row| &row[at]);
            let distinct: BTreeSet<_> = values.clone().map(ToString::to_string).collect();
            let numbers = values.clone().filter_map(crate::value::Value::as_real);
            let range = numbers.fold(None, |range, number| match range {
                None => Some((number, number)),
                Some((least, most)) => Some((number.min(least), number.max(most))),
            });
            Measure {
                column: column.field.name.clone(),
                nulls: values.filter(|value| value.is_null()).count(),
                distinct: distinct.len(),
                range: range.filter(|_| column.field.kind != Kind::Text),
            }
        });
        let measures = measures.collect();
        if let Some(input) = self.report.inputs.iter_mut().find(|input| input.dataset == dataset) {
            input.measures = Some(measures);
        }
    }
}
