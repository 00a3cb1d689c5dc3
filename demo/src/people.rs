//! The people of the demo: made up, the same for the same seed, known to several departments.
//!
//! Addresses end in `.example` (RFC 2606), telephone numbers lie in the 555-0100 block that is kept
//! for fiction. Each department writes them down its own way; the e-mail address, whatever its
//! case, is what they have in common.

use fastrand::Rng;

/// How many people the company knows by default.
pub const PEOPLE: usize = 200;

/// One person, as in truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub number: usize,
    pub given: &'static str,
    pub family: &'static str,
    pub email: String,
    /// In E.164 form with dashes: `+1-202-555-0142`.
    pub phone: String,
    pub birth_date: String,
    pub sex: &'static str,
    pub street: String,
    pub city: &'static str,
    pub postcode: String,
    pub country: &'static str,
    pub iban: String,
    pub handle: String,
}

impl Person {
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    #[must_use]
    pub fn initials(&self) -> String {
        let letter = |name: &str| name.chars().next().unwrap_or('?');
        format!("{}.{}.", letter(self.given), letter(self.family))
    }

    /// Whether the web shop or a field representative sells to them.
    #[must_use]
    pub fn is_customer(&self) -> bool {
        self.number % 5 != 4
    }

    /// Whether they are a physician: a customer of another kind, and an investigator of trials.
    #[must_use]
    pub fn is_physician(&self) -> bool {
        self.number % 10 == 7
    }

    /// Whether they take part in a trial.
    #[must_use]
    pub fn is_patient(&self) -> bool {
        matches!(self.number % 10, 1 | 3 | 4 | 6 | 8)
    }

    /// Whether the company employs them.
    #[must_use]
    pub fn is_employee(&self) -> bool {
        self.number.is_multiple_of(5)
    }

    /// Whether they have reported side effects to the safety desk before.
    #[must_use]
    pub fn is_reporter(&self) -> bool {
        self.number % 4 == 1 || self.is_physician()
    }

    /// Whether they write about medicines in public.
    #[must_use]
    pub fn is_social(&self) -> bool {
        !self.number.is_multiple_of(3)
    }
}

/// Makes the first `count` people of a seed.
#[must_use]
pub fn everyone(seed: u64, count: usize) -> Vec<Person> {
    let mut rng = Rng::with_seed(seed);
    let mut names: Vec<(usize, usize)> = (0..GIVEN.len() * FAMILY.len())
        .map(|index| (index % GIVEN.len(), index / GIVEN.len()))
        .collect();
    rng.shuffle(&mut names);
    let names = names.into_iter().cycle().take(count).enumerate();
    names
        .map(|(number, (given, family))| person(number, GIVEN[given], FAMILY[family], &mut rng))
        .collect()
}

fn person(
    number: usize,
    given: (&'static str, &'static str),
    family: &'static str,
    rng: &mut Rng,
) -> Person {
    let (given, sex) = given;
    let slug = format!("{}.{}", ascii(given), ascii(family));
    let provider = ["mail.example", "post.example", "clinic.example"][rng.usize(..3)];
    let (city, country, postcode) = CITIES[rng.usize(..CITIES.len())];
    Person {
        number,
        given,
        family,
        email: format!("{slug}{number}@{provider}"),
        phone: format!("+1-{}-555-{:04}", 202 + number / 100, 100 + number % 100),
        birth_date: format!("{}-{:02}-{:02}", rng.u16(1938..2004), rng.u8(1..=12), rng.u8(1..=28)),
        sex,
        street: format!("{} {}", rng.u16(1..200), STREETS[rng.usize(..STREETS.len())]),
        city,
        postcode: format!("{postcode}{:02}", rng.u8(10..99)),
        country,
        iban: format!("XX{:02}MERI{:010}", 10 + number % 89, number * 7919),
        handle: format!("@{}_{number}", ascii(given)),
    }
}

