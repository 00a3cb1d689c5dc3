//! What the room's tests share: a signer, a record, a log in memory.

use std::collections::HashMap;

use ring::signature::{Ed25519KeyPair, KeyPair};
use uuid::Uuid;

use super::append::Edge;
use super::checkpoint::{Checkpoint, Trust};
use super::hash::Hash;
use super::note::{VerifierKey, cosign_note, sign_note};
use super::query::TreeQuery;
use super::receipt::Receipt;
use super::record::{Actor, Outcome, RECORD_VERSION, Record, Resource};
use super::tile::{Tile, TileId};
use crate::base::Time;

pub const ORIGIN: &str = "lethe.example/audit";

/// A named key pair; `new` draws a fresh one.
pub struct Signer {
    pub key: VerifierKey,
    pair: Ed25519KeyPair,
}

impl Signer {
    pub fn new(name: &str) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(&fastrand::u128(..).to_be_bytes());
        Self::seeded(name, &seed)
    }

    pub fn seeded(name: &str, seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        Self { key: VerifierKey::new(name, public).unwrap(), pair }
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.pair.sign(message).as_ref().try_into().unwrap()
    }

    pub fn note(&self, text: &str) -> String {
        sign_note(text, &self.key, |text| self.sign(text))
    }

    pub fn cosign(&self, note: &str) -> String {
        cosign_note(note, &self.key, |text| self.sign(text)).unwrap()
    }
}

pub fn record(log: &str, number: u64) -> Record {
    Record {
        v: RECORD_VERSION,
        log: log.to_owned(),
        id: Uuid::from_u128(number.into()),
        ts: Time::parse("2026-11-21").unwrap().plus_micros(number.cast_signed() * 1_000_000),
        actor: Actor {
            reference: "user:7".into(),
            kind: "user".into(),
            auth: Some("session".into()),
            token: None,
        },
        on_behalf_of: None,
        action: "dataset.read".into(),
        resource: Some(Resource {
            kind: "dataset".into(),
            id: number.to_string(),
            name: None,
            version: None,
        }),
        outcome: Outcome::Allowed,
        decision: None,
        purpose: None,
        request: None,
        change: None,
        pii: Vec::new(),
        ext: serde_json::Map::new(),
    }
}

/// A log with its tiles in memory, and a key that signs it.
pub struct Log {
    pub entries: Vec<Vec<u8>>,
    pub tiles: HashMap<TileId, Tile>,
    pub signer: Signer,
}

impl Log {
    pub fn of(size: u64) -> Self {
        Self::over((0..size).map(|i| record(ORIGIN, i).to_canonical().unwrap()).collect())
    }

    pub fn over(entries: Vec<Vec<u8>>) -> Self {
        let leaves: Vec<_> = entries.iter().map(|entry| Hash::leaf(entry)).collect();
        let tiles = Edge::default().append(&leaves).unwrap().tiles;
        let tiles = tiles.into_iter().map(|tile| (tile.id, tile)).collect();
        Self { entries, tiles, signer: Signer::seeded(ORIGIN, &[7; 32]) }
    }

    /// The same log with one record changed, signed by the same key.
    pub fn rewritten(&self, index: usize) -> Self {
        let mut entries = self.entries.clone();
        entries[index] = record(ORIGIN, 1_000_000).to_canonical().unwrap();
        Self::over(entries)
    }

    pub fn trust(&self) -> Trust {
        Trust::key(self.signer.key.clone())
    }

    pub fn answer(&self, query: &TreeQuery) -> Vec<Hash> {
        query.answer(&self.tiles).unwrap()
    }

    pub fn root(&self, size: u64) -> Hash {
        let root = self.answer(&TreeQuery::root(size).unwrap());
        root.first().copied().unwrap_or_else(Hash::of_empty_tree)
    }

    pub fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        self.answer(&TreeQuery::consistency(old, new).unwrap())
    }

    pub fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        self.answer(&TreeQuery::inclusion(index, size).unwrap())
    }

    pub fn checkpoint(&self, size: u64) -> String {
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root: self.root(size) };
        checkpoint.signed(&self.signer.key, |text| self.signer.sign(text))
    }

    pub fn receipt(&self, index: u64) -> Receipt {
        let size = self.entries.len() as u64;
        let (proof, checkpoint) = (self.inclusion(index, size), self.checkpoint(size));
        Receipt { index, proof, checkpoint, extra: None }
    }
}
