//! This module knows the `drive` line.

use serde::Serialize;

/// One drive, as far as it can be asked.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "event", rename = "drive")]
pub struct DriveLine {
    pub device: Option<String>,
    pub sg: Option<String>,
    pub vendor: String,
    pub product: String,
    pub revision: String,
    pub serial: Option<String>,
    /// The kind of the disc in it.
    pub medium: Option<String>,
    /// `None` where it could not be asked.
    pub state: Option<DriveState>,
    pub held_by: Vec<String>,
}

/// What a person would say of a drive at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DriveState {
    Empty,
    Open,
    NotReady,
    Blank,
    Appendable,
    Complete,
}

impl DriveState {
    pub fn words(self) -> &'static str {
        match self {
            DriveState::Empty => "no disc",
            DriveState::Open => "tray open",
            DriveState::NotReady => "not ready",
            DriveState::Blank => "blank",
            DriveState::Appendable => "appendable",
            DriveState::Complete => "complete",
        }
    }
}
