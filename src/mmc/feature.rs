//! This module knows the features: MMC's numbers and descriptors for what a drive can do.

use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::mmc::{Profile, text::name};

/// The code of a feature, MMC-5 5.3.
pub mod code {
    pub const PROFILE_LIST: u16 = 0x0000;
    pub const CORE: u16 = 0x0001;
    pub const MORPHING: u16 = 0x0002;
    pub const REMOVABLE_MEDIUM: u16 = 0x0003;
    pub const WRITE_PROTECT: u16 = 0x0004;
    pub const RANDOM_READABLE: u16 = 0x0010;
    pub const MULTI_READ: u16 = 0x001D;
    pub const CD_READ: u16 = 0x001E;
    pub const DVD_READ: u16 = 0x001F;
    pub const RANDOM_WRITABLE: u16 = 0x0020;
    /// Writing in increments.
    pub const INCREMENTAL_STREAMING: u16 = 0x0021;
    pub const FORMATTABLE: u16 = 0x0023;
    pub const DEFECT_MANAGEMENT: u16 = 0x0024;
    pub const RESTRICTED_OVERWRITE: u16 = 0x0026;
    pub const DVD_PLUS_RW: u16 = 0x002A;
    pub const DVD_PLUS_R: u16 = 0x002B;
    pub const RIGID_RESTRICTED_OVERWRITE: u16 = 0x002C;
    pub const CD_TRACK_AT_ONCE: u16 = 0x002D;
    pub const CD_MASTERING: u16 = 0x002E;
    /// DVD-R and -RW.
    pub const DVD_R_WRITE: u16 = 0x002F;
    pub const CD_RW_WRITE: u16 = 0x0037;
    pub const BD_R_PSEUDO_OVERWRITE: u16 = 0x0038;
    pub const DVD_PLUS_R_DL: u16 = 0x003B;
    pub const BD_READ: u16 = 0x0040;
    pub const BD_WRITE: u16 = 0x0041;
    pub const POWER_MANAGEMENT: u16 = 0x0100;
    pub const TIMEOUT: u16 = 0x0105;
    pub const DVD_CSS: u16 = 0x0106;
    pub const REAL_TIME_STREAMING: u16 = 0x0107;
    pub const SERIAL_NUMBER: u16 = 0x0108;
    pub const CPRM: u16 = 0x010B;
    pub const FIRMWARE_DATE: u16 = 0x010C;
    pub const AACS: u16 = 0x010D;
}

/// A feature descriptor, MMC-5 5.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// See [`code`].
    pub code: u16,
    /// 0 to 15.
    pub version: u8,
    /// Always current.
    pub persistent: bool,
    /// Holds now, with the medium that is in.
    pub current: bool,
    /// What follows the four bytes of the head; at most 255 bytes, by the standard a multiple of 4.
    pub data: Vec<u8>,
}

impl Feature {
    pub fn of<D: FeatureData>(data: &D) -> Self {
        Self { code: D::CODE, version: D::VERSION, persistent: false, current: true, data: data.emit() }
    }

    /// The meaning of its data; `None` where it is another feature, or its data is too short.
    pub fn read<D: FeatureData>(&self) -> Option<D> {
        if self.code == D::CODE { D::parse(&self.data).ok() } else { None }
    }

    /// # Errors
    /// Where a part of the head is missing; data may be shorter than it tells.
    pub(super) fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (code, flags, length) = (b.be_u16()?, b.u8()?, b.u8()?);
        let data = b.take(usize::from(length).min(b.rest().len()))?.to_vec();
        Ok(Self { code, version: bits(flags, 5, 2), persistent: bit(flags, 1), current: bit(flags, 0), data })
    }

    pub(super) fn emit(&self, out: &mut Composer) {
        let flags = bits(self.version, 3, 0) << 2 | u8::from(self.persistent) << 1 | u8::from(self.current);
        let data = self.data.get(..usize::from(u8::MAX)).unwrap_or(&self.data);
        out.be_u16(self.code).u8(flags).u8(u8::try_from(data.len()).unwrap_or(u8::MAX)).bytes(data);
    }
}

