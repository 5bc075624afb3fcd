//! This module knows who made a drive.

use super::{Drive, DriveError};
use crate::mmc::command::{Configuration, GetConfiguration, Which};
use crate::mmc::command::{Inquiry, InquiryData};
use crate::mmc::feature;

/// What a drive says of itself; behind some bridges, what the bridge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub vendor: String,
    pub product: String,
    pub revision: String,
    pub serial: Option<String>,
}

impl Drive {
    /// Asks the drive who it is.
    ///
    /// # Errors
    /// [`DriveError::NotOptical`] where it is something else.
    pub fn identify(&mut self) -> Result<Identity, DriveError> {
        const LENGTH: u16 = 96;
        const SHORT: u16 = 36;
        let long = Inquiry { page: None, allocation: LENGTH };
        let answer: Option<InquiryData> = match self.ask(&long, LENGTH)? {
            Some(answer) => Some(answer),
            None => self.ask(&Inquiry { page: None, allocation: SHORT }, SHORT)?,
        };
        let answer = answer.ok_or(DriveError::BadAnswer { command: "INQUIRY" })?;
        if answer.device_type != InquiryData::OPTICAL {
            return Err(DriveError::NotOptical { device_type: answer.device_type });
        }
        let identity = Identity {
            vendor: answer.vendor.trim().to_owned(),
            product: answer.product.trim().to_owned(),
            revision: answer.revision.trim().to_owned(),
            serial: self.serial_number()?,
        };
        self.identity = Some(identity.clone());
        Ok(identity)
    }

    /// From the feature of that name, then from INQUIRY's page.
    fn serial_number(&mut self) -> Result<Option<String>, DriveError> {
        const LENGTH: u16 = 64;
        let question = GetConfiguration { which: Which::One, from: feature::code::SERIAL_NUMBER, allocation: LENGTH };
        let answer: Option<Configuration> = self.ask(&question, LENGTH)?;
        let told = answer.as_ref().and_then(|a| a.feature(feature::code::SERIAL_NUMBER)).map(|f| printable(&f.data));
        if let Some(serial) = told.filter(|s| !s.is_empty()) {
            return Ok(Some(serial));
        }
        const PAGE: u8 = 0x80;
        let page = self.ask_bytes(&Inquiry { page: Some(PAGE), allocation: LENGTH }, LENGTH)?.unwrap_or_default();
        // Byte 1 tells which page it is: drives that know no pages answer with the standard data.
        let Some((&[_, PAGE, _, length], serial)) = page.split_first_chunk() else { return Ok(None) };
        let serial = printable(serial.get(..usize::from(length)).unwrap_or(serial));
        Ok(Some(serial).filter(|s| !s.is_empty()))
    }
}

/// The printable ASCII of a field that is padded with blanks or zeros.
pub(super) fn printable(bytes: &[u8]) -> String {
    let text: String = bytes.iter().filter(|b| (0x20..0x7F).contains(*b)).map(|&b| char::from(b)).collect();
    text.trim().to_owned()
}
