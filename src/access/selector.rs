//! Selectors: which resources a rule is about.
//!
//! | term | true of a resource |
//! |---|---|
//! | `kind:dataset` | of that kind |
//! | `ns:PATTERN` | in a namespace that matches |
//! | `ns:self` | in a namespace to which the asking token or service account is bound |
//! | `domain:PATTERN` | in a domain that matches |
//! | `tag:PATTERN` | with a tag that matches |
//! | `class:PATTERN` | with a class of personal data that matches |
//! | `owner:PATTERN` | with an owner that matches, e.g. `owner:team:sales` |
//! | `owner:self` | owned by the asker, or by a group of the asker |
//!
//! Terms are joined as `formula.rs` says, names matched as `pattern.rs` says. `tag:*` is true of
//! whatever has any tag; `*` alone is true of everything. `tag:class:NAME` is `class:NAME`, as the
//! catalog has it, and `tag:Restricted` is `tag:restricted`. An owner that is really named `self`
//! cannot be selected.

use std::fmt;

use super::action::Kind;
use super::effect::Effect;
use super::formula::{Formula, Term, write_value};
use super::pattern::Pattern;
use super::resource::Resource;
use crate::base::name::SOME_CLASS;
use crate::base::tag::{class_of, spelled};

/// A formula over the attributes of a resource.
pub type Selector = Formula<Feature>;

/// One term of a selector.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `kind:`
    Kind(Kind),
    /// `ns:`
    Namespace(Pattern),
    /// `ns:self`
    NamespaceBound,
    /// `domain:`
    Domain(Pattern),
    /// `tag:`
    Tag(Pattern),
    /// `class:`
    Class(Pattern),
    /// `owner:`
    Owner(Pattern),
    /// `owner:self`
    OwnerSelf,
}

/// A resource as one asker sees it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Whether the asker owns it.
    pub own: bool,
    /// Whether it is in a namespace to which the asker is bound.
    pub bound: bool,
}

/// The tags and the classes of a field.
pub type FieldView<'a> = (&'a [String], &'a [String]);

impl Selector {
    /// Returns whether the resource, as the asker sees it, is selected by a rule of that effect.
    /// Of one whose attributes cannot all be read, an allow selects nothing unless it is `*`, and
    /// a deny whatever it might.
    #[must_use]
    pub fn covers(&self, view: View<'_>, effect: Effect) -> bool {
        let is = |feature: &Feature| feature.is_of(view);
        match (view.resource.unreadable, effect) {
            (false, _) => self.holds(&is),
            (true, Effect::Allow) => self.is_always(),
            (true, Effect::Deny) => {
                self.might_hold(&|feature| feature.is_told() || is(feature), &is)
            }
        }
    }

    /// Returns whether nothing is selected but what the asker owns.
    #[must_use]
    pub fn is_of_own(&self) -> bool {
        match self {
            Self::Term(feature) => *feature == Feature::OwnerSelf,
            Self::All(parts) => parts.iter().any(Self::is_of_own),
            Self::Any(parts) => parts.iter().all(Self::is_of_own),
            Self::Always | Self::Not(_) => false,
        }
    }

    /// Returns whether a field might be selected that has `own` marks for sure and perhaps all
    /// the `restricting` ones; a field has no other attributes.
    #[must_use]
    pub fn covers_field(&self, restricting: FieldView<'_>, own: FieldView<'_>) -> bool {
        let is = |feature: &Feature, (tags, classes): FieldView<'_>| match feature {
            Feature::Tag(pattern) => some(tags, pattern),
            Feature::Class(pattern) => some_class(classes, pattern),
            _ => false,
        };
        self.might_hold(&|feature| is(feature, restricting), &|feature| is(feature, own))
    }
}

impl Feature {
    /// Returns whether it looks at what producers and people tell of a resource.
    fn is_told(&self) -> bool {
        !matches!(self, Self::Kind(_) | Self::Namespace(_) | Self::NamespaceBound)
    }