/// What the data of one feature means.
pub trait FeatureData: Sized {
    const CODE: u16;
    /// The version that a drive of today tells.
    const VERSION: u8;

    /// # Errors
    /// Where a field is missing.
    fn parse(data: &[u8]) -> Result<Self, Truncated>;

    fn emit(&self) -> Vec<u8>;
}

/// Feature 0000h, MMC-5 5.3: the profiles a drive knows, and whether each is current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileList(pub Vec<(Profile, bool)>);

impl FeatureData for ProfileList {
    const CODE: u16 = code::PROFILE_LIST;
    const VERSION: u8 = 0;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(data, "profile list");
        let mut profiles = Vec::new();
        while let Ok([high, low, flags, _]) = b.array() {
            profiles.push((Profile::from_number(u16::from_be_bytes([high, low])), bit(flags, 0)));
        }
        Ok(Self(profiles))
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        for (profile, current) in &self.0 {
            out.be_u16(profile.number()).u8(u8::from(*current)).u8(0);
        }
        out.finish()
    }
}

/// How a disc comes into the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    Caddy,
    Tray,
    /// Also slots, which have nothing that moves out.
    PopUp,
    Changer,
    /// A changer with a magazine.
    MagazineChanger,
    Reserved(u8),
}

impl Mechanism {
    /// From three bits.
    pub fn from_number(number: u8) -> Self {
        match number {
            0 => Mechanism::Caddy,
            1 => Mechanism::Tray,
            2 => Mechanism::PopUp,
            4 => Mechanism::Changer,
            5 => Mechanism::MagazineChanger,
            other => Mechanism::Reserved(bits(other, 2, 0)),
        }
    }

    pub fn number(self) -> u8 {
        match self {
            Mechanism::Caddy => 0,
            Mechanism::Tray => 1,
            Mechanism::PopUp => 2,
            Mechanism::Changer => 4,
            Mechanism::MagazineChanger => 5,
            Mechanism::Reserved(number) => bits(number, 2, 0),
        }
    }
}

/// Feature 0003h, MMC-5 5.3: what the drive can do with its tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovableMedium {
    pub mechanism: Mechanism,
    pub can_load: bool,
    pub can_eject: bool,
    pub can_lock: bool,
    /// A jumper says whether the drive is locked at power-on.
    pub prevent_jumper: bool,
    /// Tells a new disc by an event only after the host has asked for it.
    pub dbml: bool,
}

impl FeatureData for RemovableMedium {
    const CODE: u16 = code::REMOVABLE_MEDIUM;
    const VERSION: u8 = 2;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let flags = Cursor::new(data, "feature 0003h").u8()?;
        Ok(Self {
            mechanism: Mechanism::from_number(bits(flags, 7, 5)),
            can_load: bit(flags, 4),
            can_eject: bit(flags, 3),
            prevent_jumper: bit(flags, 2),
            dbml: bit(flags, 1),
            can_lock: bit(flags, 0),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let abilities = u8::from(self.can_load) << 4
            | u8::from(self.can_eject) << 3
            | u8::from(self.prevent_jumper) << 2
            | u8::from(self.dbml) << 1
            | u8::from(self.can_lock);
        vec![self.mechanism.number() << 5 | abilities, 0, 0, 0]
    }
}

/// Feature 0010h, MMC-5 5.3: in what pieces the medium is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomReadable {
    /// Bytes.
    pub block_bytes: u32,
    /// Blocks that are read at once: 1 on CD, 16 on DVD, 32 on BD.
    pub blocking: u16,
    /// Mode page 01h is there.
    pub error_recovery_page: bool,
}

