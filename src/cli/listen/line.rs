//! This module knows how progress reads on one line of a terminal or a log.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::cli::quantity::{bytes_of, left, percent, rate, times};
use crate::event::{Phase, Progress};

/// A command that takes longer than this is told in the place of the speed.
const WORTH_TELLING: Duration = Duration::from_secs(2);
const BAR: std::ops::RangeInclusive<usize> = 10..=30;
/// Narrower than this there is no bar, narrower than that only percent and time left.
const ROOM_FOR_A_BAR: usize = 60;
const ROOM_FOR_MORE: usize = 40;
const SPEED_COLUMNS: usize = 16;
const LEFT_COLUMNS: usize = 13;
const BUSY_COLUMNS: usize = 13;

/// What is being done, as a person says it.
pub fn doing(phase: Phase) -> &'static str {
    match phase {
        Phase::Wait => "waiting for the drive",
        Phase::Calibrate => "calibrating",
        Phase::Read => "reading",
        Phase::Retry => "retrying",
        Phase::Hash => "hashing",
        Phase::Check => "checking",
        Phase::Compare => "comparing",
        Phase::Sync => "writing to disk",
        Phase::Write => "writing",
        Phase::Close => "closing",
        Phase::Blank => "blanking",
        Phase::Format => "formatting",
    }
}

/// One line for a terminal that is `width` columns wide; the last column stays free, since some terminals wrap there.
pub fn for_terminal(progress: &Progress, width: usize) -> String {
    let room = width.saturating_sub(1);
    let mut fields: Vec<String> = Vec::new();
    fields.push(format!("{:>3}%", shown_percent(progress)));
    if progress.of.is_zero() {
        fields = vec![format!("{} ...", doing(progress.phase))];
    } else if progress.phase != Phase::Read {
        fields.push(format!(" {}", doing(progress.phase)));
    }
    let bar_place = fields.len();
    if width < ROOM_FOR_MORE {
        fields.truncate(1);
        if !progress.bad_sectors.is_zero() {
            fields.push(format!("  {} bad", progress.bad_sectors));
        }
        fields.extend(time_left(progress));
        fit(&mut fields, room);
        return cut(&fields, room);
    }
    if !progress.of.is_zero() {
        fields.push(format!("  {}", amount(progress)));
    }
    if !progress.bad_sectors.is_zero() {
        fields.push(format!("  {} bad", progress.bad_sectors));
    }
    fields.push(speed(progress));
    fields.push(time_left(progress).unwrap_or_else(|| blanks_until_known(progress, LEFT_COLUMNS)));
    fields.push(busy(progress).unwrap_or_else(|| blanks_until_known(progress, BUSY_COLUMNS)));
    if width >= ROOM_FOR_A_BAR && !progress.of.is_zero() {
        fit(&mut fields, room.saturating_sub(BAR.start() + 3));
        let taken: usize = fields.iter().map(|f| f.width()).sum();
        let length = room.saturating_sub(taken + 3).clamp(*BAR.start(), *BAR.end());
        fields.insert(bar_place.min(fields.len()), format!(" {}", bar(progress, length)));
    }
    fit(&mut fields, room);
    cut(&fields, room)
}

/// Where something will be told soon, its place is kept, so that nothing jumps.
fn blanks_until_known(progress: &Progress, columns: usize) -> String {
    " ".repeat(if is_steady(progress) { columns } else { 0 })
}

/// Whether speed and time left will be told.
fn is_steady(progress: &Progress) -> bool {
    progress.one_x.is_some() && !progress.of.is_zero()
}

fn amount(progress: &Progress) -> String {
    match progress.phase {
        Phase::Retry => {
            let of = progress.of.to_string();
            format!("{:>width$}/{of} sectors", progress.done.0, width = of.len())
        }
        Phase::Close | Phase::Blank | Phase::Format => String::new(),
        Phase::Wait
        | Phase::Calibrate
        | Phase::Read
        | Phase::Hash
        | Phase::Check
        | Phase::Compare
        | Phase::Sync
        | Phase::Write => bytes_of(progress.done.bytes(), progress.of.bytes()),
    }
}

