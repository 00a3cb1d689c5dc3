//! Histories for the rules of names in time, of symlinks and of what is silent or by hand (points
//! 6 to 8 and 11); `rules` asks them.

use super::cases::Case;

pub(super) const OF_NAMES: &[Case] = &[
    (
        "6 monthly rotation gives separate datasets",
        "1T10:00 COMPLETE w#a jan -> log
         5T10:00 COMPLETE rot#b -> log_jan{RENAME<log}
         6T10:00 COMPLETE w#c feb -> log
         ? datasets => jan; feb; log; log_jan
         ? current => feb > log
         ? holds jan => log_jan
         ? holds feb => log
         ? ever => feb > log; jan > log_jan
         ? current @2T10:00 => jan > log",
    ),
    (
        "6 RENAME onto a live name ends what it held",
        "1T10:00 COMPLETE a#a x -> old
         1T10:00 COMPLETE b#b y -> new
         1T11:00 COMPLETE r#c -> old{RENAME<new}
         ? current => y > old
         ? life old~1 => Displaced
         ? life old => live",
    ),
    (
        "6 a lifecycle change of a run that failed does not count",
        "1T10:00 COMPLETE a#a x -> t
         1T11:00 START d#b -> t{DROP}
         1T11:01 FAIL d#b -> t{DROP}
         ? life t => live
         ? current => x > t",
    ),
    (
        "6 the same rename told twice is one",
        "1T10:00 COMPLETE a#a x -> t
         1T11:00 COMPLETE r#b -> u{RENAME<t}
         1T11:05 COMPLETE a#c y -> t
         1T11:10 COMPLETE r#d -> u{RENAME<t}
         ? current => y > t
         ? datasets => x; y; t; u",
    ),
    (
        "6 CREATE on a live name changes nothing",
        "1T10:00 COMPLETE a#a x -> t
         1T11:00 COMPLETE c#b -> t{CREATE}
         ? current => x > t
         ? datasets => x; t",
    ),
    (
        "6 a DROP of what was never there makes no dataset",
        "1T10:00 COMPLETE d#a -> tmp{DROP}
         1T11:00 COMPLETE a#b x -> t
         ? datasets => x; t",
    ),
    (
        "6 reading a dropped name means what was dropped",
        "1T10:00 COMPLETE a#a x -> t
         1T11:00 COMPLETE d#b -> t{DROP}
         1T12:00 COMPLETE r#c t -> out
         ? current => t~1 > out; x > t~1
         ? datasets => x; t~1; out",
    ),
    (
        "6 so does a name of which nothing but the DROP was known",
        "1T10:00 COMPLETE d#a -> t{DROP}
         1T11:00 COMPLETE r#b t -> out
         ? current => t~1 > out",
    ),
    (
        "6 an input is what it was at first, an output what it was at the end, holds takes both",
        "1T09:00 COMPLETE w#a x -> t
         1T10:00 START j#b t -> o
         1T10:10 COMPLETE r#c -> old{RENAME<t}
         1T10:11 COMPLETE r#d -> p{RENAME<o}
         1T10:20 COMPLETE w#e y -> t
         1T10:30 COMPLETE j#b t -> o
         ? current => old > o; t > o (ByName); y > t
         ? holds x => old; o; p
         ? holds y => t; o; p",
    ),
    (
        "6 tags belong to the name and follow a RENAME too",
        "1T09:00 COMPLETE w#a x -> t
         1T10:00 EDIT tag t pii
         1T11:00 COMPLETE r#b -> u{RENAME<t}
         1T12:00 COMPLETE w#c -> u{DROP}
         1T13:00 COMPLETE w#d y -> u
         ? tags t => pii
         ? tags u @1T13:30 => pii
         1T14:00 EDIT untag u pii
         ? tags u =>",
    ),
    (
        "6 intervals beyond the bound are merged (small bounds)",
        "1T10:00 COMPLETE w#a a -> t
         1T11:00 COMPLETE r#b -> t1{RENAME<t}
         2T10:00 COMPLETE w#c b -> t
         2T11:00 COMPLETE r#d -> t2{RENAME<t}
         3T10:00 COMPLETE w#e c -> t
         3T11:00 COMPLETE r#f -> t3{RENAME<t}
         4T10:00 COMPLETE w#g d -> t
         ? holds a => t1; t2
         ? holds c => t3
         ? holds d => t",
    ),
    (
        "6 renames in a circle and to itself",
        "1T10:00 COMPLETE w#a x -> a
         1T10:00 COMPLETE w#b y -> b
         1T11:00 COMPLETE r#c -> tmp{RENAME<a}
         1T11:01 COMPLETE r#d -> a{RENAME<b}
         1T11:02 COMPLETE r#e -> b{RENAME<tmp}
         1T11:03 COMPLETE r#f -> b{RENAME<b}
         ? current => x > b; y > a",
    ),
    (
        "7 a DatasetEvent replaces across jobs, a job only its own",
        "1T10:00 COMPLETE w1#a x -> p{~c}
         1T10:00 COMPLETE w2#b y -> p{~d}
         ? one p @1T10:00 => c; d; p
         1T11:00 DATASET q{~e}
         ? one q => e; q",
    ),
    (
        "7 Iceberg's readers name a branch, then a snapshot table",
        "1T10:00 COMPLETE r#a p{~ip.snapshots} -> s
         1T11:00 COMPLETE w#b x -> p{~ip.branch}
         ? one p => ip.branch; ip.snapshots; p",
    ),
    (
        "7 a DatasetEvent replaces what was said in any job",
        "1T10:00 COMPLETE w1#a x -> p{~c}
         1T11:00 DATASET p{~d}
         ? one p => d; p",
    ),
    (
        "7 claims that follow one another are a move, the first reaches back",
        "1T08:00 COMPLETE r#0 c -> early
         1T10:00 COMPLETE w#a x -> p{~c}
         1T11:00 COMPLETE r#b c -> one
         2T10:00 COMPLETE w#c y -> q{~c}
         2T11:00 COMPLETE r2#d c -> two
         2T12:00 COMPLETE d#e -> p{DROP}
         ? findings =>
         ? ever => p~1 > early; p~1 > one; q > two; x > p~1; y > q
         ? life q => live
         ? one c @1T12:00 => c; p
         ? one c => c; q",
    ),
    (
        "7 claims that interleave contest the name",
        "1T10:00 COMPLETE w#a x -> p{~c}
         2T10:00 COMPLETE w#b y -> q{~c}
         3T10:00 COMPLETE w#c x -> p{~c}
         4T10:00 COMPLETE r#d c -> out
         ? findings => contested c: p, q
         ? current => c > out; x > p; y > q
         ? holds x => p; out
         ? holds y => q; out",
    ),
    (
        "7 a run claims once",
        "1T10:00 START r#a p{~c} -> out
         1T11:00 RUNNING r#a p{~d} -> out
         1T12:00 COMPLETE r#a -> out
         ? one p => c; p",
    ),
    (
        "7 people part and link names over what pipelines say, and undo it",
        "1T10:00 COMPLETE w#a x -> p{~c}
         1T11:00 COMPLETE r#b c -> out
         1T12:00 EDIT part p c
         2T10:00 COMPLETE w#c x -> p{~c}
         ? current => c > out; x > p
         ? one p => p",
    ),
    (
        "7 what people undid is left to pipelines again",
        "1T10:00 COMPLETE w#a x -> p{~c}
         1T11:00 COMPLETE r#b c -> out
         1T12:00 EDIT part p c
         1T13:00 EDIT undo c p
         1T14:00 EDIT link out q
         1T15:00 COMPLETE s#d q -> end
         ? impact x => p; out; end",
    ),
    (
        "7 people part what hangs together over a third name",
        "1T10:00 COMPLETE w#a x -> p{~c ~d}
         1T11:00 COMPLETE r#b c -> out
         1T11:00 COMPLETE r2#b d -> out2
         1T12:00 EDIT part c d
         ? impact x => p; out2",
    ),
    (
        "7 a stranger's symlinks link nothing, a symlink to itself neither",
        "1T10:00 COMPLETE w#a x -> p{~c} by=stranger!
         1T10:00 COMPLETE w#b x -> q{~q}
         ? one p => p
         ? one q => q",
    ),
    (
        "7 a symlink may name the location instead",
        "1T10:00 COMPLETE trino#a x -> cat.t{@s3|t}
         1T11:00 COMPLETE spark#b s3|t -> out
         ? impact x => s3|t; out",
    ),
    (
        "8 an import's last part is the input, a bare name that nothing names is open",
        "1T10:00 COMPLETE m#a db.main.stg, db.main.eph -> db.main.mart{C:a=stg.a;b=totals.b}
         ? current => db.main.eph > db.main.mart; db.main.stg > db.main.mart; totals > db.main.mart (Unresolved)
         ? columns => db.main.eph > db.main.mart; db.main.stg#a > db.main.mart#a; totals#b > db.main.mart#b (Unresolved)
         ? nobody => totals",
    ),
    (
        "8 a bare name that an event names is what it names",
        "1T09:00 COMPLETE m#a x -> totals
         1T10:00 COMPLETE m#b db.main.eph -> db.main.mart{C:b=totals.b}
         ? current => db.main.eph > db.main.mart; totals > db.main.mart; x > totals",
    ),
    (
        "8 where tests store their failures is demanded of nobody",
        "1T10:00 COMPLETE t#a db.orders -> db.audit.not_null test
         1T10:00 COMPLETE m#b db.raw -> db.orders
         ? nobody => db.audit.not_null",
    ),
    (
        "8 a column without lineage beside one that has it",
        "1T10:00 COMPLETE u#a people{S:id,email} -> udf{S:id,rev C:id=people.id}
         ? columns => people > udf#rev (Unknown); people#id > udf#id",
    ),
    (
        "8 whose own a table is says its columns, however late another speaks",
        "1T10:00 COMPLETE w#a x -> t{S:id,name} by=one+
         2T10:00 COMPLETE w#b x -> t{S:id} by=two
         ? schema t => id; name
         ? current => x > t",
    ),
    (
        "9 an event that is sent again brings its dataset back",
        "1T10:00 COMPLETE w#a x -> t
         1T11:00 EDIT delete-dataset t
         ? current =>",
    ),
    (
        "9 sent again",
        "1T10:00 COMPLETE w#a x -> t
         1T11:00 EDIT delete-dataset t
         1T10:00 COMPLETE w#a x -> t
         ? current => x > t",
    ),
    (
        "11 edges by hand, disputed and restored",
        "1T10:00 COMPLETE w#a x -> t
         1T11:00 EDIT edge t board
         1T12:00 EDIT dispute x t
         ? current @1T12:00 => t > board (ByHand); x > t (Disputed)
         ? inherits x =>
         ? holds x => board; t
         1T13:00 COMPLETE w#b x -> t
         1T14:00 EDIT unedge t board
         ? current => x > t (Disputed)",
    ),
];