impl FeatureData for RandomReadable {
    const CODE: u16 = code::RANDOM_READABLE;
    const VERSION: u8 = 0;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(data, "feature 0010h");
        let (block_bytes, blocking) = (b.be_u32()?, b.be_u16()?);
        Ok(Self { block_bytes, blocking, error_recovery_page: b.u8().is_ok_and(|flags| bit(flags, 0)) })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u32(self.block_bytes).be_u16(self.blocking).u8(u8::from(self.error_recovery_page)).u8(0);
        out.finish()
    }
}

/// Feature 0106h, MMC-5 5.3: the drive knows CSS; current while a disc with CSS is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DvdCss {
    pub css_version: u8,
}

impl FeatureData for DvdCss {
    const CODE: u16 = code::DVD_CSS;
    const VERSION: u8 = 0;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let [_, _, _, css_version] = Cursor::new(data, "feature 0106h").array()?;
        Ok(Self { css_version })
    }

    fn emit(&self) -> Vec<u8> {
        vec![0, 0, 0, self.css_version]
    }
}

/// Feature 0107h, MMC-5 5.3: how speeds are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RealTimeStreaming {
    /// READ BUFFER CAPACITY tells blocks.
    pub buffer_capacity_in_blocks: bool,
    /// SET CD SPEED is there.
    pub set_cd_speed: bool,
    /// Mode page 2Ah tells write speeds.
    pub mode_page_2a: bool,
    /// GET PERFORMANCE tells write speeds.
    pub write_speeds: bool,
    /// Stream writing.
    pub stream_writing: bool,
}

impl FeatureData for RealTimeStreaming {
    const CODE: u16 = code::REAL_TIME_STREAMING;
    const VERSION: u8 = 5;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let flags = Cursor::new(data, "feature 0107h").u8()?;
        Ok(Self {
            buffer_capacity_in_blocks: bit(flags, 4),
            set_cd_speed: bit(flags, 3),
            mode_page_2a: bit(flags, 2),
            write_speeds: bit(flags, 1),
            stream_writing: bit(flags, 0),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags = u8::from(self.buffer_capacity_in_blocks) << 4
            | u8::from(self.set_cd_speed) << 3
            | u8::from(self.mode_page_2a) << 2
            | u8::from(self.write_speeds) << 1
            | u8::from(self.stream_writing);
        vec![flags, 0, 0, 0]
    }
}

/// Feature 0108h, MMC-5 5.3: the serial number of the drive, without the blanks around it. What is no printable
/// ASCII has become `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialNumber(pub String);

impl FeatureData for SerialNumber {
    const CODE: u16 = code::SERIAL_NUMBER;
    const VERSION: u8 = 0;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        Ok(Self(name(data)))
    }

    fn emit(&self) -> Vec<u8> {
        let mut data = self.0.as_bytes().to_vec();
        data.resize(data.len().next_multiple_of(4), b' ');
        data
    }
}

/// Feature 010Dh, MMC-5 5.3: the drive knows AACS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aacs {
    /// Encrypts once more on the way to the host, with a key that changes.
    pub bus_encryption_capable: bool,
    pub binding_nonce: bool,
    /// Blocks for a binding nonce.
    pub binding_nonce_blocks: u8,
    /// Authentications at a time, 0 to 15.
    pub agids: u8,
    pub aacs_version: u8,
}

impl FeatureData for Aacs {
    const CODE: u16 = code::AACS;
    const VERSION: u8 = 2;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let [flags, binding_nonce_blocks, agids, aacs_version] = Cursor::new(data, "feature 010Dh").array()?;
        Ok(Self {
            bus_encryption_capable: bit(flags, 1),
            binding_nonce: bit(flags, 0),
            binding_nonce_blocks,
            agids: bits(agids, 3, 0),
            aacs_version,
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags = u8::from(self.bus_encryption_capable) << 1 | u8::from(self.binding_nonce);
        vec![flags, self.binding_nonce_blocks, bits(self.agids, 3, 0), self.aacs_version]
    }
}

#[cfg(test)]
mod tests;