/// The name as it can stand in an address.
fn ascii(name: &str) -> String {
    let letter = |letter: char| match letter.to_lowercase().next().unwrap_or('x') {
        'č' => 'c',
        'é' | 'ë' => 'e',
        'ı' => 'i',
        'ł' => 'l',
        'ń' | 'ñ' => 'n',
        'ö' | 'ø' => 'o',
        'ś' => 's',
        'ú' | 'ü' => 'u',
        other if other.is_ascii_alphabetic() => other,
        _ => '-',
    };
    name.chars().map(letter).collect()
}

const GIVEN: [(&str, &str); 32] = [
    ("Ada", "F"),
    ("Amir", "M"),
    ("Beatriz", "F"),
    ("Bruno", "M"),
    ("Chloé", "F"),
    ("Daan", "M"),
    ("Elif", "F"),
    ("Emeka", "M"),
    ("Freya", "F"),
    ("Goran", "M"),
    ("Hana", "F"),
    ("Igor", "M"),
    ("Ines", "F"),
    ("Jonas", "M"),
    ("Keiko", "F"),
    ("Lars", "M"),
    ("Leila", "F"),
    ("Mateo", "M"),
    ("Mirja", "F"),
    ("Noah", "M"),
    ("Olga", "F"),
    ("Pavel", "M"),
    ("Priya", "F"),
    ("Rafael", "M"),
    ("Sofia", "F"),
    ("Tariq", "M"),
    ("Uma", "F"),
    ("Viktor", "M"),
    ("Wanda", "F"),
    ("Yusuf", "M"),
    ("Zoë", "F"),
    ("Quentin", "M"),
];

const FAMILY: [&str; 32] = [
    "Abadi",
    "Bergström",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fontana",
    "Grześkowiak",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Kovač",
    "Lindqvist",
    "Müller",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quiroga",
    "Rossi",
    "Schmidt",
    "Takahashi",
    "Ulrich",
    "Vermeulen",
    "Weber",
    "Xavier",
    "Yılmaz",
    "Zieliński",
    "Ashford",
    "Blackwood",
    "Núñez",
    "Sørensen",
    "Tremblay",
    "Whitaker",
];

const STREETS: [&str; 10] = [
    "Harbour Road",
    "Lindenallee",
    "Rue du Moulin",
    "Via Roma",
    "Calle Mayor",
    "Mill Lane",
    "Kanaalstraat",
    "Station Square",
    "Orchard Way",
    "Birch Close",
];

const CITIES: [(&str, &str, &str); 10] = [
    ("Ghent", "BE", "90"),
    ("Basel", "CH", "40"),
    ("Leipzig", "DE", "041"),
    ("Aarhus", "DK", "80"),
    ("Valencia", "ES", "460"),
    ("Lyon", "FR", "690"),
    ("Cork", "IE", "T1"),
    ("Turin", "IT", "101"),
    ("Utrecht", "NL", "35"),
    ("Boston", "US", "021"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn people_are_the_same_for_a_seed_and_nobody_is_there_twice() {
        let people = everyone(7, PEOPLE);
        assert_eq!(people, everyone(7, PEOPLE));
        assert_ne!(people, everyone(8, PEOPLE));
        let emails: BTreeSet<_> = people.iter().map(|person| person.email.to_lowercase()).collect();
        let phones: BTreeSet<_> = people.iter().map(|person| &person.phone).collect();
        let handles: BTreeSet<_> = people.iter().map(|person| &person.handle).collect();
        assert_eq!((emails.len(), phones.len(), handles.len()), (PEOPLE, PEOPLE, PEOPLE));
        assert!(
            people
                .iter()
                .all(|person| person.email.is_ascii() && person.email.contains(".example"))
        );
    }

    #[test]
    fn some_people_are_known_to_five_departments() {
        let people = everyone(7, PEOPLE);
        let known = |person: &Person| {
            let roles = [
                person.is_customer(),
                person.is_patient(),
                person.is_employee(),
                person.is_reporter(),
                person.is_social(),
            ];
            roles.into_iter().filter(|role| *role).count()
        };
        assert!(people.iter().filter(|person| known(person) >= 4).count() >= 10);
        assert!(people.iter().any(|person| person.is_patient() && !person.is_customer()));
    }
}