/// The same for a log, where nothing needs to stand still.
pub fn for_log(progress: &Progress) -> String {
    let mut words = vec![doing(progress.phase).to_owned()];
    if !progress.of.is_zero() {
        words.push(format!("{}%", percent(progress.done.0.into(), progress.of.0.into())));
        words.push(amount(progress).trim_start().to_owned());
    }
    words.push(speed(progress).split_whitespace().collect::<Vec<_>>().join(" "));
    words.extend(time_left(progress).map(|t| t.trim_start().to_owned()));
    if !progress.bad_sectors.is_zero() {
        words.push(format!("{} bad", progress.bad_sectors));
    }
    words.extend(busy(progress).map(|b| b.split_whitespace().collect::<Vec<_>>().join(" ")));
    words.retain(|w| !w.is_empty());
    words.join("  ")
}

/// While bytes are still on their way to the disk, not all is done.
fn shown_percent(progress: &Progress) -> u64 {
    let percent = percent(progress.done.0.into(), progress.of.0.into());
    match progress.phase {
        Phase::Read | Phase::Retry | Phase::Write => percent.min(99),
        Phase::Wait
        | Phase::Calibrate
        | Phase::Hash
        | Phase::Check
        | Phase::Compare
        | Phase::Sync
        | Phase::Close
        | Phase::Blank
        | Phase::Format => percent,
    }
}

fn bar(progress: &Progress, length: usize) -> String {
    let done = u64::from(progress.done.0) * u64::try_from(length).unwrap_or(0) / u64::from(progress.of.0).max(1);
    let done = usize::try_from(done).unwrap_or(length).min(length);
    let head = if done < length { ">" } else { "" };
    format!("[{}{head}{}]", "=".repeat(done), " ".repeat(length - done - head.len()))
}

/// 16 columns, or none where nothing is known. A single sector that is tried again has no speed.
fn speed(progress: &Progress) -> String {
    if let Some(waiting) = progress.waiting.filter(|w| *w > WORTH_TELLING) {
        return format!("{:>16}", format!("waiting {} s", waiting.as_secs()));
    }
    let Some(bytes_per_second) = known_speed(progress) else {
        return blanks_until_known(progress, SPEED_COLUMNS);
    };
    match progress.one_x.filter(|x| *x > 0.0) {
        Some(one_x) => format!("  {} {}", times(bytes_per_second / one_x), rate(bytes_per_second)),
        None => format!("  {}", rate(bytes_per_second)),
    }
}

fn known_speed(progress: &Progress) -> Option<f64> {
    let is_of_sectors = progress.phase != Phase::Retry && !progress.phase.is_of_the_drive_alone();
    progress.bytes_per_second.filter(|_| !progress.of.is_zero() && is_of_sectors)
}

fn time_left(progress: &Progress) -> Option<String> {
    if progress.of.is_zero() {
        return None;
    }
    let about = if progress.bad_sectors.is_zero() { "" } else { "~" };
    progress.eta.map(|eta| format!("  {:>6} left", format!("{about}{}", left(eta))))
}

fn busy(progress: &Progress) -> Option<String> {
    progress
        .drive_busy
        .filter(|_| progress.bytes_per_second.is_some())
        .map(|b| format!("  busy {:>5.1}%", (b * 1000.0).floor() / 10.0))
}

/// Drops fields from the right until the rest has room.
fn fit(fields: &mut Vec<String>, room: usize) {
    while fields.len() > 1 && fields.iter().map(|f| f.width()).sum::<usize>() > room {
        fields.pop();
    }
}

