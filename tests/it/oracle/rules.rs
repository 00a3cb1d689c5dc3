//! One history or more for each rule that the cases leave open, and the mutants: each rule switched
//! off must be noticed by what is asked here or there.

use super::cases::{CASES, Case, faults, small};
use super::known::Bounds;
use super::rule::{Rule, Rules};
use super::rules_of_names::OF_NAMES;

#[test]
fn each_rule_decides_as_the_page_says() {
    let mut all = Vec::new();
    for case in RULES.iter().chain(OF_NAMES) {
        all.extend(faults(*case, Rules::default(), bounds_of(*case)).0);
    }
    assert!(all.is_empty(), "{} faults\n{}", all.len(), all.join("\n"));
}

/// A rule that is not noticed when it is gone is not tested.
#[test]
fn each_mutant_is_noticed() {
    let mut alive = Vec::new();
    for rule in Rule::ALL {
        let notices = |case: &&Case| {
            let (faults, _) = faults(**case, Rules::without(*rule), bounds_of(**case));
            !faults.is_empty()
        };
        if !CASES.iter().chain(RULES).chain(OF_NAMES).any(|case| notices(&case)) {
            alive.push(format!("{rule:?}: {:?}", rule.text()));
        }
    }
    assert!(alive.is_empty(), "{} mutants live\n{}", alive.len(), alive.join("\n"));
}

fn bounds_of((title, _): Case) -> Bounds {
    if title.contains("(small bounds)") { small() } else { Bounds::default() }
}

