//! This module knows a whole image: its sessions, volumes, trees, and all that is to be said of them.

use super::boot::BootCatalogue;
use super::finding::Finding;
use super::hybrid::PartitionTable;
use super::length::{self, LengthVerdict};
use super::limits::Limits;
use super::reader::Reader;
use super::scan::{Scan, Scope};
use super::structure::Structure;
use super::tree::{Tree, TreeKind};
use super::volume::{SizeSource, Volume};
use super::{bridge, hybrid, iso9660, udf};
use crate::sector::{Lba, SectorSource};

/// What to read of an image, and how much.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    pub scope: Scope,
    /// This tree alone; by default the best one, or all of them where all is judged.
    pub tree: Option<TreeKind>,
    /// Counted from 1; by default the last.
    pub session: Option<u32>,
    /// Where sessions begin, as far as a drive says so; those that an image has are searched for.
    pub session_starts: &'a [Lba],
    pub limits: Limits,
    /// Asked now and then; true: stop where you are.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            scope: Scope::Names,
            tree: None,
            session: None,
            session_starts: &[],
            limits: Limits::default(),
            stop: &|| false,
        }
    }
}

/// One writing of a disc that was written to in several goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// From 1.
    pub number: u32,
    /// Its descriptors stand 16 sectors behind this, its anchor 256.
    pub start: Lba,
}

/// All that an image says, and all that is to be said of it.
#[derive(Debug, PartialEq)]
pub struct Image {
    /// In bytes.
    pub length: u64,
    /// At least one where there is any filesystem, in order.
    pub sessions: Vec<Session>,
    /// The one that was read.
    pub session: Option<Session>,
    pub volumes: Vec<Volume>,
    /// Those that were asked for, the best one first.
    pub trees: Vec<Tree>,
    pub boot: Option<BootCatalogue>,
    /// Those beside the filesystems, by which others than optical drives find what is on it.
    pub partition_tables: Vec<PartitionTable>,
    /// Every voice on how long the content is, in bytes.
    pub claims: Vec<(SizeSource, u64)>,
    /// What they come to; `None` unless all was judged.
    pub length_verdict: Option<LengthVerdict>,
    /// Everything on it that is no file's content and no directory.
    pub structures: Vec<Structure>,
    /// The worst first.
    pub findings: Vec<Finding>,
}

impl Image {
    /// Reads what is there. Damage is no error: it becomes findings, and the reading goes on where it can.
    /// `length` is that of the image in bytes, whose last sector need not be whole.
    pub fn read(source: &mut dyn SectorSource, length: u64, options: &Options<'_>) -> Image {
        let reader = Reader::new(source, length, &options.limits);
        let mut scan = Scan::new(reader, options.scope, options.limits, options.stop);
        let sessions = iso9660::sessions(&mut scan, options.session_starts);
        let session = match options.session {
            Some(number) => sessions.iter().find(|session| session.number == number).copied(),
            None => sessions.last().copied(),
        };
        let mut image = Image {
            length,
            sessions,
            session,
            volumes: Vec::new(),
            trees: Vec::new(),
            boot: None,
            partition_tables: Vec::new(),
            claims: Vec::new(),
            length_verdict: None,
            structures: Vec::new(),
            findings: Vec::new(),
        };
        let start = session.map_or(Lba(0), |session| session.start);
        let udf = udf::read(&mut scan, start, options.tree);
        // Of a bridge, the half that nobody asked for need not be walked to list the other.
        let lists_udf = options.tree.is_none() && !scan.judges() && udf.trees.iter().any(|tree| !tree.is_empty());
        let iso = iso9660::read(&mut scan, start, if lists_udf { Some(TreeKind::Udf) } else { options.tree });
        let hybrid = hybrid::read(&mut scan);
        image.volumes = [iso.volumes, udf.volumes, hybrid.volumes].concat();
        image.partition_tables = hybrid.tables;
        image.trees = udf.trees.into_iter().chain(iso.trees).collect();
        image.trees.sort_by_key(rank);
        image.boot = iso.boot;
        if scan.judges() {
            bridge::compare(&mut scan, &image.trees);
            let known = length::Known {
                sessions: &image.sessions,
                session: image.session,
                trees: &image.trees,
                udf: udf.geometry,
            };
            image.length_verdict = Some(length::judge(&mut scan, &known));
        }
        image.claims = std::mem::take(&mut scan.claims);
        image.structures = scan.structures.all().to_vec();
        image.findings = scan.findings.into_sorted();
        image
    }

    /// The tree that was asked for, or the best one.
    pub fn tree(&self, kind: Option<TreeKind>) -> Option<&Tree> {
        match kind {
            Some(kind) => self.trees.iter().find(|tree| tree.kind == kind),
            None => self.trees.first(),
        }
    }
}

/// A tree without files is a stub beside another, as Microsoft's bridges have it; else the order is that of how much a
/// tree can say of its files.
fn rank(tree: &Tree) -> (bool, u8) {
    let kind = match tree.kind {
        TreeKind::Udf => 0,
        TreeKind::RockRidge => 1,
        TreeKind::Joliet => 2,
        TreeKind::Enhanced => 3,
        TreeKind::Iso9660 => 4,
        TreeKind::HighSierra => 5,
    };
    (tree.is_empty(), kind)
}
