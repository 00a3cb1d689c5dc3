//! Leases: what one node does for all, for a while.

use super::error::DbError;
use super::tx::Tx;
use crate::base::Time;

impl Tx {
    /// Takes a lease for a while if nobody has it; for no time, gives it up whoever has it. One
    /// that lies further ahead than any would is a clock's that was wrong, and nobody's.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn take_lease(
        &mut self,
        name: &str,
        now: Time,
        micros: i64,
    ) -> Result<bool, DbError> {
        let until: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT until FROM lease WHERE name = $1")
                .bind(name)
                .fetch_optional(conn)
                .await
        })?;
        let now = now.as_micros();
        let ahead = until.map_or(0, |until| until.saturating_sub(now));
        if (1..=micros).contains(&ahead) {
            return Ok(false);
        }
        execute!(
            self,
            "INSERT INTO lease (name, until) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET until = excluded.until",
            name,
            now.saturating_add(micros)
        )?;
        Ok(true)
    }
}