    fn is_of(&self, View { resource, own, bound }: View<'_>) -> bool {
        match self {
            Self::Kind(kind) => resource.kind == *kind,
            Self::Namespace(pattern) => some(resource.namespace.as_slice(), pattern),
            Self::NamespaceBound => bound,
            Self::Domain(pattern) => some(resource.domain.as_slice(), pattern),
            Self::Tag(pattern) => some(&resource.tags, pattern),
            Self::Class(pattern) => some_class(&resource.classes, pattern),
            Self::Owner(pattern) => some(&resource.owners, pattern),
            Self::OwnerSelf => own,
        }
    }
}

fn some(names: &[String], pattern: &Pattern) -> bool {
    names.iter().any(|name| pattern.matches(name))
}

/// Returns whether a class is among those that match; one that was not kept may be any.
pub(super) fn some_class(classes: &[String], pattern: &Pattern) -> bool {
    classes.iter().any(|class| class == SOME_CLASS || pattern.matches(class))
}

impl Term for Feature {
    fn of(word: &str, value: &str) -> Result<Self, String> {
        match (word, value) {
            ("kind", _) => value.parse().map(Self::Kind),
            ("ns", "self") => Ok(Self::NamespaceBound),
            ("ns", _) => value.parse().map(Self::Namespace),
            ("domain", _) => value.parse().map(Self::Domain),
            ("tag", _) => {
                let tag = spelled(value);
                match class_of(&tag) {
                    Some(class) => class.parse().map(Self::Class),
                    None => tag.parse().map(Self::Tag),
                }
            }
            ("class", _) => value.parse().map(Self::Class),
            ("owner", "self") => Ok(Self::OwnerSelf),
            ("owner", _) => value.parse().map(Self::Owner),
            _ => {
                Err(format!("`{word}` is no attribute: kind, ns, domain, tag, class and owner are"))
            }
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, value) = match self {
            Self::Kind(kind) => ("kind", kind.as_str()),
            Self::Namespace(pattern) => ("ns", pattern.as_str()),
            Self::NamespaceBound => ("ns", "self"),
            Self::Domain(pattern) => ("domain", pattern.as_str()),
            Self::Tag(pattern) => ("tag", pattern.as_str()),
            Self::Class(pattern) => ("class", pattern.as_str()),
            Self::Owner(pattern) => ("owner", pattern.as_str()),
            Self::OwnerSelf => ("owner", "self"),
        };
        write!(f, "{word}:")?;
        write_value(f, value)
    }
}

