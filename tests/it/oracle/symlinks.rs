//! Which names are one (point 7): symlinks as statements about names, and what people say over them.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Known, mentions};
use super::log::{Edit, Name};
use super::read::{About, Event, Mentioned, Told};
use super::rule::Rule;
use super::runs::Runs;
use super::time::BEGINNING;

/// One facet as it counts: once a run.
#[derive(Debug, Clone)]
struct Claim {
    at: i64,
    digest: u64,
    author: String,
    /// The job whose run says it; none for a DatasetEvent.
    job: Option<Name>,
    /// It replaces what was said in any job.
    across: bool,
    subject: Name,
    others: BTreeSet<(Name, bool)>,
}

/// Where a catalog's name points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Points {
    /// From each time on, to that place.
    To(Vec<(i64, Name)>),
    /// Several claim it at once.
    Contested(BTreeSet<Name>),
}

/// Which names are one.
#[derive(Debug, Default)]
pub struct Symlinks {
    pub points: BTreeMap<Name, Points>,
    /// Who says that a name points to a place.
    pub said_by: BTreeMap<(Name, Name), BTreeSet<String>>,
    /// Names that people made one.
    linked: Vec<(Name, Name)>,
}

impl Symlinks {
    pub fn new(known: &Known, runs: &Runs) -> Self {
        let claims = standing(known, claims(known, runs));
        // By name and place: when it was claimed.
        let mut times: BTreeMap<Name, BTreeMap<Name, BTreeSet<i64>>> = BTreeMap::new();
        let mut links = Self::default();
        let parted = |a: &Name, b: &Name| links_by_people(known).get(&pair(a, b)) == Some(&false);
        for claim in &claims {
            for (other, is_place) in &claim.others {
                let (name, place) =
                    if *is_place { (&claim.subject, other) } else { (other, &claim.subject) };
                if name == place || (parted(name, place) && known.rules.say(Rule::PeoplePart)) {
                    continue;
                }
                let places = times.entry(name.clone()).or_default();
                places.entry(place.clone()).or_default().insert(claim.at);
                let who = claim.job.as_ref().map_or("a declaration".to_owned(), Name::to_string);
                let said = links.said_by.entry((name.clone(), place.clone())).or_default();
                said.insert(format!("{} in {who}", claim.author));
            }
        }
        links.points = times.into_iter().map(|(n, places)| (n, points(known, &places))).collect();
        links.hear_people(known);
        links
    }

    /// What people say stands over all claims, for all times.
    fn hear_people(&mut self, known: &Known) {
        for ((a, b), together) in links_by_people(known) {
            if together && known.rules.say(Rule::PeopleLink) {
                for name in [&a, &b] {
                    if matches!(self.points.get(name), Some(Points::Contested(_))) {
                        self.points.remove(name);
                    }
                }
                self.linked.push((a, b));
            } else if !together {
                for name in [&a, &b] {
                    if self.ever_one(&a, &b) && known.rules.say(Rule::PeoplePart) {
                        self.points.remove(name);
                    }
                }
            }
        }
    }

    fn ever_one(&self, a: &Name, b: &Name) -> bool {
        let mut times = vec![BEGINNING];
        for points in self.points.values() {
            if let Points::To(moves) = points {
                times.extend(moves.iter().map(|(at, _)| *at));
            }
        }
        times.iter().any(|at| self.place(a, *at) == self.place(b, *at))
    }

    /// Where a name points to at some time, if it points to one place.
    fn next(&self, name: &Name, at: i64) -> Option<&Name> {
        match self.points.get(name)? {
            Points::To(moves) => moves.iter().rev().find(|(from, _)| *from <= at).map(|(_, p)| p),
            Points::Contested(_) => None,
        }
    }

    /// The place that a name means at some time.
    pub fn place(&self, name: &Name, at: i64) -> Name {
        let place = self.end_of(name, at);
        if self.linked.is_empty() {
            return place;
        }
        let mut one = BTreeSet::from([place]);
        loop {
            let before = one.len();
            for (a, b) in &self.linked {
                let (a, b) = (self.end_of(a, at), self.end_of(b, at));
                if one.contains(&a) || one.contains(&b) {
                    one.extend([a, b]);
                }
            }
            if one.len() == before {
                return one.into_iter().next().unwrap_or_else(|| name.clone());
            }
        }
    }

    fn end_of(&self, name: &Name, at: i64) -> Name {
        let mut way = vec![name.clone()];
        while let Some(next) = way.last().and_then(|last| self.next(last, at)).cloned() {
            if let Some(first) = way.iter().position(|seen| *seen == next) {
                // A circle: whichever comes first by name stands for all of them.
                return way[first..].iter().min().cloned().unwrap_or(next);
            }
            way.push(next);
        }
        way.pop().unwrap_or_else(|| name.clone())
    }

    /// The places that a name may mean: several if it is contested.
    pub fn places(&self, known: &Known, name: &Name, at: i64) -> BTreeSet<Name> {
        let own = self.place(name, at);
        let mut all = BTreeSet::from([own.clone()]);
        for tried in [name, &self.end_of(name, at)] {
            if let Some(Points::Contested(places)) = self.points.get(tried)
                && known.rules.say(Rule::ContestedBoth)
            {
                all.extend(places.iter().map(|place| self.place(place, at)));
            }
        }
        all
    }

