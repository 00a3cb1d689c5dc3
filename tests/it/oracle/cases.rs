//! Cases: a small history of our own for each kind of thing that users of catalogs reported in
//! public, and for each rule of the page; and what is to be answered.

use super::ask::{answer, questions};
use super::known::Bounds;
use super::moment::Oracle;
use super::rule::Rules;
use super::text::history;

/// A name, a history and questions.
pub type Case = (&'static str, &'static str);

/// Asks a case's questions; each that is answered otherwise is a fault.
pub fn faults((title, text): Case, rules: Rules, bounds: Bounds) -> (Vec<String>, Rules) {
    let oracle = Oracle::new(&history(text), bounds, rules);
    let mut faults = Vec::new();
    for question in questions(text) {
        let got = answer(&oracle, &question.what);
        if got != question.expected {
            let got: Vec<String> = got.into_iter().collect();
            faults.push(format!("{title}: {}\n     got {}", question.line, got.join("; ")));
        }
    }
    (faults, oracle.known.rules)
}

/// Bounds that a short history reaches.
pub fn small() -> Bounds {
    Bounds { changes: 2, by_changes: true, intervals: 2, ..Bounds::default() }
}

#[test]
fn each_case_is_answered_as_it_should_be() {
    let mut all = Vec::new();
    for case in CASES {
        all.extend(faults(*case, Rules::default(), Bounds::default()).0);
    }
    assert!(all.is_empty(), "{} faults\n{}", all.len(), all.join("\n"));
}

