//! A place in the change feed, and in which history it lies.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A commit's place in the change feed, with a digest of all commits up to it.
///
/// A number alone is no identity: after a failover to a standby that was behind, or a restore, the
/// same number is given once more, to something else. Two positions with one number and one chain
/// lie in one history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Which commit, counted from 1; 0 is before the first.
    pub number: u64,
    /// The digest of it and all before it; 0 where none was kept.
    #[serde(default)]
    pub chain: i64,
}

impl fmt::Display for Position {
    /// Writes it as `number-chain`, the chain in 16 hexadecimal digits; without one where none
    /// is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chain {
            0 => write!(f, "{}", self.number),
            chain => write!(f, "{}-{:016x}", self.number, chain.cast_unsigned()),
        }
    }
}

impl FromStr for Position {
    type Err = ParseIntError;

    /// Reads `number` or `number-chain`.
    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let Some((number, chain)) = text.split_once('-').filter(|(number, _)| !number.is_empty())
        else {
            return text.parse().map(|number: u64| number.into());
        };
        let chain = u64::from_str_radix(chain, 16)?.cast_signed();
        Ok(Self { number: number.parse()?, chain })
    }
}

impl From<u64> for Position {
    /// A position whose history is not known.
    fn from(number: u64) -> Self {
        Self { number, chain: 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(number: u64, chain: i64) {
            let position = Position { number, chain };
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }

        #[test]
        fn no_text_panics(text: String) {
            drop(text.parse::<Position>());
        }
    }

    #[test]
    fn what_is_no_position_is_refused() {
        for text in ["", "-", "-1", "1-", "1-x", "x-1", "1-11111111111111111"] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }
}
