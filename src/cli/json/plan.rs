//! This module knows the `plan` line.

use serde::Serialize;

use super::rounded;
use crate::burn::{Left, Plan, Simulation};

/// How an image will be written.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "plan")]
pub struct PlanLine {
    medium: String,
    media_id: Option<String>,
    mode: String,
    lba: u32,
    /// Sectors that are there from an earlier burn.
    resumes: Option<u32>,
    /// `None` where the image ends when it ends.
    bytes: Option<u64>,
    sectors: Option<u32>,
    padding_bytes: Option<u64>,
    room: u32,
    speed_kb_s: Option<u32>,
    layer_break: Option<u32>,
    steps: Vec<&'static str>,
    /// Sectors behind that count, and that no drive reads.
    run_out_sectors: u32,
    left: &'static str,
    simulation: &'static str,
    overwrites: bool,
    grows: bool,
    seconds: Option<f64>,
}

impl From<&Plan> for PlanLine {
    fn from(plan: &Plan) -> Self {
        Self {
            medium: plan.kind.to_string(),
            media_id: plan.media_id.clone(),
            mode: plan.mode.to_string(),
            lba: plan.start.0,
            resumes: plan.resumes.map(|there| there.0),
            bytes: plan.image_bytes,
            sectors: plan.sectors.map(|sectors| sectors.0),
            padding_bytes: plan.padding_bytes,
            room: plan.room.0,
            speed_kb_s: plan.speed.map(|speed| speed.write_kb_s),
            layer_break: plan.layer_break.map(|sectors| sectors.0),
            steps: plan.prepare.iter().chain(&plan.finish).map(|step| step.doing()).collect(),
            run_out_sectors: plan.run_out.0,
            left: match plan.left {
                Left::Closed => "closed",
                Left::Open => "open",
                Left::Rewritable => "rewritable",
            },
            simulation: match plan.simulation {
                Simulation::No => "no",
                Simulation::LaserOff => "laser-off",
                Simulation::PlanAlone => "plan-alone",
            },
            overwrites: plan.overwrites,
            grows: plan.grows,
            seconds: plan.time.map(|time| rounded(time.as_secs_f64(), 0)),
        }
    }
}
