//! This module knows INQUIRY: what the virtual drive calls itself.

use crate::mmc::command::{Inquiry, InquiryData};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Inquiry { page, allocation } = request.parsed()?;
    if page.is_some() {
        return Err(Refusal::BAD_FIELD);
    }
    let data = InquiryData {
        qualifier: 0,
        device_type: InquiryData::OPTICAL,
        removable: true,
        version: 5,
        response_format: 2,
        flags: [0; 3],
        vendor: drive.model.vendor.clone(),
        product: drive.model.product.clone(),
        revision: drive.model.revision.clone(),
        rest: vec![0; 60],
    };
    Ok(super::answer(&data, allocation))
}
