//! Every rule of the page that decides something, by name.
//!
//! The oracle asks [`Rules::say`] wherever a rule is about to decide. So one may count how often
//! each did, and switch one off: a *mutant*, which every good set of tests must notice.

use std::cell::RefCell;

macro_rules! rules {
    ($($name:ident = $point:literal, $text:literal;)*) => {
        /// A rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $text] $name,)* }

        impl Rule {
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// The point of the page, and what the rule says.
            pub fn text(self) -> (u8, &'static str) {
                match self { $(Rule::$name => ($point, $text),)* }
            }
        }
    };
}

rules! {
    PairsOfOneRun = 1, "inputs and outputs pair within a run, never across runs";
    EventsAddUp = 1, "what a run's events say is one statement: their union";
    OldChangesWiden = 1, "changes of a job and output beyond the bound are widened, never narrowed";
    RunsByJob = 2, "one id under two jobs is two runs";
    OneRunTwoNames = 2, "a START without an end and an end without a START are one run";
    EndedNameWins = 2, "such a run takes the ended name, with the parent if either named one";
    OwnWordCounts = 2, "a parent facet's mention moves no run that spoke for itself";
    ParentRuns = 2, "a silent parent runs while a child does";
    ParentFailed = 2, "a silent parent failed if a child did";
    RetryMends = 2, "unless a later run of that child's job completed";
    Lost = 2, "a run not heard of for long has ended, lost";
    FailStands = 2, "FAIL or ABORT stands against a COMPLETE that follows";
    FailCounts = 2, "a FAIL after a COMPLETE counts";
    StartReopens = 2, "a START after an end reopens";
    WriteStaysCompleted = 2, "reopening hides no write that was completed";
    TogetherUnderParent = 3, "the runs of a job under one parent are one execution";
    GapSplits = 3, "a long gap splits an execution";
    Closed = 3, "an execution is closed some time after its last run";
    SameOutputReplaces = 3, "a later execution that wrote the output replaces";
    SameInputsReplace = 3, "one that read the same and did not write it replaces";
    SameInputsOnly = 3, "one that read something else replaces nothing it did not write";
    AllCompleted = 3, "but only if all its runs completed";
    OnlyLaterReplaces = 3, "only what began after the last completed write replaces";
    OverwriteReplaces = 3, "any other run's OVERWRITE replaces at once";
    ParentEndReplaces = 3, "until the parent has ended, an execution only adds";
    OnlyCompletedStands = 3, "a failed run stands for nothing where the job completed a write";
    FallbackStands = 3, "where none completed, the newest ended run stands, with those beside it";
    InPlaceReplacesNothing = 3, "a write whose sources reach the dataset itself replaces nothing";
    ReaderEnds = 3, "a statement without outputs stands until the next completed execution";
    LiveIsCurrent = 3, "live runs are current side by side";
    StreamReplaces = 3, "a live streaming run replaces ended ones";
    DeclarationReplaced = 3, "a later declaration of the same author replaces";
    MissingEndsNothing = 3, "a member that is missing ends nothing";
    AuthorsApart = 3, "a declaration ends none of another author";
    DroppedGoes = 3, "a dropped dataset goes";
    DroppedStays = 3, "unless something current was made from it";
    TruncateEndsNothing = 3, "TRUNCATE ends nothing that is current";
    ByName = 3, "an input that left its name also means what the name holds now";
    FocusEnded = 3, "a focus without current statements shows its last ones";
    TimesGoOn = 4, "a chain's times do not go back";
    StillHeld = 4, "each link must be held still when the next reads it";
    PassedOn = 4, "emptying a dataset ends nothing that was passed on";
    UnfinishedHolds = 4, "failed, aborted and unfinished runs count";
    OverwriteForgets = 4, "a completed OVERWRITE forgets";
    FromItsStart = 4, "it forgets only what was written before its run's start";
    TruncateForgets = 4, "TRUNCATE forgets";
    DropForgets = 4, "DROP forgets";
    StrangerForgetsNothing = 4, "an author that does not count forgets nothing";
    InPlaceForgetsNothing = 4, "nor does one whose sources reach the dataset itself";
    PartForgetsNothing = 4, "nor that of a partition";
    AsOfByEventTime = 5, "statements are seen by their event time";
    RenameMoves = 6, "RENAME moves what the old name held";
    RenameFrees = 6, "RENAME frees the old name";
    RenameOnto = 6, "RENAME onto a live name ends what it held";
    DropEnds = 6, "DROP ends what a name holds";
    WriteBegins = 6, "a completed write after a DROP begins a new dataset";
    FreedBegins = 6, "a freed name begins anew";
    DroppedIsRead = 6, "reading a dropped name means what was dropped";
    AtComplete = 6, "a lifecycle change counts at its run's COMPLETE, not if it failed";
    TwiceIsOnce = 6, "the same rename told twice within an hour is one";
    CreateOnLive = 6, "CREATE on a live name changes nothing";
    DropOfNothing = 6, "a DROP of what was never there makes no dataset";
    InputAtFirst = 6, "an input is what its name held at its first mention";
    OutputAtEnd = 6, "an output is what its name held at the end";
    HoldsTakesBoth = 6, "holds takes both";
    TagsFollow = 6, "what people gave follows a RENAME";
    ManyIntervals = 6, "intervals beyond the bound are merged for holds";
    NewestClaim = 7, "the newest symlinks of an author and job replace";
    AcrossJobs = 7, "a DatasetEvent and a removal replace across jobs";
    JobsApart = 7, "those of one job replace none of another";
    Move = 7, "claims that follow one another are a move";
    FirstReachesBack = 7, "the first claim reaches back";
    Contested = 7, "claims that interleave contest the name: of neither in current";
    ContestedBoth = 7, "holds counts a contested name for both";
    OneClaimARun = 7, "a run claims once";
    PeopleLink = 7, "people link names";
    PeoplePart = 7, "people part names";
    StrangerLinksNothing = 7, "a stranger's symlinks link nothing";
    SaysNothing = 8, "column lineage that says nothing is as if absent";
    PartlyCovered = 8, "inputs that no column names stay connected, inferred";
    PartitionsCount = 8, "partitions below an input count as that input";
    LastPart = 8, "a source that is the last part of one input's name is that input";
    Unresolved = 8, "a bare source that no event names otherwise is unresolved";
    UnknownColumn = 8, "a column without lineage beside some that have it is unknown";
    WriterOverReader = 8, "a writer's schema stands over a reader's";
    ColumnsExist = 8, "only columns that the newest schema has are current";
    DemandedOfNobody = 8, "what is known only from tests and unresolved names is demanded of nobody";
    WrittenWhenCompleted = 8, "only a completed write moves the time of the last write";
    ExplicitFirst = 8, "nothing is inferred between what is stated";
    ComesBack = 9, "an event that is sent again brings back what was deleted";
    DisputedInheritsNothing = 11, "a disputed edge is left out of inheritance";
    ByHand = 11, "an edge by hand stands until it is taken back";
}

/// Which rules hold, and how often each decided something.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    broken: Option<Rule>,
    counts: RefCell<Vec<u64>>,
}

impl Rules {
    /// All rules but one.
    pub fn without(broken: Rule) -> Self {
        Self { broken: Some(broken), ..Self::default() }
    }

    /// Says that a rule is about to decide something; false if it is broken.
    pub fn say(&self, rule: Rule) -> bool {
        let mut counts = self.counts.borrow_mut();
        counts.resize(Rule::ALL.len(), 0);
        counts[rule as usize] += 1;
        self.broken != Some(rule)
    }

    /// How often each rule decided, as far as it did.
    pub fn counts(&self) -> Vec<(Rule, u64)> {
        let counts = self.counts.borrow();
        let all = Rule::ALL.iter().copied().zip(counts.iter().copied());
        all.filter(|(_, count)| *count > 0).collect()
    }
}
