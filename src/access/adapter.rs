//! The casbin adapter: hands an enforcer the rules of one role set.
//!
//! Where the rules are stored is no concern of casbin: `db/` keeps sets as text on both
//! databases, and a set read from either is what this adapter loads from. It only loads. A set
//! is never edited through an enforcer; every attempt is an error.

use std::sync::Arc;

use async_trait::async_trait;
use casbin::error::AdapterError;
use casbin::{Adapter, Filter, Model, Result};

use super::policy::Rule;

/// Loads the rules it was made with.
pub(super) struct RuleAdapter(pub(super) Vec<Arc<Rule>>);

fn refused<T>() -> Result<T> {
    Err(AdapterError("sets of rules are drafted and activated, not edited".into()).into())
}

#[async_trait]
impl Adapter for RuleAdapter {
    async fn load_policy(&mut self, model: &mut dyn Model) -> Result<()> {
        let rules = self.0.iter().map(|rule| rule.fields().to_vec()).collect();
        match model.add_policies("p", "p", rules) || self.0.is_empty() {
            true => Ok(()),
            false => Err(AdapterError("two rules are the same".into()).into()),
        }
    }

    async fn load_filtered_policy<'a>(&mut self, _: &mut dyn Model, _: Filter<'a>) -> Result<()> {
        refused()
    }

    async fn save_policy(&mut self, _: &mut dyn Model) -> Result<()> {
        refused()
    }

    async fn clear_policy(&mut self) -> Result<()> {
        refused()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    async fn add_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> Result<bool> {
        refused()
    }

    async fn add_policies(&mut self, _: &str, _: &str, _: Vec<Vec<String>>) -> Result<bool> {
        refused()
    }

    async fn remove_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> Result<bool> {
        refused()
    }

    async fn remove_policies(&mut self, _: &str, _: &str, _: Vec<Vec<String>>) -> Result<bool> {
        refused()
    }

    async fn remove_filtered_policy(
        &mut self,
        _: &str,
        _: &str,
        _: usize,
        _: Vec<String>,
    ) -> Result<bool> {
        refused()
    }
}
