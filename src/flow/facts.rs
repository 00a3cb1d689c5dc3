//! Translates documents of the catalog into facts of the lineage graph.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::{DatasetId, Digest, JobId, Time};
use crate::catalog::{Bodies, DatasetDoc, FactKind, JobDoc, Named, RunDoc, Seen as Span, Stamp};
use crate::lineage::{
    ColumnFact, DatasetFacts, Direction, Entry, EntryInput, EntrySource, EntryTarget, ExplicitFact,
    FieldInput, IoFact, JobFacts, Origin, Seen, Transformation, TransformationKind,
};
use crate::openlineage::facets::{
    ColumnLineage, DatasetLineage, InputField, JobLineage, LineageEntry, LineageField,
    LineageInput, Transformation as Said,
};

/// What a facet says of lineage, parsed.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Of a `columnLineage` facet: each field's inputs, and those that affect all.
    Columns(Vec<(String, Vec<FieldInput>)>, Vec<FieldInput>),
    /// Of a job's `lineage` facet; own-job references are resolved per job.
    Explicit(JobLineage),
    /// Not what its name promises.
    Unreadable,
}

/// Parsed contents by digest.
pub(super) type Contents = HashMap<Digest, Arc<Content>>;

/// Parses a facet's body.
pub(super) fn parse_content(kind: FactKind, text: &str) -> Content {
    match kind {
        FactKind::Explicit => {
            serde_json::from_str(text).map_or(Content::Unreadable, Content::Explicit)
        }
        _ => serde_json::from_str::<ColumnLineage>(text).map_or(Content::Unreadable, |facet| {
            let (fields, dataset) = columns_of(facet);
            Content::Columns(fields, dataset)
        }),
    }
}

fn columns_of(facet: ColumnLineage) -> (Vec<(String, Vec<FieldInput>)>, Vec<FieldInput>) {
    let fields = facet.fields.into_iter().map(|(name, field)| {
        let described = field.transformation_type.filter(|word| !word.is_empty());
        let inputs = field.input_fields.into_iter().map(|input| {
            let mut input = field_input(input);
            // The deprecated pair stands for all inputs of the field.
            if let (true, Some(word)) = (input.transformations.is_empty(), &described) {
                input
                    .transformations
                    .push(deprecated(word, field.transformation_description.clone()));
            }
            input
        });
        (name, inputs.collect())
    });
    (fields.collect(), facet.dataset.into_iter().map(field_input).collect())
}

fn field_input(input: InputField) -> FieldInput {
    FieldInput {
        dataset: input.dataset_id(),
        field: Some(input.field).filter(|field| !field.is_empty()),
        transformations: input.transformations.into_iter().map(transformation).collect(),
    }
}

fn deprecated(word: &str, description: Option<String>) -> Transformation {
    Transformation {
        kind: TransformationKind::Direct,
        subtype: Some(word.to_owned()),
        description: description.filter(|text| !text.is_empty()),
        masking: word.eq_ignore_ascii_case("MASKED"),
    }
}

fn transformation(said: Said) -> Transformation {
    let kind = if said.kind.eq_ignore_ascii_case("DIRECT") {
        TransformationKind::Direct
    } else if said.kind.eq_ignore_ascii_case("INDIRECT") {
        TransformationKind::Indirect
    } else {
        TransformationKind::Other
    };
    let words = |text: Option<String>| text.filter(|text| !text.is_empty());
    Transformation {
        kind,
        subtype: words(said.subtype),
        description: words(said.description),
        masking: said.masking.unwrap_or(false),
    }
}

fn seen(span: Span, runs: u32) -> Seen {
    Seen { first: span.first, last: span.last, runs }
}

/// Returns the digests of what a job's facts refer to, with how to read each.
pub(super) fn contents_of_job(doc: &JobDoc) -> Vec<(Digest, FactKind)> {
    let of_runs = doc.facts.iter().filter_map(|fact| match fact.kind {
        FactKind::Columns | FactKind::Explicit => Some((fact.content?, fact.kind)),
        _ => None,
    });
    let declared = doc.declared.as_ref().map(|declared| &declared.value);
    let columns = declared.iter().flat_map(|d| d.columns.iter().map(|c| (c.1, FactKind::Columns)));
    let explicit = declared.iter().filter_map(|d| Some((d.explicit?, FactKind::Explicit)));
    of_runs.chain(columns).chain(explicit).collect()
}

/// The same of all that a job ever named.
pub(super) fn contents_of_named(named: &Named) -> Vec<(Digest, FactKind)> {
    let columns = named.columns.iter().map(|digest| (*digest, FactKind::Columns));
    columns.chain(named.explicit.iter().map(|digest| (*digest, FactKind::Explicit))).collect()
}

/// The same of a run, of all that its events said.
pub(super) fn contents_of_run(doc: &RunDoc) -> Vec<(Digest, FactKind)> {
    let columns = doc.outputs.values().filter_map(|io| Some((io.columns()?, FactKind::Columns)));
    let explicit = doc.explicit.keys().map(|digest| (*digest, FactKind::Explicit));
    columns.chain(explicit).chain(contents_of_named(&doc.before)).collect()
}

