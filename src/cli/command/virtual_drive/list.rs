//! This module knows the command `virtual list`.

use crate::attachment::{Listed, Liveness, Register};
use crate::cli::failure::Report;
use crate::cli::json::AttachmentLine;
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::sheet::Sheet;
use crate::linux::tcmu::Target;

pub fn run(session: &Session) -> Report {
    let listed = Register::default().list(&Target::existing());
    if listed.is_empty() {
        session.voice.tell("no drive in software is attached");
    }
    let mut sheet = Sheet::default();
    for one in &listed {
        session.voice.json(&AttachmentLine::from(one));
        row(&mut sheet, one);
    }
    if !listed.is_empty() {
        session.voice.print(sheet);
    }
    Report::ok(counted(listed.len().try_into().unwrap_or(u64::MAX), "drive"))
}

fn row(sheet: &mut Sheet, Listed { record, liveness }: &Listed) {
    let nodes = [&record.device, &record.sg].into_iter().flatten();
    let nodes: Vec<String> = nodes.map(|node| node.display().to_string()).collect();
    let nodes = if nodes.is_empty() { "no node".to_owned() } else { nodes.join(" ") };
    let served = match liveness {
        Liveness::Served => format!("served by process {}", record.pid),
        Liveness::Dead => "dead: `discwright virtual detach` takes it away".to_owned(),
    };
    let disc = if record.disc.is_empty() { "disc not known" } else { &record.disc };
    let log = record.log.as_ref().map(|log| format!(", log {}", log.display())).unwrap_or_default();
    sheet.row(record.number.to_string(), format!("{nodes}, {disc}, {served}{log}"));
}
