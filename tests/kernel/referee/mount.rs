//! This module knows what the kernel is asked about each image, and which tree of ours that is.

use std::fmt;

use discwright::filesystem::TreeKind;

/// One way to mount an image.
#[derive(Debug, Clone, Copy)]
pub struct Mount {
    /// The tree that the kernel then shows.
    pub tree: TreeKind,
    pub session: Option<u32>,
    pub judge: Judge,
    options: &'static str,
}

/// Who says what should be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// The kernel's module.
    Isofs,
    Udf,
    /// The folder of that name that the maker was given.
    Original(&'static str),
}

const fn isofs(tree: TreeKind, options: &'static str) -> Mount {
    Mount { tree, session: None, judge: Judge::Isofs, options }
}

const PRIMARY: Mount = isofs(TreeKind::Iso9660, "norock,nojoliet,map=off");
const ROCK_RIDGE: Mount = isofs(TreeKind::RockRidge, "nojoliet");
const JOLIET: Mount = isofs(TreeKind::Joliet, "norock,iocharset=utf8");
const UDF: Mount = Mount { tree: TreeKind::Udf, session: None, judge: Judge::Udf, options: "iocharset=utf8" };
const LARGE: Mount = Mount { judge: Judge::Original("large"), ..ROCK_RIDGE };
const RICH: Mount = Mount { judge: Judge::Original("rich"), ..ROCK_RIDGE };
const FIRST: Mount = Mount { session: Some(1), ..ROCK_RIDGE };
const LAST: Mount = Mount { options: "nojoliet,sbsector=START", ..ROCK_RIDGE };
const LAST_JOLIET: Mount = Mount { options: "norock,iocharset=utf8,sbsector=START", ..JOLIET };

const NOT_AT_ALL: &[Mount] = &[];
const ISO: &[Mount] = &[PRIMARY];
const ISO_JOLIET: &[Mount] = &[PRIMARY, JOLIET];
const ISO_RR: &[Mount] = &[PRIMARY, ROCK_RIDGE];
const ALL_ISO: &[Mount] = &[PRIMARY, ROCK_RIDGE, JOLIET];
const BRIDGE: &[Mount] = &[PRIMARY, ROCK_RIDGE, JOLIET, UDF];
const PURE_UDF: &[Mount] = &[UDF];

impl Mount {
    /// Under which name the guest keeps what it sees.
    pub fn listing(&self, image: &str) -> String {
        let start = if self.options.contains("START") { "-last" } else { "" };
        format!("{image}-{:?}{start}", self.tree)
    }

    /// For the guest; `start` is where the newest session begins. Nothing where it is not asked.
    pub fn line(&self, image: &str, start: &str) -> String {
        let options = self.options.replace("START", start);
        let kind = match self.judge {
            Judge::Isofs => "iso9660",
            Judge::Udf => "udf",
            Judge::Original(_) => return String::new(),
        };
        format!(
            "{} {image} {kind} {options}
",
            self.listing(image)
        )
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.judge {
            Judge::Isofs => write!(f, "mount -t iso9660 -o {}", self.options),
            Judge::Udf => write!(f, "mount -t udf -o {}", self.options),
            Judge::Original(folder) => write!(f, "what was in {folder}"),
        }
    }
}

macro_rules! images {
    ($($name:ident: $mounts:expr,)*) => {
        pub const IMAGES: &[(&str, &[Mount])] = &[$((stringify!($name), $mounts)),*];
        mod agreement {
            use super::*;
            $(#[test] fn $name() { super::super::assert_agrees(stringify!($name), $mounts); })*
        }
    };
}

images! {
    genisoimage_plain: ISO,
    genisoimage_level_1: ISO,
    genisoimage_relaxed: ISO,
    genisoimage_rock_ridge: &[PRIMARY, ROCK_RIDGE, RICH],
    genisoimage_joliet: ISO_JOLIET,
    genisoimage_joliet_rock_ridge: ALL_ISO,
    genisoimage_relocated: ISO_RR,
    genisoimage_relocated_visible: ALL_ISO,
    genisoimage_many: ALL_ISO,
    genisoimage_1999: ISO_RR,
    genisoimage_udf_bridge: BRIDGE,
    genisoimage_udf_dvd_video: BRIDGE,
    genisoimage_hfs: ALL_ISO,
    genisoimage_floppy: ISO_RR,
    genisoimage_two_boot_images: ALL_ISO,
    genisoimage_xa: ISO_RR,
    genisoimage_sessions: &[FIRST, LAST, LAST_JOLIET],
    implantisomd5_genisoimage: ALL_ISO,
    isohybrid_isolinux: ALL_ISO,
    isohybrid_uefi: ALL_ISO,
    xorriso_level_1: ISO,
    xorriso_level_2: ISO,
    xorriso_level_3_lowercase: ISO,
    xorriso_1999: ISO_RR,
    xorriso_rock_ridge: &[PRIMARY, ROCK_RIDGE, RICH],
    xorriso_joliet_rock_ridge: ALL_ISO,
    xorriso_joliet_long: ISO_JOLIET,
    xorriso_joliet_utf16: ALL_ISO,
    xorriso_native: ISO_RR,
    xorriso_md5: ISO_RR,
    xorriso_zisofs: ISO_RR,
    // The kernel does not know this version.
    xorriso_zisofs_v2: &[PRIMARY, LARGE],
    xorriso_relocated: ISO_RR,
    xorriso_relocated_to_the_root: ISO_RR,
    xorriso_deep: ALL_ISO,
    xorriso_hfsplus: ALL_ISO,
    xorriso_bios_and_uefi: ALL_ISO,
    xorriso_appended_partition: ALL_ISO,
    xorriso_partition_offset: ALL_ISO,
    xorriso_sessions: ISO_RR,
    xorriso_latin_1_names: ISO_RR,
    mkudffs_empty_cd: PURE_UDF,
    mkudffs_empty_dvdr_open: PURE_UDF,
    mkudffs_empty_dvdr_closed: PURE_UDF,
    // The kernel misreads its table of virtual addresses.
    mkudffs_empty_cdr_1_50: NOT_AT_ALL,
    mkudffs_empty_bdr: PURE_UDF,
    mkudffs_empty_strategy_4096: PURE_UDF,
    mkudffs_hd_512: PURE_UDF,
    mkudffs_hd_2048: PURE_UDF,
    mkudffs_hd_4096: PURE_UDF,
    mkudffs_1_02: PURE_UDF,
    mkudffs_1_50: PURE_UDF,
    mkudffs_short: PURE_UDF,
    mkudffs_long: PURE_UDF,
    mkudffs_no_efe: PURE_UDF,
    mkudffs_sparable: PURE_UDF,
    mkudffs_many: PURE_UDF,
    mkudffs_holes: PURE_UDF,
    mkudffs_deleted: PURE_UDF,
    bsdtar_default: ALL_ISO,
    bsdtar_joliet_long: ALL_ISO,
    bsdtar_plain: ISO,
    // It cannot unpack its own files, nor can anybody else: only what is stored is compared.
    bsdtar_zisofs: &[PRIMARY, JOLIET],
    bsdtar_relocated: ALL_ISO,
    bsdtar_1999: ALL_ISO,
    makefs_plain: ISO,
    makefs_rock_ridge: ISO_RR,
    makefs_relaxed: ISO,
    grub_rescue: ISO_RR,
    ipxe: ALL_ISO,
    memtest86_x64: ALL_ISO,
    memtest86_ia32: ALL_ISO,
}
