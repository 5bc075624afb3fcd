//! This module knows what stands on recordable CDs beside the tables of pressed ones: groove, PMA, and where a next
//! session may begin.

use crate::mmc::Msf;
use crate::mmc::command::{Atip, FullToc, FullTocEntry};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::recordable::cd::{FIRST_LEAD_OUT, LATER_LEAD_OUT, LEAD_IN};
use crate::virtual_drive::disc::{Disc, Made, Stock};

/// Other things than positions.
const ADR_POINTERS: u8 = 5;
/// The groove's own data, as the lead-in repeats it.
const GROOVE: u8 = 0xC0;

/// The disc as it came out of its box; `None` of pressed ones, and of what is no CD.
fn stock(disc: &dyn Disc) -> Option<Stock> {
    let written_here = disc.recordable().map(|disc| disc.stock().clone());
    written_here.or_else(|| Stock::usual(disc.kind())).filter(|stock| stock.lead_in().is_some())
}

/// What the groove says.
pub fn atip(disc: &dyn Disc) -> Option<Atip> {
    let stock = stock(disc)?;
    let rewritable = stock.kind.made() == Made::Rewritable;
    Some(Atip {
        writing_power: if rewritable { 5 } else { 4 },
        reference_speed: u8::from(rewritable),
        unrestricted_use: false,
        rewritable,
        // A CD-RW of high speed has more to tell: from 4x to 10x.
        sub_type: if rewritable { 1 } else { 3 },
        lead_in: stock.lead_in()?,
        last_lead_out: Some(stock.last_lead_out()),
        additional: [rewritable.then_some([0x24, 0, 0]), None, None],
    })
}

/// The tracks that are closed, in a session that is open too: from where to where.
pub fn pma(disc: &dyn Disc) -> Option<FullToc> {
    let record = disc.recordable()?.cd()?;
    let closed = record.tracks().filter(|(_, _, track)| track.closed);
    let entries = closed.map(|(number, _, track)| FullTocEntry {
        session: 0,
        adr: 1,
        control: super::super::control_of(track.mode),
        tno: 0,
        point: u8::try_from(number).unwrap_or(u8::MAX),
        msf: time(Lba(track.end())),
        zero: 0,
        pmsf: time(Lba(track.start)),
    });
    Some(FullToc { first_session: 0, last_session: 0, entries: entries.collect() })
}

/// In the lead-in of a session behind which another may come: where that is, and how large the disc is.
pub fn next_session(disc: &dyn Disc, session: u8) -> Vec<FullTocEntry> {
    let Some((recordable, record)) = disc.recordable().and_then(|disc| Some((disc, disc.cd()?))) else {
        return Vec::new();
    };
    let layout = disc.layout();
    if record.finalized && session >= layout.sessions() {
        return Vec::new();
    }
    let is_first = session == 1;
    let gap = SectorCount(if is_first { FIRST_LEAD_OUT } else { LATER_LEAD_OUT }.saturating_add(LEAD_IN));
    let next = FullTocEntry {
        session,
        adr: ADR_POINTERS,
        control: layout.tracks_of(session).next().map_or(4, |track| super::super::control_of(track.mode)),
        tno: 0,
        point: FullTocEntry::NEXT_SESSION,
        msf: time(layout.lead_out(session).saturating_add(gap)),
        // How many pointers there are.
        zero: if is_first { 2 } else { 1 },
        pmsf: recordable.stock().last_lead_out(),
    };
    // Power and speed of the groove, and where its lead-in begins.
    let pmsf = recordable.stock().lead_in().unwrap_or_default();
    let groove = FullTocEntry { point: GROOVE, msf: Msf::new(0x40, 0, 0x98), zero: 0, pmsf, ..next };
    if is_first { vec![next, groove] } else { vec![next] }
}

fn time(lba: Lba) -> Msf {
    Msf::from_lba(lba).unwrap_or(Msf::new(89, 59, 74))
}
