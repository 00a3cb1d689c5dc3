//! The tree, tested against the RFC's vectors and against the ct-merkle crate as an oracle.

use std::collections::HashMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::append::Edge;
use super::bundle::TreeRange;
use super::hash::Hash;
use super::proof::{ProofError, verify_consistency, verify_inclusion};
use super::query::{LOG_ENTRIES_MAX, TreeError, TreeQuery};
use super::tile::{Tile, TileId};

type Oracle = MemoryBackedTree<Sha256, Vec<u8>>;
type TileMap = HashMap<TileId, Tile>;

fn entry(index: u64) -> Vec<u8> {
    index.to_be_bytes().to_vec()
}

fn leaves(range: std::ops::Range<u64>) -> Vec<Hash> {
    range.map(|index| Hash::leaf(&entry(index))).collect()
}

fn store(tiles: &mut TileMap, changed: Vec<Tile>) {
    tiles.extend(changed.into_iter().map(|tile| (tile.id, tile)));
}

fn grown(size: u64) -> (Edge, TileMap) {
    let appended = Edge::default().append(&leaves(0..size)).unwrap();
    let mut tiles = TileMap::new();
    store(&mut tiles, appended.tiles);
    (appended.edge, tiles)
}

fn oracle(size: u64) -> Oracle {
    let mut tree = Oracle::new();
    (0..size).for_each(|index| tree.push(entry(index)));
    tree
}