/// By the reports' numbers. 09 to 13 and 40 are of how events are read (`read.rs`); 25, 29, 34, 35, 36 and
/// 41 (a version's address, tags and owners shown, search, statistics, texts, pages) are not of the graph.
pub const CASES: &[Case] = &[
    (
        "01 each run of one job handles another file",
        "1T08:00 COMPLETE cut#a doc -> page1, page2
         1T09:00 START embed#b page1 -> vector1
         1T09:01 COMPLETE embed#b page1 -> vector1
         1T09:02 START embed#c page2 -> vector2
         1T09:03 COMPLETE embed#c page2 -> vector2
         ? current => doc > page1; doc > page2; page1 > vector1; page2 > vector2
         ? impact page1 => vector1
         ? up vector1 => doc; page1; :cut; :embed
         ? reads embed => page1; page2",
    ),
    (
        "02 one run id is used by tasks of two workflows",
        "1T01:00 START one.load#same a_in -> a_out
         1T01:01 START two.load#same b_in -> b_out
         1T01:05 COMPLETE one.load#same a_in -> a_out
         1T01:06 COMPLETE two.load#same b_in -> b_out
         ? current => a_in > a_out; b_in > b_out
         ? run same => one.load Completed; two.load Completed
         ? latest same => one.load Completed
         ? reads one.load => a_in
         ? reads two.load => b_in",
    ),
    (
        "03 a failed run is cleared and starts again under the same id",
        "1T10:00 START dag#r x -> y
         1T10:05 FAIL dag#r
         1T11:00 START dag#r
         1T11:04 COMPLETE dag#r
         ? run r @1T10:30 => dag Failed
         ? run r @1T11:01 => dag Running
         ? current @1T11:01 => x > y
         ? run r => dag Completed",
    ),
    (
        "03 a START that is merely late reopens nothing",
        "1T10:05 FAIL dag#r x -> y
         1T10:00 START dag#r
         ? run r => dag Failed",
    ),
    (
        "05 a job is once run by an orchestrator that leaves the parent out at the end",
        "1T06:00 COMPLETE copy#a p -> q
         2T06:00 START copy#b ^flow#f p -> q
         2T06:05 COMPLETE copy#b p -> q
         3T06:00 COMPLETE copy#c p -> q
         ? jobs => copy; flow; flow.copy
         ? run b => flow.copy Completed in flow
         ? run a => copy Completed
         ? run c => copy Completed
         ? graph => :copy > q; :flow.copy > q; p > :copy; p > :flow.copy; p > q",
    ),
    (
        "05 the name at the end counts, with the parent of the beginning",
        "2T06:00 START insert#b ^app#f p -> q
         2T06:05 COMPLETE insert_into_q#b p -> q
         ? run b => app.insert_into_q Completed in app",
    ),
    (
        "05 two names by two authors stay two",
        "2T06:00 START copy#b ^flow#f p -> q by=one
         2T06:05 COMPLETE copy#b r -> s by=two
         ? run b @2T07:00 => copy Completed; flow.copy Running in flow",
    ),
    (
        "06 children call their parent's job by another name",
        "1T10:00 START app#p
         1T10:01 START insert#c ^demo#p x -> y
         1T10:02 COMPLETE insert#c ^demo#p x -> y
         ? run p @1T10:03 => app Running
         1T10:10 COMPLETE app#p
         1T10:11 RUNNING late#d ^demo#p x -> z
         ? run p @1T10:12 => app Completed
         ? run c => demo.insert Completed in app",
    ),
    (
        "07 a workflow says nothing, only its tasks do",
        "1T10:00 START dag.a#a ^dag#p
         1T10:00 START dag.b#b ^dag#p
         1T10:05 COMPLETE dag.a#a ^dag#p
         1T10:06 FAIL dag.b#b ^dag#p
         1T10:07 START dag.c#c ^dag#p
         1T10:08 COMPLETE dag.c#c ^dag#p
         ? run p @1T10:05 => dag Running inferred
         ? run p @1T10:06 => dag Failed inferred
         ? run p => dag Failed inferred",
    ),
    (
        "07 a task that failed and was run again well",
        "1T10:00 START dag.a#a ^dag#p
         1T10:06 FAIL dag.a#a ^dag#p
         1T10:07 START dag.a#b ^dag#p
         1T10:08 COMPLETE dag.a#b ^dag#p
         ? run p => dag Completed inferred",
    ),
    (
        "07 mapped instances beside one that failed mend nothing",
        "1T10:00 START dag.a#a ^dag#p
         1T10:01 START dag.a#b ^dag#p
         1T10:06 FAIL dag.a#a ^dag#p
         1T10:08 COMPLETE dag.a#b ^dag#p
         ? run p => dag Failed inferred",
    ),
    (
        "08 a wrapper's events are dated before those of its children",
        "1T08:00 START wrap#p
         1T08:01 FAIL wrap#p
         1T12:00 START model#c ^wrap#p x -> y
         1T12:00 COMPLETE model#c ^wrap#p x -> y
         ? run p => wrap Failed
         ? run c => wrap.model Completed in wrap
         ? current => x > y",
    ),
    (
        "14 two names are told to be one only later",
        "1T10:00 COMPLETE job1#a in1 -> out1
         1T10:00 COMPLETE job2#b cat|in2{S:k} -> out2
         1T11:00 DATASET in1{~cat|in2}
         ? one in1 => in1; cat|in2
         ? impact in1 => out1; out2
         ? impact cat|in2 => out1; out2
         ? schema in1 => k",
    ),
    (
        "16 a refresh builds, swaps by renaming and drops",
        "1T10:00 COMPLETE build#a raw -> orders{CREATE S:id,gone}
         1T11:00 COMPLETE build_new#b raw -> orders__new{CREATE S:id,fresh}
         1T11:01 COMPLETE swap1#c -> orders__old{RENAME<orders}
         1T11:02 COMPLETE swap2#d -> orders{RENAME<orders__new}
         1T11:03 COMPLETE clean#e -> orders__old{DROP}
         ? datasets @1T12:00 => raw; orders; orders__old~1
         ? life orders @1T12:00 => live
         ? life orders__old~1 @1T12:00 => Dropped
         ? schema orders @1T12:00 => id; fresh
         ? current @1T12:00 => raw > orders
         ? current @1T10:30 => raw > orders
         2T11:00 COMPLETE build_new#f raw -> orders__new{CREATE S:id,fresh,more}
         2T11:01 COMPLETE swap1#g -> orders__old{RENAME<orders}
         2T11:02 COMPLETE swap2#h -> orders{RENAME<orders__new}
         2T11:03 COMPLETE clean#i -> orders__old{DROP}
         ? current => raw > orders
         ? schema orders => id; fresh; more
         ? datasets => raw; orders; orders__old~1; orders__old~2",
    ),
    (
        "17 dropped, made again and written without a word about its life",
        "1T10:00 COMPLETE w#a raw -> t{S:id}
         1T11:00 COMPLETE drop#b -> t{DROP}
         ? current @1T11:30 =>
         ? life t~1 @1T11:30 => Dropped
         1T12:00 COMPLETE w#c raw -> t{S:id}
         ? life t => live
         ? current => raw > t",
    ),
    (
        "18 a wrong symlink is taken back",
        "1T10:00 COMPLETE w1#a a -> x{~y}
         1T10:00 COMPLETE w2#b b -> y
         ? one x => x
         1T11:00 DATASET x{~-}
         ? one x => x
         ? up x => a; :w1",
    ),
    (
        "18 a correction without the name does the same",
        "1T10:00 COMPLETE w1#a a -> x{~y}
         1T10:00 COMPLETE w2#b b -> y
         1T11:00 COMPLETE w1#c a -> x{~z}
         ? one x => x; z
         ? up x => a; :w1",
    ),
    (
        "19 a column changes its spelling, another is dropped at its source",
        "1T10:00 COMPLETE v#a src{S:id,name,age} -> out{S:id,name,age C:id=src.id;name=src.name;age=src.age}
         2T10:00 COMPLETE v#b src -> out{S:id,NAME,age C:id=src.id;NAME=src.name;age=src.age}
         3T10:00 DATASET src{S:id,name}
         ? schema out => id; NAME; age
         ? schema src => id; name
         ? columns => src#id > out#id; src#name > out#NAME
         ? columns @1T12:00 => src#id > out#id; src#name > out#name; src#age > out#age",
    ),
    (
        "20 fields without a type come again with each run",
        "1T10:00 COMPLETE v#a src{S:id} -> out{S:id C:id=src.id}
         2T10:00 COMPLETE v#b src{S:id} -> out{S:id C:id=src.id}
         3T10:00 COMPLETE v#c src{S:id} -> out{S:id C:id=src.id}
         ? columns => src#id > out#id
         ? ever => src > out",
    ),
    (
        "21 columns that differ by case only",
        "1T10:00 COMPLETE j#a in{S:a,A} -> out{S:a,a,A C:a=in.a;A=in.A}
         ? schema out => a; A
         ? columns => in#A > out#A; in#a > out#a",
    ),
    (
        "22 a JobEvent alone describes an output",
        "1T10:00 JOB report => sheet{S:a,b}
         ? schema sheet => a; b
         ? graph => :report > sheet (Declared)",
    ),
    (
        "23 a job that declared its lineage declares that it has none",
        "1T10:00 JOB dash mart -> board
         ? current @1T10:30 => mart > board (Declared)
         1T11:00 JOB dash ->
         ? current @1T11:30 =>
         ? focus mart @1T11:30 =>
         1T12:00 COMPLETE dash#r mart -> board2
         1T13:00 JOB dash ->
         ? current => mart > board2",
    ),
    (
        "24 a job in the middle of a chain is deleted",
        "1T10:00 COMPLETE j1#a d1 -> d2
         1T10:00 COMPLETE j3#b d2 -> d3
         1T10:00 COMPLETE j2#c d3 -> d4
         1T11:00 EDIT delete-job j3
         ? impact d1 => d2
         ? graph => :j1 > d2; d1 > :j1; d1 > d2; :j2 > d4; d3 > :j2; d3 > d4",
    ),
    (
        "24 it comes back with its next event",
        "1T10:00 COMPLETE j1#a d1 -> d2
         1T10:00 COMPLETE j3#b d2 -> d3
         1T10:00 COMPLETE j2#c d3 -> d4
         1T11:00 EDIT delete-job j3
         1T12:00 COMPLETE j3#d d2 -> d3
         ? impact d1 => d2; d3; d4",
    ),
    (
        "26 a job updates a table in place, two jobs feed each other",
        "1T10:00 COMPLETE merge#a stage, main -> main
         1T10:00 COMPLETE fwd#b main -> echo
         1T10:00 COMPLETE back#c echo -> stage
         ? current => echo > stage; main > echo; stage > main
         ? impact main => echo; stage",
    ),
    (
        "27 inputs name the table, column lineage its partitions",
        "1T10:00 COMPLETE curate#a s3|orders{S:id} -> cur|orders{S:id C:id=s3|orders/year=2026/month=07.id}
         ? impact s3|orders => cur|orders
         ? columns => s3|orders#id > cur|orders#id",
    ),
    (
        "28 a MERGE whose column lineage covers only some columns",
        "1T10:00 COMPLETE merge#a updates{S:id,v}, target -> target{S:id,v C:id=target.id}
         ? impact updates => target
         ? inferred => updates > target
         ? columns => target#id > target#id; updates > target; updates > target#v (Unknown)",
    ),
    (
        "30 each source of a column for itself",
        "1T10:00 COMPLETE j#a in{S:w,c,h} -> out{S:w C:w=in.w+in.c+in.h}
         ? columns => in#c > out#w; in#h > out#w; in#w > out#w",
    ),
    (
        "31 column lineage that says nothing",
        "1T10:01 COMPLETE q#a t -> u{S:a C:}
         ? current => t > u
         ? impact t => u",
    ),
    (
        "32 a streaming job names its data at START only",
        "1T10:00 START flink#r in -> out stream
         1T10:10 RUNNING flink#r stream
         1T10:20 RUNNING flink#r -> stream
         ? current => in > out
         ? run r => flink Running",
    ),
    (
        "32 asked months later of a log that came in now",
        "1T10:00 START flink#r in -> out stream got=31T10:00
         ? run r @31T11:00 => flink Running
         ? current @31T11:00 => in > out",
    ),
    (
        "33 a streaming job is started again with other topics",
        "1T10:00 START s#a t1, t2 -> out stream
         1T20:00 ABORT s#a stream
         2T10:00 START s#b t2 -> out stream
         2T11:00 RUNNING s#b t2, t3 -> out stream
         ? current @1T21:00 => t1 > out (Unfinished); t2 > out (Unfinished)
         ? current => t2 > out; t3 > out
         ? reads s => t2; t3",
    ),
    (
        "37 explicit lineage comes in pieces over a run's events",
        "1T10:00 START bulk#a A, B -> C, D
         1T10:01 RUNNING bulk#a E:C<A
         1T10:02 COMPLETE bulk#a E:D<B
         ? current @1T10:02 => A > C; B > D
         1T11:00 COMPLETE bulk#b A, B -> C, D E:C<A;D<
         ? current @1T11:00 => A > C
         ? impact B @1T11:00 =>",
    ),
    (
        "38 a task hands data to another in memory",
        "1T10:00 COMPLETE dag.extract#a api ->
         1T10:01 COMPLETE dag.load#b -> table E:@<@dag.extract;table<@
         ? graph => :dag.extract > :dag.load; :dag.load > table; api > :dag.extract
         ? impact api => table
         ? up :dag.load => :dag.extract; api
         ? holds api => table",
    ),
    (
        "39 a service only writes, another only reads",
        "1T10:00 COMPLETE logger#a -> log
         1T10:00 COMPLETE alerter#b log ->
         ? graph => :logger > log; log > :alerter",
    ),
    (
        "40 a JobEvent declares",
        "1T10:00 JOB decl x -> y
         ? current => x > y (Declared)",
    ),
    (
        "42 a run fails after naming an output",
        "1T10:00 COMPLETE j#a in -> good
         2T10:00 START j#b in -> bad
         2T10:01 FAIL j#b in -> bad
         ? current => in > good
         ? writes j => good
         ? holds in => good; bad",
    ),
    (
        "45 a time between two daily runs, after the job changed",
        "1T06:00 COMPLETE daily#a in -> out
         2T06:00 COMPLETE daily#b in -> out
         3T06:00 COMPLETE daily#c in -> out_new
         ? current @1T12:00 => in > out
         ? current @2T12:00 => in > out
         ? current @3T12:00 => in > out_new
         ? impact in @2T12:00 => out
         ? diff @2T12:00 @3T12:00 => - in > out; + in > out_new
         ? window @2T12:00 @3T12:00 => in > out; in > out_new
         ? window @1T12:00 @2T12:00 => in > out",
    ),
    (
        "47 two tables carry the same wrong symlink",
        "1T10:00 COMPLETE w1#a payroll -> hdfs://c1|/t{~wh|default.t}
         1T10:00 COMPLETE w2#b hdfs://c2|/t{~wh|default.t} -> site
         ? findings =>
         1T11:00 COMPLETE w1#c payroll -> hdfs://c1|/t{~hive://c1|default.t}
         1T11:00 COMPLETE w2#d hdfs://c2|/t{~hive://c2|default.t} -> site
         ? one hdfs://c1|/t => hdfs://c1|/t; hive://c1|default.t
         ? down payroll => hdfs://c1|/t; :w1",
    ),
    (
        "47 until they are put right, both are not one",
        "1T10:00 COMPLETE w1#a payroll -> hdfs://c1|/t{~wh|default.t}
         1T10:00 COMPLETE w2#b hdfs://c2|/t{~wh|default.t} -> site
         1T11:00 COMPLETE w3#c wh|default.t -> report
         ? findings => contested wh|default.t: hdfs://c1|/t, hdfs://c2|/t
         ? impact payroll => hdfs://c1|/t
         ? holds payroll => hdfs://c1|/t; report
         ? holds hdfs://c2|/t => site; report",
    ),
    (
        "48 a reader lists only the columns it selected",
        "1T10:00 COMPLETE w#a raw -> t{S:id,name,mail D:Customers}
         1T11:00 COMPLETE r#b t{S:id D:} -> u
         1T12:00 COMPLETE r#c t{S:id D:people} -> u
         ? schema t => id; name; mail
         ? described t => Customers",
    ),
    (
        "51 two runs of one job overlap",
        "1T10:00 START part#a i1 -> o1
         1T10:05 START part#b i2 -> o2
         1T10:10 COMPLETE part#a i1 -> o1
         1T10:12 COMPLETE part#b i2 -> o2
         ? current => i1 > o1; i2 > o2
         ? ever => i1 > o1; i2 > o2
         ? impact i1 => o1",
    ),
    (
        "53 a run names its output at START and fails",
        "1T06:00 COMPLETE w#a in -> t
         5T06:00 START w#b in -> t
         ? written t @5T06:00 => 2026-07-01T06:00
         5T06:01 FAIL w#b in -> t
         ? written t => 2026-07-01T06:00",
    ),
    (
        "54 column lineage names its source by the catalog's name",
        "1T10:00 COMPLETE a#a raw{S:k} -> lake|/t{S:k ~hive|db.t C:k=raw.k}
         1T11:00 COMPLETE b#b lake|/t{S:k ~hive|db.t} -> out{S:k C:k=hive|db.t.k}
         ? columns => raw#k > lake|/t#k; lake|/t > out; lake|/t#k > out#k",
    ),
];