super::text::serde_as_text!(Selector);

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Selectors of every shape.
    pub(crate) fn selectors() -> impl Strategy<Value = Selector> {
        let name = prop_oneof![
            Just("pii".to_owned()),
            Just("pii.*".to_owned()),
            Just("a/*".to_owned()),
            Just("a(b)&\"c\\".to_owned()),
            Just(" a; b ".to_owned()),
            "[a-c]{1,2}[*]?",
        ];
        let pattern = name.prop_map(|name| name.parse::<Pattern>().unwrap());
        let leaf = prop_oneof![
            Just(Formula::Always),
            Just(Formula::Term(Feature::OwnerSelf)),
            Just(Formula::Term(Feature::NamespaceBound)),
            prop::sample::select(Kind::ALL).prop_map(|kind| Formula::Term(Feature::Kind(kind))),
            (0..5_u8, pattern).prop_map(|(word, pattern)| Formula::Term(match word {
                0 => Feature::Namespace(pattern),
                1 => Feature::Domain(pattern),
                2 => Feature::of("tag", pattern.as_str()).unwrap(),
                3 => Feature::Class(pattern),
                _ => Feature::Owner(pattern),
            })),
        ];
        leaf.prop_recursive(4, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|part| Formula::Not(Box::new(part))),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Formula::All),
                prop::collection::vec(inner, 2..4).prop_map(Formula::Any),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(selector in selectors()) {
            let printed = selector.to_string();
            prop_assert_eq!(printed.parse::<Selector>(), Ok(selector), "{}", printed);
        }

        #[test]
        fn what_is_of_own_selects_nothing_of_others(selector in selectors(), bound: bool) {
            let resource = Resource::new(Kind::Dataset).in_namespace("a/b").tagged("pii");
            let view = View { resource: &resource, own: false, bound };
            prop_assert!(!(selector.is_of_own() && selector.covers(view, Effect::Allow)), "{}", selector);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[a-z:*&|!()\"\\\\ é]{0,40}") {
            let _ = text.parse::<Selector>();
        }
    }

    #[test]
    fn a_class_is_one_also_where_a_rule_names_it_as_a_tag() {
        for (written, known) in [
            ("tag:class:user.*", "class:user.*"),
            ("!tag:Class:user.email", "!class:user.email"),
            ("tag:RESTRICTED", "tag:restricted"),
            ("tag:class:", "tag:class:"),
            ("tag:Gold", "tag:Gold"),
        ] {
            assert_eq!(written.parse::<Selector>().unwrap().to_string(), known, "{written}");
        }
    }

    #[test]
    fn selectors_select_what_their_table_says() {
        let resource = Resource::new(Kind::Dataset)
            .in_namespace("warehouse/eu")
            .in_domain("clinical/trials")
            .tagged("pii.email")
            .classed("user.contact.email")
            .owned_by("team:sales");
        let cases = [
            ("*", true),
            ("kind:dataset", true),
            ("kind:job", false),
            ("ns:warehouse/*", true),
            ("ns:warehouse", false),
            ("domain:clinical/*", true),
            ("tag:pii.*", true),
            ("tag:pii", false),
            ("class:user.contact.*", true),
            ("owner:team:sales", true),
            ("owner:self", true),
            ("ns:self", false),
            ("!tag:pii.*", false),
            ("tag:secret | class:user.* & kind:dataset", true),
            ("(tag:secret | class:user.*) & kind:job", false),
            ("ns:\"warehouse/eu\"", true),
        ];
        for (text, expected) in cases {
            let selector: Selector = text.parse().unwrap();
            let view = View { resource: &resource, own: true, bound: false };
            assert_eq!(selector.covers(view, Effect::Allow), expected, "{text}");
        }
    }

    #[test]
    fn a_class_that_was_not_kept_is_selected_by_whatever_is_about_classes() {
        let resource = Resource::new(Kind::Dataset).classed(SOME_CLASS);
        let view = View { resource: &resource, own: false, bound: false };
        let marks = (&[][..], &resource.classes[..]);
        for (text, expected) in
            [("class:user.*", true), ("class:x", true), ("!class:y", false), ("tag:x", false)]
        {
            let selector: Selector = text.parse().unwrap();
            assert_eq!(selector.covers(view, Effect::Deny), expected, "{text}");
            assert_eq!(selector.covers(view, Effect::Allow), expected, "{text}");
            assert_eq!(selector.covers_field(marks, marks), expected, "{text}");
        }
    }

    #[test]
    fn of_what_cannot_be_read_only_all_is_allowed_and_all_that_might_be_is_denied() {
        let mut resource = Resource::new(Kind::Dataset).in_namespace("warehouse/eu").tagged("gold");
        resource.unreadable = true;
        let cases = [
            ("*", true, true),
            ("ns:warehouse/*", false, true),
            ("ns:other", false, false),
            ("!tag:restricted", false, true),
            ("!tag:gold", false, false),
            ("tag:restricted", false, true),
            ("class:* & ns:other", false, false),
            ("owner:self | ns:other", false, true),
            ("!(tag:restricted | ns:warehouse/*)", false, false),
        ];
        for (text, allows, denies) in cases {
            let selector: Selector = text.parse().unwrap();
            let view = View { resource: &resource, own: false, bound: false };
            assert_eq!(selector.covers(view, Effect::Allow), allows, "{text}");
            assert_eq!(selector.covers(view, Effect::Deny), denies, "{text}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        let deep = format!("{}*{}", "(".repeat(20), ")".repeat(20));
        let many = vec!["tag:a"; 65].join("&");
        let cases = [
            ("", 0, "missing"),
            ("colour:red", 0, "no attribute"),
            ("tag:a &", 7, "missing"),
            ("(tag:a", 6, "`)`"),
            ("tag:a)", 5, "not expected"),
            ("tag:a*b", 0, "only end"),
            ("tag:\"a", 0, "`\"` is missing"),
            ("tag:a | eval(x)", 8, "no term"),
            (&deep, 16, "deeper"),
            (&many, 384, "terms"),
        ];
        for (text, at, why) in cases {
            let error = text.parse::<Selector>().unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
            assert!(error.why.contains(why), "{text}: {error}");
        }
    }
}
