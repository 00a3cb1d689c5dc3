//! Reads values that producers write in more ways than the standard allows.
//!
//! Each function here answers to one [`Kind`](crate::openlineage::shape) of the checker and
//! reads whatever that kind lets through.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::base::Time;
use crate::openlineage::leaf;

/// Reads `null` as the type's default: an empty list, an empty map.
pub(super) fn or_default<'de, D, T>(json: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(json)?.unwrap_or_default())
}

/// Reads a map and leaves out entries that are `null`.
pub(super) fn map<'de, D, T>(json: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let entries = Option::<BTreeMap<String, Option<T>>>::deserialize(json)?.unwrap_or_default();
    Ok(entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
}

/// Reads a map of scalars and leaves out entries that are `null`.
pub(super) fn scalar_map<'de, D>(json: D) -> Result<BTreeMap<String, String>, D::Error>
where
    D: Deserializer<'de>,
{
    let entries: BTreeMap<String, Scalar> = map(json)?;
    Ok(entries.into_iter().map(|(key, value)| (key, value.0)).collect())
}

/// Reads a map of numbers and leaves out entries that are `null`.
pub(super) fn number_map<'de, D>(json: D) -> Result<BTreeMap<String, f64>, D::Error>
where
    D: Deserializer<'de>,
{
    let entries: BTreeMap<String, Number> = map(json)?;
    Ok(entries.into_iter().map(|(key, value)| (key, value.0)).collect())
}

/// Reads a whole number, also from a float (cut towards zero) or from a string.
pub(super) fn count<'de, D: Deserializer<'de>>(json: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<Count>::deserialize(json)?;
    Ok(number.map(|Count(number)| number))
}

/// Reads a required whole number as [`count`] does.
pub(super) fn count_required<'de, D: Deserializer<'de>>(json: D) -> Result<i64, D::Error> {
    Ok(Count::deserialize(json)?.0)
}

/// Reads a number, also from a string.
pub(super) fn number<'de, D: Deserializer<'de>>(json: D) -> Result<Option<f64>, D::Error> {
    let number = Option::<Number>::deserialize(json)?;
    Ok(number.map(|Number(number)| number))
}

/// Reads a string, also from a number or a boolean.
pub(super) fn scalar<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    let text = Option::<Scalar>::deserialize(json)?;
    Ok(text.map(|Scalar(text)| text))
}

/// Reads a required string as [`scalar`] does.
pub(super) fn scalar_required<'de, D: Deserializer<'de>>(json: D) -> Result<String, D::Error> {
    Ok(Scalar::deserialize(json)?.0)
}

/// Reads a date-time; none for an empty string.
pub(super) fn moment<'de, D: Deserializer<'de>>(json: D) -> Result<Option<Time>, D::Error> {
    match Option::<Cow<'de, str>>::deserialize(json)?.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => {
            Time::parse(text).map(Some).ok_or_else(|| D::Error::custom("expected a date-time"))
        }
    }
}

struct Count(i64);
struct Number(f64);
struct Scalar(String);

/// What a single JSON value may become.
trait FromOne: Sized {
    fn integer(number: i64) -> Self;
    fn float(number: f64) -> Self;
    fn text(text: &str) -> Option<Self>;
    fn flag(_: bool) -> Option<Self> {
        None
    }
}

impl FromOne for Count {
    fn integer(number: i64) -> Self {
        Self(number)
    }

    #[expect(clippy::cast_possible_truncation, reason = "cuts towards zero and saturates")]
    fn float(number: f64) -> Self {
        Self(number as i64)
    }

    fn text(text: &str) -> Option<Self> {
        let whole = text.trim().parse().ok().map(Self);
        whole.or_else(|| leaf::number(text).map(Self::float))
    }
}

impl FromOne for Number {
    #[expect(clippy::cast_precision_loss, reason = "statistics live with 53 bits")]
    fn integer(number: i64) -> Self {
        Self(number as f64)
    }

    fn float(number: f64) -> Self {
        Self(number)
    }

    fn text(text: &str) -> Option<Self> {
        leaf::number(text).map(Self)
    }
}

impl FromOne for Scalar {
    fn integer(number: i64) -> Self {
        Self(number.to_string())
    }

    fn float(number: f64) -> Self {
        Self(number.to_string())
    }

    fn text(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }

    fn flag(flag: bool) -> Option<Self> {
        Some(Self(flag.to_string()))
    }
}

struct One<T>(std::marker::PhantomData<T>);

impl<T: FromOne> Visitor<'_> for One<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        T::flag(flag).ok_or_else(|| E::custom("a boolean stands for nothing here"))
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::integer(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond i64 there is only a float")]
    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::float(number as f64), T::integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<T, E> {
        Ok(T::float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::text(text).ok_or_else(|| E::custom("expected a number"))
    }
}

macro_rules! from_one {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                json.deserialize_any(One(std::marker::PhantomData))
            }
        }
    )*};
}

from_one!(Count, Number, Scalar);