const RULES: &[Case] = &[
    (
        "1 inputs and outputs that come in pieces pair within the run",
        "1T10:00 START j#a in
         1T10:05 RUNNING j#a => out
         1T10:10 COMPLETE j#a
         ? current => in > out",
    ),
    (
        "1 changes beyond the bound are widened, never narrowed (small bounds)",
        "1T10:00 COMPLETE a#0 a -> s
         2T10:00 COMPLETE j#1 s -> out
         3T10:00 COMPLETE b#0 b -> s
         4T10:00 COMPLETE j#2 t -> out
         5T10:00 COMPLETE j#3 u -> out
         6T10:00 COMPLETE j#4 v -> out
         ? holds a => s; out
         ? holds b @6T10:00 => s; out
         ? holds t @6T10:00 => out
         7T10:00 COMPLETE j#5 s -> out
         ? holds b => s; out",
    ),
    (
        "1 what lay between older changes is possible (small bounds)",
        "1T10:00 COMPLETE j#1 s -> out
         2T10:00 COMPLETE a#0 a -> s
         3T10:00 COMPLETE j#2 t -> out
         4T10:00 COMPLETE j#3 u -> out
         5T10:00 COMPLETE j#4 v -> out
         ? holds a => s; out
         ? holds t => out",
    ),
    (
        "2 a run is lost when nothing is heard of it",
        "1T10:00 START j#a in -> out
         ? run a @2T09:59 => j Running
         ? run a @2T10:00 => j Lost
         ? current @2T09:59 => in > out
         ? current @3T10:00 => in > out (Lost)
         ? findings @3T10:00 => lost j",
    ),
    (
        "2 FAIL then COMPLETE, as Spark sends both",
        "1T10:00 START j#a in -> out
         1T10:04 FAIL j#a in -> out
         1T10:05 COMPLETE j#a in -> out
         ? run a => j Failed",
    ),
    (
        "2 COMPLETE then FAIL",
        "1T10:00 START j#a in -> out
         1T10:04 COMPLETE j#a in -> out
         1T10:05 FAIL j#a in -> out
         ? run a @1T10:04 => j Completed
         ? run a => j Failed",
    ),
    (
        "2 reopening hides no write",
        "1T10:00 START j#a in -> out
         1T10:04 COMPLETE j#a in -> out
         1T11:00 START j#a
         1T11:04 FAIL j#a
         1T12:00 START j#b other -> elsewhere
         1T12:04 COMPLETE j#b other -> elsewhere
         ? run a => j Failed
         ? current => in > out; other > elsewhere
         ? written out => 2026-07-01T10:04",
    ),
    (
        "2 one command under two applications is two jobs",
        "1T10:00 COMPLETE insert#a ^one#p x -> y
         1T11:00 COMPLETE insert#b ^two#q x -> z
         ? jobs => one; one.insert; two; two.insert
         ? current => x > y; x > z",
    ),
    (
        "3 two INSERTs of one application share a job's name",
        "1T10:00 START app#p
         1T10:01 START insert#a ^app#p a -> t
         1T10:02 COMPLETE insert#a ^app#p a -> t
         1T10:03 START insert#b ^app#p b -> t
         1T10:04 COMPLETE insert#b ^app#p b -> t
         1T10:05 COMPLETE app#p
         ? current @1T10:05 => a > t; b > t
         2T10:00 START app#q
         2T10:01 START insert#c ^app#q c -> t
         2T10:02 COMPLETE insert#c ^app#q c -> t
         ? current @2T10:03 => a > t; b > t; c > t
         2T10:05 COMPLETE app#q
         ? current @2T10:05 => c > t",
    ),
    (
        "3 an application that goes on for days is split where nothing ran",
        "1T10:00 START app#p
         1T10:01 COMPLETE insert#a ^app#p a -> t
         1T17:00 COMPLETE insert#b ^app#p b -> t
         1T17:30 RUNNING app#p
         ? current @1T17:00 => a > t; b > t
         ? current @1T23:00 => b > t",
    ),
    (
        "3 an execution that began before the other's last write replaces nothing",
        "1T10:00 START j#a a -> t
         1T10:05 START j#b b -> t
         1T10:10 COMPLETE j#a a -> t
         1T10:15 COMPLETE j#b b -> t
         ? current @1T10:15 => a > t; b > t
         1T11:00 COMPLETE j#c c -> t
         ? current @1T11:00 => c > t",
    ),
    (
        "3 a job that read something else has left nothing",
        "1T10:00 COMPLETE j#a a -> t
         1T11:00 COMPLETE j#b b -> u
         ? current => a > t; b > u",
    ),
    (
        "3 nor one of whose runs one failed",
        "1T09:00 START app#p
         1T10:00 COMPLETE j#a ^app#p a -> t
         1T10:01 COMPLETE app#p
         2T09:00 START app#q
         2T10:00 COMPLETE j#b ^app#q a -> u
         2T10:00 START j#c ^app#q a -> t
         2T10:01 FAIL j#c ^app#q a -> t
         2T10:02 COMPLETE app#q
         ? current => a > t; a > u",
    ),
    (
        "3 any other run's OVERWRITE replaces at once",
        "1T10:00 COMPLETE j#a a -> t
         1T11:00 START k#b b -> t{OVERWRITE}
         ? current @1T11:30 => a > t; b > t
         1T12:00 COMPLETE k#b b -> t{OVERWRITE}
         ? current => b > t",
    ),
    (
        "3 an append by another job replaces nothing",
        "1T10:00 COMPLETE j#a a -> t
         1T12:00 COMPLETE k#b b -> t
         ? current => a > t; b > t",
    ),
    (
        "3 a write in place replaces nothing, be it by a chain",
        "1T10:00 COMPLETE load#a a -> t
         1T11:00 COMPLETE copy#b t -> tmp
         1T12:00 COMPLETE compact#c tmp -> t{OVERWRITE}
         ? current => a > t; t > tmp; tmp > t
         ? holds a => t; tmp",
    ),
    (
        "4 what may be in place by any chain forgets nothing",
        "1T09:00 COMPLETE copy#a t -> tmp
         1T10:00 COMPLETE load#b a -> t
         1T12:00 COMPLETE restore#c tmp -> t{OVERWRITE}
         ? holds a => t",
    ),
    (
        "3 a reader's statement stands until the next completed execution",
        "1T10:00 COMPLETE j#a a ->
         ? graph @1T10:30 => a > :j
         1T11:00 START j#b b ->
         1T11:01 FAIL j#b
         ? graph @1T11:01 => a > :j; b > :j (Unfinished)
         1T12:00 COMPLETE j#c c ->
         ? graph @1T12:00 => c > :j",
    ),
    (
        "3 where no write was completed the newest ended run stands with those beside it",
        "1T10:00 START j#a a -> t
         1T10:10 FAIL j#a
         1T11:00 START j#b b -> t
         1T11:05 START j#c c -> t
         1T11:10 FAIL j#b
         1T11:15 ABORT j#c
         ? current => b > t (Unfinished); c > t (Unfinished)",
    ),
    (
        "3 live runs are current side by side",
        "1T10:00 COMPLETE j#a a -> t
         1T11:00 START j#b b -> t
         1T11:01 START j#c c -> t
         ? current => a > t; b > t; c > t",
    ),
    (
        "3 a declaration ends none of another author, and missing members end nothing",
        "1T10:00 JOB j a -> t by=one
         1T10:00 JOB j b -> t by=two
         2T10:00 JOB j c -> t by=one
         ? current @2T10:00 => b > t (Declared); c > t (Declared)
         3T10:00 JOB j => u by=one
         ? current @3T10:00 => b > t (Declared); c > u (Declared)
         4T10:00 DATASET v{L:w}
         ? current @4T10:00 => b > t (Declared); c > u (Declared); w > v (Declared)",
    ),
    (
        "3 a dropped dataset stays only where something current was made from it",
        "1T10:00 COMPLETE a#a raw -> mid
         1T11:00 COMPLETE b#b mid -> out
         1T12:00 COMPLETE d#c -> mid{DROP}
         ? current @1T12:00 => mid~1 > out; raw > mid~1
         ? life mid~1 => Dropped
         1T13:00 COMPLETE d#d -> out{DROP}
         ? current @1T13:00 =>",
    ),
    (
        "3 TRUNCATE ends nothing that is current",
        "1T10:00 COMPLETE a#a raw -> t
         1T11:00 COMPLETE b#b -> t{TRUNCATE}
         ? current => raw > t
         ? holds raw =>",
    ),
    (
        "3 an input that left its name also means what the name holds now",
        "1T10:00 COMPLETE a#a t -> report
         1T11:00 COMPLETE build#b raw -> new
         1T12:00 COMPLETE swap#c -> old{RENAME<t}
         1T12:01 COMPLETE swap#d -> t{RENAME<new}
         ? current => old > report; raw > t; t > report (ByName)
         ? holds raw => t",
    ),
    (
        "3 a focus without current statements shows its last ones",
        "1T10:00 COMPLETE j#a a -> t
         2T10:00 COMPLETE j#b a -> u
         ? current => a > u
         ? focus t => a > t (Ended)
         ? focus u => a > u",
    ),
    (
        "4 a chain's times do not go back",
        "1T10:00 COMPLETE second#a b -> c
         2T10:00 COMPLETE first#b a -> b
         ? holds a @2T10:00 => b
         ? current @2T10:00 => a > b; b > c
         3T10:00 COMPLETE second#c b -> c
         ? holds a => b; c",
    ),
    (
        "4 emptying a staging table ends what it holds, not what was passed on",
        "1T10:00 COMPLETE load#a a -> stage
         1T11:00 COMPLETE move#b stage -> out
         1T12:00 COMPLETE clean#c -> stage{TRUNCATE}
         1T13:00 COMPLETE move#d stage -> other
         ? holds a @1T11:30 => stage; out
         ? holds a => out",
    ),
    (
        "4 a completed OVERWRITE forgets what was written before its start",
        "1T10:00 COMPLETE load#a a -> t
         1T11:00 START full#b b -> t{OVERWRITE}
         1T11:30 COMPLETE load#c c -> t
         1T12:00 COMPLETE full#b b -> t{OVERWRITE}
         ? holds a @1T11:45 => t
         ? holds a =>
         ? holds c => t
         ? holds b => t",
    ),
    (
        "4 a run that goes on again forgot what was written before its first end",
        "1T00:00 COMPLETE full#a b -> t{OVERWRITE}
         1T06:00 COMPLETE load#b a -> t
         1T09:00 START full#a
         ? holds a => t
         ? current => a > t; b > t",
    ),
    (
        "4 what a run names after its end it may have touched until then",
        "1T00:00 COMPLETE load#a a ->
         3T00:00 COMPLETE full#b b -> t{OVERWRITE}
         3T00:00 RUNNING load#a -> t
         ? holds a => t
         ? current => a > t; b > t",
    ),
    (
        "4 failed runs count, and forget nothing",
        "1T10:00 COMPLETE load#a a -> t
         1T11:00 START full#b b -> t{OVERWRITE}
         1T12:00 FAIL full#b b -> t{OVERWRITE}
         ? holds a => t
         ? holds b => t",
    ),
    (
        "4 a stranger's, a partition's and an unknown kind of write forget nothing",
        "1T10:00 COMPLETE load#a a -> t
         1T11:00 COMPLETE x#b b -> t{OVERWRITE} by=stranger!
         1T12:00 COMPLETE y#c c -> t{OVERWRITE part}
         1T13:00 COMPLETE z#d d -> t{REPLACE}
         ? holds a => t",
    ),
    (
        "4 a column holds what came to it, what is unknown may hold all",
        "1T10:00 COMPLETE a#a people{S:id,email} -> t{S:id,mail,score C:id=people.id;mail=people.email}
         1T11:00 COMPLETE b#b t -> u{S:k C:k=t.id}
         1T11:00 COMPLETE c#c t -> v{S:m C:m=t.mail}
         1T12:00 COMPLETE d#d v -> w
         ? holds people#email @1T12:00 => t#mail; t#score; v#m; w
         ? holds people#id => t#id; t#score; u#k
         1T13:00 COMPLETE e#e x -> v{OVERWRITE}
         ? holds people#email @1T13:00 => t#mail; t#score; w",
    ),
    (
        "4 DROP forgets",
        "1T10:00 COMPLETE load#a a -> t
         1T11:00 COMPLETE d#b -> t{DROP}
         1T12:00 COMPLETE load#c c -> t
         ? holds a =>
         ? holds c => t",
    ),
    (
        "5 what comes later is not seen",
        "1T10:00 START j#a a -> t
         2T10:00 COMPLETE j#a b -> t
         ? current @1T12:00 => a > t
         ? current => a > t; b > t",
    ),
];
