//! This module knows which format each kind of disc gets.

use crate::burn::plan::{Complaint, DefectManagement, Step};
use crate::drive::{Certification, CloseFunction, DiscStatus, FormatDescriptor, MediumKind, Writability, format_type};

/// Of a BD-R: sequential, with spare clusters, and without pseudo-overwrite, which few programs read.
const BD_R_SEQUENTIAL: u8 = 0b01;
/// Of a BD-RE with spare clusters: every cluster is looked at.
const BD_RE_CERTIFIED: u8 = 0b10;

const OPTION: &str = "--full";
const OTHER_OPTION: &str = "--defect-management";

/// `whole`: every sector is written or looked at, and not what makes the disc writable alone.
pub(super) fn formatting(
    disc: &Writability,
    whole: bool,
    defect_management: Option<DefectManagement>,
) -> Result<Vec<Step>, Complaint> {
    let no = |option, why| Err(Complaint::NoSuchOption { option, why });
    let kind = disc.kind;
    match (kind, defect_management) {
        (MediumKind::DvdRam, Some(DefectManagement::On)) => {}
        (MediumKind::DvdRam, Some(DefectManagement::Off)) => {
            return no(OTHER_OPTION, "it never is without spare sectors");
        }
        (MediumKind::BdRe | MediumKind::BdR, _) | (_, None) => {}
        (_, Some(_)) => return no(OTHER_OPTION, "only a bd-r or bd-re can have spare sectors or not"),
    }
    match kind {
        MediumKind::DvdPlusRw if whole => no(OPTION, "all but its beginning is formatted while it is used"),
        MediumKind::DvdPlusRw => {
            let format = FormatDescriptor { sub_type: 0, parameter: 0, ..offered(disc, &[format_type::DVD_PLUS_RW])? };
            let ends = [CloseFunction::StopFormat, CloseFunction::Session].map(Step::Close);
            Ok(as_usual(format).into_iter().chain(ends).collect())
        }
        MediumKind::DvdRw | MediumKind::DvdRwSequential => {
            let quick: &[u8] = if whole { &[] } else { &[format_type::QUICK] };
            let kinds = [quick, &[format_type::FULL_RW, format_type::FULL]].concat();
            Ok(as_usual(offered(disc, &kinds)?))
        }
        MediumKind::DvdRam => {
            let certification = if whole { Certification::AsUsual } else { Certification::LeftOut };
            Ok(vec![Step::Format(offered(disc, &[format_type::FULL])?, certification), Step::Synchronise])
        }
        MediumKind::BdRe => bd_re(disc, whole, defect_management),
        MediumKind::BdR if disc.status != DiscStatus::Empty || defect_management == Some(DefectManagement::Off) => {
            Err(Complaint::FormatsItself)
        }
        MediumKind::BdR if whole => no(OPTION, "what can be written once cannot be looked at before"),
        MediumKind::BdR => {
            let offer = offered(disc, &[format_type::BD_R_WITH_SPARES])?;
            Ok(as_usual(FormatDescriptor { sub_type: BD_R_SEQUENTIAL, ..offer }))
        }
        MediumKind::CdR
        | MediumKind::CdRw
        | MediumKind::DvdR
        | MediumKind::DvdRDl
        | MediumKind::DvdPlusR
        | MediumKind::DvdPlusRDl => Err(Complaint::NotFormatted),
        MediumKind::CdRom
        | MediumKind::DvdRom
        | MediumKind::DvdRwDl
        | MediumKind::DvdPlusRwDl
        | MediumKind::BdRom
        | MediumKind::HdDvdRom
        | MediumKind::HdDvdR
        | MediumKind::HdDvdRw
        | MediumKind::HdDvdRam
        | MediumKind::Unknown => Err(Complaint::NotRewritable),
    }
}

fn bd_re(disc: &Writability, whole: bool, defect_management: Option<DefectManagement>) -> Result<Vec<Step>, Complaint> {
    let no = |why| Err(Complaint::NoSuchOption { option: OPTION, why });
    match (defect_management, whole) {
        (Some(DefectManagement::Off), true) => no("without spare sectors nothing is looked at"),
        (Some(DefectManagement::Off), false) => Ok(as_usual(offered(disc, &[format_type::BD_RE_WITHOUT_SPARES])?)),
        (Some(DefectManagement::On) | None, false) => {
            Ok(as_usual(offered(disc, &[format_type::FULL, format_type::BD_RE_WITH_SPARES])?))
        }
        (Some(DefectManagement::On) | None, true) if !disc.abilities.certifies => {
            no("the drive does not look at sectors while it formats")
        }
        (Some(DefectManagement::On) | None, true) => {
            let offer = offered(disc, &[format_type::BD_RE_WITH_SPARES])?;
            Ok(as_usual(FormatDescriptor { sub_type: BD_RE_CERTIFIED, ..offer }))
        }
    }
}

fn as_usual(format: FormatDescriptor) -> Vec<Step> {
    vec![Step::Format(format, Certification::AsUsual), Step::Synchronise]
}

/// The first of these types that the drive offers.
fn offered(disc: &Writability, kinds: &[u8]) -> Result<FormatDescriptor, Complaint> {
    let offers = disc.format.as_ref().map(|format| format.offers.as_slice()).unwrap_or_default();
    let found = kinds.iter().find_map(|kind| offers.iter().find(|offer| offer.kind == *kind));
    found.copied().ok_or(Complaint::CannotFormat)
}