    /// All names that are known to be one with this one at some time.
    pub fn one_with(&self, name: &Name, at: i64) -> BTreeSet<Name> {
        let place = self.place(name, at);
        let linked = self.linked.iter().flat_map(|(a, b)| [a, b]);
        let told = self.said_by.keys().flat_map(|(a, b)| [a, b]).chain(linked);
        let mut all: BTreeSet<Name> =
            told.filter(|other| self.place(other, at) == place).cloned().collect();
        all.extend([name.clone(), place]);
        all
    }
}

fn pair(a: &Name, b: &Name) -> (Name, Name) {
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    (first.clone(), second.clone())
}

/// What people say of pairs of names, their last word each.
fn links_by_people(known: &Known) -> BTreeMap<(Name, Name), bool> {
    let mut said = BTreeMap::new();
    for (_, _, edit) in &known.edits {
        match edit {
            Edit::Names(a, b, Some(together)) => _ = said.insert(pair(a, b), *together),
            Edit::Names(a, b, None) => _ = said.remove(&pair(a, b)),
            _ => {}
        }
    }
    said
}

/// Every symlinks facet whose author counts for both ends: one a run and dataset, an input's at
/// its first mention, an output's at the run's last word.
fn claims(known: &Known, runs: &Runs) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut inputs: BTreeSet<(usize, Name)> = BTreeSet::new();
    let mut outputs: BTreeMap<(usize, Name), usize> = BTreeMap::new();
    for (index, event) in known.events.iter().enumerate() {
        let run = runs.of_event.get(&index).copied();
        for (mention, is_input) in with_side(event) {
            let Some(mut claim) = claim(known, event, mention) else { continue };
            let Some(run) = run else {
                claims.push(claim);
                continue;
            };
            claim.job.clone_from(&runs.all[run].job);
            let once = known.rules.say(Rule::OneClaimARun);
            let key = (run, mention.name.clone());
            if !once || claim.across {
                claims.push(claim);
            } else if is_input {
                if inputs.insert(key) {
                    claims.push(claim);
                }
            } else {
                claim.at = runs.last_word(known, run);
                if let Some(known) = outputs.get(&key) {
                    claims[*known] = claim;
                } else {
                    outputs.insert(key, claims.len());
                    claims.push(claim);
                }
            }
        }
    }
    claims
}

fn with_side(event: &Event) -> Vec<(&Mentioned, bool)> {
    let inputs = event.inputs.as_ref().map_or(0, Vec::len);
    mentions(event).enumerate().map(|(nth, one)| (one, nth < inputs)).collect()
}

fn claim(known: &Known, event: &Event, mention: &Mentioned) -> Option<Claim> {
    let told = mention.symlinks.as_ref()?;
    let counts =
        |name: &Name| event.author.counts(name) || !known.rules.say(Rule::StrangerLinksNothing);
    if !counts(&mention.name) {
        return None;
    }
    let others = match told {
        Told::Is(others) => others.iter().filter(|(name, _)| counts(name)).cloned().collect(),
        Told::Deleted => BTreeSet::new(),
    };
    Some(Claim {
        at: event.at,
        digest: event.digest,
        author: event.author.name.clone(),
        job: event.job.clone().filter(|_| event.about != About::Dataset),
        across: *told == Told::Deleted || event.about == About::Dataset,
        subject: mention.name.clone(),
        others,
    })
}

/// Takes out what was taken back: it was never true.
fn standing(known: &Known, claims: Vec<Claim>) -> Vec<Claim> {
    let newer = |a: &Claim, b: &Claim| (a.at, a.digest) > (b.at, b.digest);
    let mut standing = Vec::new();
    for claim in &claims {
        let of_same = claims.iter().filter(|other| {
            other.author == claim.author && other.subject == claim.subject && newer(other, claim)
        });
        let mut kept = claim.clone();
        for other in of_same {
            let gone = |kept: &Claim| kept.others.iter().any(|one| !other.others.contains(one));
            let here = other.job == claim.job;
            let replaces = match (here, other.across) {
                (true, _) => gone(&kept) && known.rules.say(Rule::NewestClaim),
                (false, true) => gone(&kept) && known.rules.say(Rule::AcrossJobs),
                (false, false) => gone(&kept) && !known.rules.say(Rule::JobsApart),
            };
            if replaces {
                kept.others.retain(|one| other.others.contains(one));
            }
        }
        standing.push(kept);
    }
    standing
}

/// Claims that follow one another are a move, whose first reaches back; others contest the name.
fn points(known: &Known, places: &BTreeMap<Name, BTreeSet<i64>>) -> Points {
    let mut spans: Vec<(i64, i64, Name)> = places
        .iter()
        .filter_map(|(place, at)| Some((*at.first()?, *at.last()?, place.clone())))
        .collect();
    spans.sort();
    if spans.len() > 1 {
        let follow = spans.windows(2).all(|two| two[0].1 < two[1].0);
        let contested =
            if follow { !known.rules.say(Rule::Move) } else { known.rules.say(Rule::Contested) };
        if contested {
            return Points::Contested(spans.into_iter().map(|(.., place)| place).collect());
        }
    }
    let mut moves: Vec<(i64, Name)> = spans.into_iter().map(|(at, _, place)| (at, place)).collect();
    if let Some(first) = moves.first_mut()
        && known.rules.say(Rule::FirstReachesBack)
    {
        first.0 = BEGINNING;
    }
    Points::To(moves)
}
