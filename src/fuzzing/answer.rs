//! This module knows what holds for sense, commands and answers, whoever made them.

use std::fmt::Debug;

use super::Target;
use crate::bytes::Truncated;
use crate::mmc::command::*;
use crate::mmc::feature::*;
use crate::scsi::{Cdb, Sense};

/// What was understood of sense can be said again. INFORMATION beyond 32 bits has no place in the fixed format.
pub fn sense(bytes: &[u8]) {
    let Some(sense) = Sense::parse(bytes) else { return };
    let fits = sense.information.filter(|information| u32::try_from(*information).is_ok());
    assert_eq!(Sense::parse(&sense.emit_fixed()), Some(Sense { information: fits, ..sense }));
    let _ = crate::drive::Condition::of(&sense).to_string();
}

type Parse<T> = fn(&[u8]) -> Result<T, Truncated>;

/// The first byte says which answer the others are.
pub fn answer(bytes: &[u8]) {
    const ANSWERS: [Target; 34] = [
        settled::<Atip>,
        said_again::<AuthenticationSuccess>,
        settled::<BdDiscInformation>,
        settled::<BufferCapacity>,
        said_again::<Capacity>,
        said_again::<Configuration>,
        settled::<Copyright>,
        settled::<DiscInformation>,
        said_again::<DiscStructure>,
        settled::<EventStatus>,
        said_again::<FullToc>,
        said_again::<InquiryData>,
        said_again::<Mechanics>,
        said_again::<ModePages>,
        said_again::<Performance>,
        settled::<PhysicalFormat>,
        said_again::<ReadableFormats>,
        settled::<RegionState>,
        said_again::<SessionInformation>,
        said_again::<Streaming>,
        said_again::<Toc>,
        settled::<TrackInformation>,
        said_again::<WriteSpeeds>,
        filled_page::<Capabilities>,
        mode_page::<ErrorRecovery>,
        feature::<Aacs>,
        feature::<ProfileList>,
        feature::<RandomReadable>,
        feature::<RemovableMedium>,
        feature::<SerialNumber>,
        said_again::<FormatCapacities>,
        said_again::<FormatList>,
        mode_page::<WriteParameters>,
        said_again::<CueSheet>,
    ];
    let Some((which, bytes)) = bytes.split_first() else { return };
    if let Some(parse) = ANSWERS.get(usize::from(*which)) {
        parse(bytes);
    }
}

/// Any block of bytes that is understood as a command is made into a block that means the same.
pub fn command(bytes: &[u8]) {
    let Some(cdb) = Cdb::from_slice(bytes) else { return };
    meant_again::<Blank>(&cdb);
    meant_again::<CloseTrackSession>(&cdb);
    meant_again::<FormatUnit>(&cdb);
    meant_again::<GetConfiguration>(&cdb);
    meant_again::<GetEventStatus>(&cdb);
    meant_again::<GetPerformance>(&cdb);
    meant_again::<Inquiry>(&cdb);
    meant_again::<MechanismStatus>(&cdb);
    meant_again::<ModeSelect6>(&cdb);
    meant_again::<ModeSelect10>(&cdb);
    meant_again::<ModeSense6>(&cdb);
    meant_again::<ModeSense10>(&cdb);
    meant_again::<PreventAllow>(&cdb);
    meant_again::<Read10>(&cdb);
    meant_again::<Read12>(&cdb);
    meant_again::<ReadBufferCapacity>(&cdb);
    meant_again::<ReadCapacity>(&cdb);
    meant_again::<ReadCd>(&cdb);
    meant_again::<ReadDiscInformation>(&cdb);
    meant_again::<ReadDiscStructure>(&cdb);
    meant_again::<ReadFormatCapacities>(&cdb);
    meant_again::<ReadToc>(&cdb);
    meant_again::<ReadTrackInformation>(&cdb);
    meant_again::<ReportKey>(&cdb);
    meant_again::<RequestSense>(&cdb);
    meant_again::<ReserveTrack>(&cdb);
    meant_again::<Seek10>(&cdb);
    meant_again::<SendCueSheet>(&cdb);
    meant_again::<SendOpcInformation>(&cdb);
    meant_again::<SetCdSpeed>(&cdb);
    meant_again::<SetStreaming>(&cdb);
    meant_again::<StartStopUnit>(&cdb);
    meant_again::<SynchronizeCache>(&cdb);
    meant_again::<TestUnitReady>(&cdb);
    meant_again::<Write10>(&cdb);
    meant_again::<Write12>(&cdb);
    meant_again::<WriteAndVerify10>(&cdb);
}

fn meant_again<C: Command + Debug + PartialEq>(cdb: &Cdb) {
    if let Some(command) = C::from_cdb(cdb) {
        assert_eq!(C::from_cdb(&command.cdb()), Some(command));
    }
}

/// What was understood can be said again.
fn said_again<A: Answer + Debug + PartialEq>(bytes: &[u8]) {
    both_ways(bytes, A::parse, A::emit);
}

/// The same where fields may be missing at the end, which an emitter fills with zeros: what it says is final.
fn settled<A: Answer>(bytes: &[u8]) {
    filled(bytes, A::parse, A::emit);
}

fn mode_page<D: ModePageData + Debug + PartialEq>(bytes: &[u8]) {
    both_ways(bytes, D::parse, D::emit);
}

fn filled_page<D: ModePageData>(bytes: &[u8]) {
    filled(bytes, D::parse, D::emit);
}

fn feature<D: FeatureData + Debug + PartialEq>(bytes: &[u8]) {
    both_ways(bytes, D::parse, D::emit);
}

fn both_ways<T: Debug + PartialEq>(bytes: &[u8], parse: Parse<T>, emit: fn(&T) -> Vec<u8>) {
    if let Ok(told) = parse(bytes) {
        assert_eq!(parse(&emit(&told)), Ok(told));
    }
}

fn filled<T>(bytes: &[u8], parse: Parse<T>, emit: fn(&T) -> Vec<u8>) {
    if let Ok(told) = parse(bytes) {
        let said = emit(&told);
        let again = parse(&said).expect("what is said is understood");
        assert_eq!(emit(&again), said);
    }
}