fn cut(fields: &[String], room: usize) -> String {
    fields.concat().trim_end().chars().take(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::SectorCount;
    use proptest::prelude::*;

    fn reading(done: u32, of: u32) -> Progress {
        Progress { done: SectorCount(done), of: SectorCount(of), ..Progress::begin(Phase::Read) }
    }

    fn in_full_swing() -> Progress {
        Progress {
            bytes_per_second: Some(5.9e6),
            one_x: Some(153_600.0),
            eta: Some(Duration::from_secs(42)),
            drive_busy: Some(0.998),
            ..reading(197_400, 317_400)
        }
    }

    #[test]
    fn eighty_columns_hold_all_that_matters() {
        assert_eq!(
            for_terminal(&in_full_swing(), 80),
            " 62% [===========>      ]  404/650 MB  38.4x 5.9 MB/s    0:42 left  busy  99.8%"
        );
    }

    #[test]
    fn a_hanging_command_is_told_in_the_place_of_the_speed() {
        let progress = Progress { waiting: Some(Duration::from_secs(7)), ..in_full_swing() };
        let line = for_terminal(&progress, 80);
        assert_eq!(line, " 62% [===========>      ]  404/650 MB     waiting 7 s    0:42 left  busy  99.8%");
        assert_eq!(line.len(), for_terminal(&in_full_swing(), 80).len());
    }

    #[test]
    fn bad_sectors_take_room_from_the_bar() {
        let progress = Progress { bad_sectors: SectorCount(12), drive_busy: Some(0.5), ..in_full_swing() };
        assert_eq!(
            for_terminal(&progress, 80),
            " 62% [======>   ]  404/650 MB  12 bad  38.4x 5.9 MB/s   ~0:42 left  busy  50.0%"
        );
    }

    #[test]
    fn bad_sectors_are_the_last_to_go() {
        let progress = Progress { bad_sectors: SectorCount(148), ..in_full_swing() };
        assert_eq!(for_terminal(&progress, 60), " 62% [=========>     ]  404/650 MB  148 bad  38.4x 5.9 MB/s");
        assert_eq!(for_terminal(&progress, 40), " 62%  404/650 MB  148 bad");
        assert_eq!(for_terminal(&progress, 24), " 62%  148 bad");
    }

    #[test]
    fn nothing_jumps_when_more_is_known() {
        let early = Progress { one_x: Some(153_600.0), ..reading(0, 317_400) };
        assert_eq!(for_terminal(&early, 80), "  0% [>                 ]    0/650 MB");
    }

    #[test]
    fn single_sectors_are_counted() {
        let progress = Progress { phase: Phase::Retry, done: SectorCount(9), of: SectorCount(12), ..in_full_swing() };
        assert_eq!(for_log(&progress), "retrying  75%  9/12 sectors  0:42 left  busy 99.8%");
    }

    #[test]
    fn narrow_terminals_lose_the_bar_and_then_the_rest() {
        assert_eq!(for_terminal(&in_full_swing(), 59), " 62%  404/650 MB  38.4x 5.9 MB/s    0:42 left  busy  99.8%");
        assert_eq!(for_terminal(&in_full_swing(), 41), " 62%  404/650 MB  38.4x 5.9 MB/s");
        assert_eq!(for_terminal(&in_full_swing(), 30), " 62%    0:42 left");
        assert_eq!(for_terminal(&in_full_swing(), 4), " 62");
    }

    #[test]
    fn all_read_is_not_all_on_disk() {
        assert!(for_terminal(&reading(100, 100), 80).starts_with(" 99%"));
        let synced = Progress { phase: Phase::Sync, ..reading(100, 100) };
        assert!(for_terminal(&synced, 80).starts_with("100% writing to disk [====="));
    }

    #[test]
    fn where_there_is_no_whole_there_is_no_share() {
        let waiting = Progress { phase: Phase::Wait, waiting: Some(Duration::from_secs(12)), ..reading(0, 0) };
        assert_eq!(for_terminal(&waiting, 80), "waiting for the drive ...    waiting 12 s");
    }

    #[test]
    fn a_log_needs_no_columns() {
        assert_eq!(for_log(&in_full_swing()), "reading  62%  404/650 MB  38.4x 5.9 MB/s  0:42 left  busy 99.8%");
        assert_eq!(for_log(&reading(0, 317_400)), "reading  0%  0/650 MB");
    }

    proptest! {
        #[test]
        fn no_line_reaches_the_last_column(
            done in any::<u32>(),
            of in any::<u32>(),
            bad in any::<u32>(),
            width in 0..200_usize,
            speed in any::<Option<u32>>(),
            eta in any::<Option<u32>>(),
            busy in proptest::option::of(0.0..1.0),
        ) {
            let progress = Progress {
                bad_sectors: SectorCount(bad),
                bytes_per_second: speed.map(f64::from),
                one_x: Some(153_600.0),
                eta: eta.map(|s| Duration::from_secs(s.into())),
                drive_busy: busy,
                ..reading(done.min(of), of)
            };
            prop_assert!(for_terminal(&progress, width).width() <= width.saturating_sub(1));
        }
    }
}
