//! How tags are spelled: one place for those that pipelines say and those that people write, so that
//! nobody takes something for hidden that is not.

use std::borrow::Cow;

use super::fold::bare;

/// What a tag that says a class begins with.
pub const CLASS: &str = "class:";

/// The tag that the shipped rules keep things back by.
pub const RESTRICTED: &str = "restricted";

/// Returns a tag as it is known: without space around it, and those that the shipped rules are about
/// however their letters are written and with whatever space before the class.
pub fn spelled<'a>(tag: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let tag = match tag.into() {
        Cow::Borrowed(tag) => Cow::Borrowed(bare(tag)),
        Cow::Owned(tag) if bare(&tag).len() < tag.len() => Cow::Owned(bare(&tag).to_owned()),
        tag => tag,
    };
    if tag.eq_ignore_ascii_case(RESTRICTED) {
        return Cow::Borrowed(RESTRICTED);
    }
    let parts = tag.split_once(':').filter(|(key, _)| is_class(bare(key)));
    let folded = parts.filter(|(key, class)| *key != "class" || bare(class) != *class);
    match folded.map(|(_, class)| format!("{CLASS}{}", bare(class))) {
        Some(folded) => Cow::Owned(folded),
        None => tag,
    }
}

/// Returns a tag that is said as a key and a value: without a value, or with the value "true", it is
/// known by its key alone, but for a class, of which the value is the name.
#[must_use]
pub fn tag_of(key: &str, value: &str) -> String {
    let (key, value) = (bare(key), bare(value));
    if value.is_empty() || (is_true(value) && !is_class(key)) {
        return written_tag(key);
    }
    spelled(format!("{key}:{value}")).into_owned()
}

/// Returns a tag that somebody wrote in one piece as it is known: as [`tag_of`] of its key and value.
#[must_use]
pub fn written_tag(text: &str) -> String {
    let mut tag = bare(text);
    while let Some((key, value)) = tag.rsplit_once(':') {
        let (key, value) = (bare(key), bare(value));
        // What a class is called is no value, and one that is not named is not any tag.
        if key.is_empty() || is_class(key) || !(value.is_empty() || is_true(value)) {
            break;
        }
        tag = key;
    }
    spelled(tag).into_owned()
}

/// Returns the class that a tag says, as it is known; nothing if it says none.
#[must_use]
pub fn class_of(tag: &str) -> Option<&str> {
    tag.strip_prefix(CLASS).filter(|class| !class.is_empty())
}

fn is_class(key: &str) -> bool {
    key.eq_ignore_ascii_case("class")
}

fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_restricts_is_known_however_it_is_written() {
        for (tag, known) in [
            ("Restricted", "restricted"),
            (" restricted\t", "restricted"),
            ("CLASS:user.Mail", "class:user.Mail"),
            ("class:user.mail", "class:user.mail"),
            (" Class : user.mail ", "class:user.mail"),
            ("class:", "class:"),
            ("class", "class"),
            ("classes:a", "classes:a"),
            ("Gold", "Gold"),
            ("classé", "classé"),
            ("team: a", "team: a"),
        ] {
            assert_eq!(spelled(tag), known, "{tag}");
            assert_eq!(spelled(tag.to_owned()), known, "{tag}");
        }
    }

    #[test]
    fn a_key_and_a_value_are_a_tag() {
        for (key, value, known) in [
            ("RESTRICTED", "True", "restricted"),
            ("restricted ", "", "restricted"),
            ("restricted", "true ", "restricted"),
            ("restricted:true", "", "restricted"),
            ("restricted", "no", "restricted:no"),
            ("Class", "user.mail", "class:user.mail"),
            ("class ", "user.mail", "class:user.mail"),
            (" class", "user.mail", "class:user.mail"),
            ("class", " user.mail", "class:user.mail"),
            ("class:user.mail", " true", "class:user.mail"),
            ("class: user.mail", "", "class:user.mail"),
            ("class", "true", "class:true"),
            ("class", "", "class"),
            ("tier ", " gold", "tier:gold"),
        ] {
            assert_eq!(tag_of(key, value), known, "{key}={value}");
        }
    }

    #[test]
    fn a_tag_written_in_one_piece_is_known_as_one_with_key_and_value_is() {
        for (written, known) in [
            (" gold ", "gold"),
            ("Restricted:TRUE", "restricted"),
            ("restricted: true", "restricted"),
            ("restricted:no", "restricted:no"),
            ("pii:true", "pii"),
            ("team:a:true", "team:a"),
            ("Class: user.mail", "class:user.mail"),
            ("class : user.mail", "class:user.mail"),
            ("class:true", "class:true"),
            ("class:user:true", "class:user"),
            ("class:", "class:"),
            (":true", ":true"),
            ("  ", ""),
        ] {
            assert_eq!(written_tag(written), known, "{written}");
            assert_eq!(written_tag(known), known, "{written}, twice");
        }
    }

    proptest! {
        /// Space around a part of a tag says nothing, whoever said it.
        #[test]
        fn space_makes_no_other_tag(
            key in "[a-z]{1,3}|class|restricted|CLASS",
            value in "|true|[a-z.]{1,4}",
            space in "[ \\t\u{a0}\u{200b}]{0,2}",
        ) {
            let known = tag_of(&key, &value);
            let padded = |text: &str| format!("{space}{text}{space}");
            prop_assert_eq!(&tag_of(&padded(&key), &padded(&value)), &known);
            prop_assert_eq!(&spelled(padded(&known)).into_owned(), &known);
            prop_assert_eq!(&written_tag(&padded(&known)), &written_tag(&known));
        }
    }
}