/// Puts a job's facts together.
pub(super) fn job_facts(doc: &JobDoc, contents: &Contents) -> JobFacts {
    let id = doc.id();
    let mut facts = JobFacts { job: id, io: Vec::new(), columns: Vec::new(), explicit: Vec::new() };
    for fact in &doc.facts {
        let seen = seen(fact.seen, fact.runs);
        add(
            &mut facts,
            (fact.kind, fact.dataset, fact.content),
            (seen, Origin::Observed),
            contents,
        );
    }
    if let Some(declared) = &doc.declared {
        let at = seen(Span::at(declared.stamp.at), 0);
        let said = &declared.value;
        let inputs = said.inputs.iter().map(|d| (FactKind::Input, Some(*d), None));
        let outputs = said.outputs.iter().map(|d| (FactKind::Output, Some(*d), None));
        let columns = said.columns.iter().map(|(d, c)| (FactKind::Columns, Some(*d), Some(*c)));
        let explicit = said.explicit.map(|c| (FactKind::Explicit, None, Some(c)));
        for key in inputs.chain(outputs).chain(columns).chain(explicit) {
            add(&mut facts, key, (at, Origin::Declared), contents);
        }
    }
    facts
}

type Key = (FactKind, Option<DatasetId>, Option<Digest>);

fn add(facts: &mut JobFacts, key: Key, (seen, origin): (Seen, Origin), contents: &Contents) {
    let (kind, dataset, content) = key;
    let content = content.and_then(|digest| contents.get(&digest)).map(AsRef::as_ref);
    match (kind, dataset, content) {
        (FactKind::Input, Some(dataset), _) => {
            facts.io.push(IoFact { dataset, direction: Direction::Input, seen, origin });
        }
        (FactKind::Output, Some(dataset), _) => {
            facts.io.push(IoFact { dataset, direction: Direction::Output, seen, origin });
        }
        (FactKind::Columns, Some(output), Some(Content::Columns(fields, dataset))) => {
            let (fields, dataset) = (fields.clone(), dataset.clone());
            facts.columns.push(ColumnFact { output, origin, seen, fields, dataset });
        }
        (FactKind::Explicit, _, Some(Content::Explicit(lineage))) => {
            let entries = lineage.entries.iter().map(|entry| explicit_entry(entry, facts.job));
            facts.explicit.push(ExplicitFact { origin, seen, entries: entries.collect() });
        }
        _ => {}
    }
}

/// Reads one entry of a job's explicit lineage facet.
pub(super) fn explicit_entry(entry: &LineageEntry, own: JobId) -> Entry {
    match entry {
        LineageEntry::Dataset { namespace, name, inputs, fields } => Entry {
            target: EntryTarget::Dataset(DatasetId::of(namespace, name)),
            inputs: entry_inputs(inputs.as_deref(), own),
            fields: entry_fields(fields, own),
        },
        LineageEntry::Job { namespace, name, inputs, .. } => Entry {
            target: EntryTarget::Job(job_ref(namespace.as_deref(), name.as_deref(), own)),
            inputs: entry_inputs(inputs.as_deref(), own),
            fields: Vec::new(),
        },
    }
}

fn entry_fields(
    fields: &std::collections::BTreeMap<String, LineageField>,
    own: JobId,
) -> Vec<(String, Vec<EntryInput>)> {
    fields
        .iter()
        .map(|(name, field)| (name.clone(), entry_inputs(Some(&field.inputs), own)))
        .collect()
}

fn entry_inputs(inputs: Option<&[LineageInput]>, own: JobId) -> Vec<EntryInput> {
    let input = |input: &LineageInput| match input {
        LineageInput::Dataset { namespace, name, field, transformations } => EntryInput {
            source: EntrySource::Dataset {
                dataset: DatasetId::of(namespace, name),
                field: field.clone().filter(|field| !field.is_empty()),
            },
            transformations: transformations.iter().cloned().map(transformation).collect(),
        },
        LineageInput::Job { namespace, name, transformations, .. } => EntryInput {
            source: EntrySource::Job(job_ref(namespace.as_deref(), name.as_deref(), own)),
            transformations: transformations.iter().cloned().map(transformation).collect(),
        },
    };
    inputs.unwrap_or_default().iter().map(input).collect()
}

/// Without namespace and name, the event's own job is meant.
fn job_ref(namespace: Option<&str>, name: Option<&str>, own: JobId) -> JobId {
    match (namespace, name) {
        (Some(namespace), Some(name)) => JobId::of(namespace, name),
        _ => own,
    }
}

/// Puts a dataset's own declared lineage together: its `lineage` facet, else the
/// `columnLineage` facet of a DatasetEvent.
pub(super) fn dataset_facts(doc: &DatasetDoc, bodies: &Bodies) -> Option<DatasetFacts> {
    let dataset = doc.id();
    let no_job = JobId(uuid::Uuid::nil());
    let declared_at = |stamp: Option<Stamp>| seen(Span::at(stamp.map_or(Time::MIN, |s| s.at)), 0);
    if let Some(stated) = doc.declared_lineage() {
        let facet: DatasetLineage = serde_json::from_str(bodies.get(&stated)?.get()).ok()?;
        return Some(DatasetFacts {
            dataset,
            seen: declared_at(doc.declared_lineage.as_ref().map(|said| said.stamp)),
            inputs: entry_inputs(facet.inputs.as_deref(), no_job),
            fields: entry_fields(&facet.fields, no_job),
        });
    }
    let stated = doc.declared_columns()?;
    let facet: ColumnLineage = serde_json::from_str(bodies.get(&stated)?.get()).ok()?;
    let (fields, of_all) = columns_of(facet);
    let inputs = |inputs: Vec<FieldInput>| inputs.into_iter().map(as_entry_input).collect();
    Some(DatasetFacts {
        dataset,
        seen: declared_at(doc.declared_columns.as_ref().map(|said| said.stamp)),
        inputs: inputs(of_all),
        fields: fields.into_iter().map(|(name, of_field)| (name, inputs(of_field))).collect(),
    })
}

fn as_entry_input(input: FieldInput) -> EntryInput {
    EntryInput {
        source: EntrySource::Dataset { dataset: input.dataset, field: input.field },
        transformations: input.transformations,
    }
}