fn oracle_root(tree: &Oracle) -> Hash {
    Hash::from_slice(tree.root().as_bytes().as_slice()).unwrap()
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn root(size: u64, tiles: &TileMap) -> Hash {
    let answer = TreeQuery::root(size).unwrap().answer(tiles).unwrap();
    answer.first().copied().unwrap_or_else(Hash::of_empty_tree)
}

/// The eight leaves and roots that Certificate Transparency's own tests use.
#[test]
fn known_roots_are_met() {
    let hex = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"];
    let mut entries: Vec<Vec<u8>> = hex.iter().map(|text| from_hex(text)).collect();
    entries.push((0x60..0x70).collect());
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::default();
    for (entry, expected) in entries.iter().zip(roots) {
        edge = edge.append(&[Hash::leaf(entry)]).unwrap().edge;
        assert_eq!(edge.root().to_string(), expected);
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn agrees_with_oracle(size: u64, others: &[u64]) {
    let (edge, tiles) = grown(size);
    let tree = oracle(size);
    let head = oracle_root(&tree);
    assert_eq!(edge.root(), head, "size {size}");
    assert_eq!(root(size, &tiles), head, "size {size}");
    for &other in others.iter().filter(|other| **other < size) {
        let inclusion = TreeQuery::inclusion(other, size).unwrap().answer(&tiles).unwrap();
        let theirs = tree.prove_inclusion(usize::try_from(other).unwrap());
        assert_eq!(bytes(&inclusion), theirs.as_bytes(), "{other} in {size}");
        let leaf = Hash::leaf(&entry(other));
        assert_eq!(verify_inclusion(leaf, other, size, &inclusion, head), Ok(()));
        if other > 0 {
            let consistency = TreeQuery::consistency(other, size).unwrap().answer(&tiles).unwrap();
            let theirs = tree.prove_consistency(usize::try_from(size - other).unwrap());
            assert_eq!(bytes(&consistency), theirs.as_bytes(), "{other} to {size}");
            let old = (other, root(other, &tiles));
            assert_eq!(verify_consistency(old, (size, head), &consistency), Ok(()));
        }
    }
}

#[test]
fn small_trees_agree_with_the_oracle_everywhere() {
    for size in 0..=33 {
        agrees_with_oracle(size, &(0..size).collect::<Vec<_>>());
    }
}

#[test]
fn borders_of_tiles_agree_with_the_oracle() {
    let borders = [0, 1, 254, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536];
    for size in [255, 256, 257, 65_535, 65_536, 65_537] {
        agrees_with_oracle(size, &borders);
    }
}

fn size_and_parts() -> impl Strategy<Value = (u64, Vec<u64>)> {
    (1..2_000_u64).prop_flat_map(|size| (Just(size), prop::collection::vec(0..size, 1..8)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_tree_agrees_with_the_oracle((size, others) in size_and_parts()) {
        agrees_with_oracle(size, &others);
    }

    /// However the leaves are dealt into batches, and however often the edge is loaded anew.
    #[test]
    fn appending_in_parts_is_appending_at_once((size, mut cuts) in size_and_parts()) {
        cuts.push(size);
        cuts.sort_unstable();
        let mut edge = Edge::default();
        let mut tiles = TileMap::new();
        for cut in cuts {
            let appended = edge.append(&leaves(edge.size()..cut)).unwrap();
            store(&mut tiles, appended.tiles);
            prop_assert!(Edge::tiles(cut).iter().all(|id| tiles.contains_key(id)));
            edge = Edge::load(cut, &tiles).unwrap();
            prop_assert_eq!(&edge, &appended.edge);
        }
        prop_assert_eq!((edge, tiles), grown(size));
    }

    #[test]
    fn a_question_needs_only_the_tiles_it_names((size, others) in size_and_parts()) {
        let (_, tiles) = grown(size);
        for other in others {
            for query in [
                TreeQuery::inclusion(other, size).unwrap(),
                TreeQuery::consistency(other, size).unwrap(),
                TreeQuery::frontier(other).unwrap(),
            ] {
                let named = query.tiles().into_iter().map(|id| (id, tiles[&id].clone()));
                prop_assert_eq!(query.answer(&named.collect::<TileMap>()), query.answer(&tiles));
            }
        }
    }

    #[test]
    fn a_range_resumed_from_its_frontier_grows_to_the_same_root((size, others) in size_and_parts()) {
        let (edge, tiles) = grown(size);
        let from = others[0];
        let frontier = TreeQuery::frontier(from).unwrap().answer(&tiles).unwrap();
        let mut range = TreeRange::resume(from, frontier).unwrap();
        leaves(from..size).into_iter().for_each(|leaf| range.push(leaf));
        prop_assert_eq!((range.size(), range.root()), (size, edge.root()));
    }

    /// A proof is bound to its index, size, hashes and their number.
    #[test]
    fn a_changed_proof_is_refused(
        (size, others) in size_and_parts(), bit: prop::sample::Index, shift in 1..5_u64,
    ) {
        let (edge, tiles) = grown(size);
        let (index, root) = (others[0], edge.root());
        let leaf = Hash::leaf(&entry(index));
        let proof = TreeQuery::inclusion(index, size).unwrap().answer(&tiles).unwrap();
        prop_assert!(verify_inclusion(leaf, index + shift, size, &proof, root).is_err());
        prop_assert!(verify_inclusion(leaf, index, size, &[&proof[..], &[leaf]].concat(), root).is_err());
        if !proof.is_empty() {
            prop_assert!(verify_inclusion(leaf, index, size, &proof[1..], root).is_err());
            let bit = bit.index(proof.len() * 256);
            let mut forged = proof;
            forged[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(verify_inclusion(leaf, index, size, &forged, root), Err(ProofError::Root));
        }
    }

    #[test]
    fn no_proof_panics(
        index: u64, size: u64, old: u64, proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<_> = proof.into_iter().map(Hash).collect();
        let hash = Hash::of(b"");
        prop_assert!(verify_inclusion(hash, index, size, &proof, Hash::of(b"x")).is_err());
        let _ = verify_consistency((old, hash), (size, hash), &proof);
    }
}

#[test]
fn what_no_tree_can_answer_is_refused() {
    let (_, tiles) = grown(300);
    assert_eq!(TreeQuery::inclusion(3, 3), Err(TreeError::Outside { asked: 3, size: 3 }));
    assert_eq!(TreeQuery::consistency(4, 3), Err(TreeError::Outside { asked: 4, size: 3 }));
    assert!(TreeQuery::root(LOG_ENTRIES_MAX + 1).is_err());
    let missing = TreeError::TileMissing { id: TileId { level: 0, index: 1 } };
    assert_eq!(TreeQuery::root(301).unwrap().answer(&tiles), Err(missing));
    assert_eq!(Edge::load(301, &tiles), Err(missing));
    assert!(TreeQuery::inclusion(7, LOG_ENTRIES_MAX).unwrap().answer(&tiles).is_err());
}

#[test]
fn trivial_consistency_is_shown_by_nothing() {
    let (empty, some) = (Hash::of_empty_tree(), Hash::of(b"root"));
    assert_eq!(verify_consistency((0, empty), (5, some), &[]), Ok(()));
    assert_eq!(verify_consistency((5, some), (5, some), &[]), Ok(()));
    assert_eq!(verify_consistency((5, some), (5, empty), &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency((0, some), (5, some), &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency((0, empty), (5, some), &[some]), Err(ProofError::Shape));
    assert_eq!(verify_consistency((6, some), (5, some), &[some]), Err(ProofError::Shape));
    assert_eq!(verify_consistency((4, some), (5, some), &[]), Err(ProofError::Shape));
}
