use std::io;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::clock::SimulatedClock;
use crate::scsi::wrap::{Player, Recorder};
use crate::scsi::{Sense, SenseKey};

const EXAMPLE: &str = "\
discwright-trace 1
max-transfer 131072
shortest-timeout 7
serial masked
sector-data digest

> 12 00 00 00 24 00  in 36  timeout 30  at 0.000017
< good 36  took 0.000412
  0000  05 80 05 32 1f 00 00 00  48 4c 2d 44 54 2d 53 54  |...2....HL-DT-ST|
  0010  42 44 2d 52 45 20 42 55  34 30 4e 20 20 20 20 20  |BD-RE BU40N     |
  0020  31 2e 30 33                                       |1.03|

> 55 10 00 00 00 00 00 00 10 00  out 16  timeout 30  at 0.001000
  0000  00 00 00 00 00 00 00 00  01 06 00 00 00 00 00 00  |................|
< check-condition 16  took 0.000200
  sense 70 00 05 00 00 00 00 0a 00 00 00 00 26 00 00 00 00 00

> ad 00 00 00 00 00 00 00 00 40 00 00  in 64  timeout 30  at 0.002000
< good 64  took 0.000100
  0000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
  0010  00 00 00 00 01 00 00 00  00 00 00 00 00 00 00 00  |................|
  0020  zeros to 0040

> 28 00 00 00 00 10 00 00 10 00  in 32768  timeout 60  at 1.250000
< check-condition 0  took 2.401877
  sense f0 00 03 00 00 00 1e 0a 00 00 00 00 11 05 00 00 00 00

> 28 00 00 00 00 10 00 00 10 00  in 32768  timeout 0.5  at 4.000000
< timed-out 7  took 7.000000

> 00 00 00 00 00 00  none  timeout 30  at 12.000000
< host reset 08  took 0.000001

> 00 00 00 00 00 00  none  timeout 30  at 12.000002
< busy 0  took 0.000001

> 00 00 00 00 00 00  none  timeout 30  at 13.000000
< gone  took 0.000000
";

/// What was written, for a look at it later.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Records the replay of a trace.
fn recorded_again(text: &str, image: Option<Vec<u8>>) -> String {
    let clock = SimulatedClock::new();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let player = Player::open(text, image.map(reader_of)).unwrap().at_the_pace_of(Arc::clone(&shared));
    let (paper, options) = (Paper::default(), player.options());
    let mut recorder = Recorder::new(player, shared, Box::new(paper.clone()), options);
    Trace::parse(text).unwrap().replay(&mut recorder, &clock);
    paper.text()
}

fn reader_of(image: Vec<u8>) -> crate::scsi::wrap::ImageReader {
    Box::new(move |offset, buffer| {
        let from = usize::try_from(offset).unwrap();
        let part = image.get(from..from + buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(part);
        Ok(())
    })
}

#[test]
fn a_recorder_over_a_player_writes_the_same_trace() {
    assert_eq!(recorded_again(EXAMPLE, None), EXAMPLE);
}

#[test]
fn bytes_that_came_untold_are_kept_and_played_back() {
    let text = "\
discwright-trace 1
max-transfer 131072
shortest-timeout 7
serial masked
sector-data digest

> 43 00 00 00 00 00 00 00 04 00  in 4  timeout 30  at 0.000000
< good 0  took 0.000100
  0000  00 12 01                                          |...|
";
    assert_eq!(recorded_again(text, None), text);
}

#[test]
fn lines_for_people_and_blank_lines_do_not_count() {
    let commented = format!("# From a friend\n\n{}\n# the end\n", EXAMPLE.replace("\n> ", "\n\n  # next\n> "));
    let (plain, commented) = (Trace::parse(EXAMPLE).unwrap(), Trace::parse(&commented).unwrap());
    assert_eq!(commented.to_string(), EXAMPLE);
    assert_eq!(plain.stanzas.len(), commented.stanzas.len());
    let windows = EXAMPLE.replace('\n', "\r\n");
    assert_eq!(Trace::parse(&windows), Ok(plain));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let wrong = |from: &str, to: &str| {
        let text = EXAMPLE.replacen(from, to, 1);
        assert_ne!(text, EXAMPLE, "{from}");
        Trace::parse(&text).unwrap_err().to_string()
    };
    assert_eq!(wrong("discwright-trace 1", "PK"), "line 1 of the trace: it does not begin with `discwright-trace 1`");
    assert_eq!(wrong("trace 1", "trace 2"), "line 1 of the trace: it was written by a later version");
    assert_eq!(wrong("masked", "maybe"), "line 4 of the trace: neither `masked` nor `plain`");
    assert!(wrong("> 12 00", "> 12").starts_with("line 7 of the trace: not a command"));
    assert!(wrong("< good 36", "< fine 36").starts_with("line 8 of the trace: not an answer"));
    assert_eq!(wrong("  0010  ", "  0011  "), "line 10 of the trace: the lines before this one are not whole");
    assert_eq!(wrong("48 4c", "4 84c"), "line 9 of the trace: not a line of a dump");
    assert_eq!(wrong("out 16", "out 17"), "line 13 of the trace: its data is of another length");
    let last_line = "  0020  31 2e 30 33                                       |1.03|\n";
    assert_eq!(wrong(last_line, ""), "line 8 of the trace: its data is of another length");
    assert_eq!(wrong("zeros to 0040", "zeros to 0041"), "line 19 of the trace: its data is of another length");
    assert_eq!(wrong("zeros to 0040", "zeros to ffffffff"), "line 22 of the trace: too many zeros");
    assert_eq!(wrong("sense 70", "sense xx"), "line 16 of the trace: the sense is not in hexadecimal");
    assert_eq!(
        wrong("< timed-out 7  took 7.000000\n", ""),
        "line 30 of the trace: only the last command may lack its answer"
    );
    assert_eq!(Trace::parse("").unwrap_err().line, 1);
}

fn test_unit_ready() -> Cdb {
    Cdb::new([0; 6])
}

const INQUIRY: [u8; 6] = [0x12, 0, 0, 0, 36, 0];

#[test]
fn a_player_shows_both_lines_where_the_program_leaves_the_trace() {
    let mut player = Player::open(EXAMPLE, None).unwrap();
    let error = player.execute(&test_unit_ready(), Data::None, Duration::ZERO).unwrap_err();
    let expected = "line 7 of the trace has\n  > 12 00 00 00 24 00  in 36\n\
                    but the program goes on with\n  > 00 00 00 00 00 00  none";
    assert_eq!(error.to_string(), expected);
    let mut buffer = [0; 36];
    let shorter = player.execute(&Cdb::new(INQUIRY), Data::In(&mut buffer[..35]), Duration::ZERO);
    assert!(matches!(shorter, Err(TransportError::Diverged(_))), "{shorter:?}");
    assert!(player.execute(&Cdb::new(INQUIRY), Data::In(&mut buffer), Duration::ZERO).is_ok());
    assert_eq!((&buffer[8..16], player.left()), (b"HL-DT-ST".as_slice(), 7));
    let select = Cdb::new([0x55, 0x10, 0, 0, 0, 0, 0, 0, 16, 0]);
    let other_page = player.execute(&select, Data::Out(&[0; 16]), Duration::ZERO);
    assert!(matches!(other_page, Err(TransportError::Diverged(_))), "{other_page:?}");
}

#[test]
fn a_player_at_its_end_says_so() {
    let header: String = EXAMPLE.lines().take(5).map(|line| format!("{line}\n")).collect();
    let mut player = Player::open(&header, None).unwrap();
    assert_eq!((player.max_transfer(), player.shortest_timeout()), (131_072, Duration::from_secs(7)));
    let error = player.execute(&test_unit_ready(), Data::None, Duration::ZERO).unwrap_err();
    assert_eq!(error.to_string(), "the trace ends, but the program goes on with\n  > 00 00 00 00 00 00  none");
}

/// A disc of sevens that answers everything; its serial number is 12345.
struct Sevens;

impl Transport for Sevens {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, _: Duration) -> Result<Completion, TransportError> {
        let length = data.len();
        if let Data::In(buffer) = data {
            buffer.fill(7);
            if cdb.opcode() == 0x12 {
                buffer[36..41].copy_from_slice(b"12345");
            }
        }
        Ok(Completion::good(length))
    }

    fn max_transfer(&self) -> usize {
        65536
    }
}

const READ_TWO: [u8; 10] = [0x28, 0, 0, 0, 0, 1, 0, 0, 2, 0];

fn recorded(options: TraceOptions) -> String {
    let paper = Paper::default();
    let mut recorder = Recorder::new(Sevens, Arc::new(SimulatedClock::new()), Box::new(paper.clone()), options);
    let mut buffer = [0; 4096];
    recorder.execute(&Cdb::new(READ_TWO), Data::In(&mut buffer), Duration::from_secs(60)).unwrap();
    recorder.execute(&Cdb::new([0x12, 0, 0, 0, 64, 0]), Data::In(&mut buffer[..64]), Duration::from_secs(30)).unwrap();
    assert_eq!(&buffer[36..41], b"12345", "the program sees what the drive said");
    paper.text()
}

#[test]
fn sector_data_is_a_digest_and_a_serial_number_is_masked_unless_asked() {
    let text = recorded(TraceOptions::default());
    assert!(text.contains("  data sha256 ") && text.contains(" 4096\n"), "{text}");
    assert!(!text.contains("12345") && text.contains("XXXXX"), "{text}");
    let text = recorded(TraceOptions { data: SectorData::Whole, serial: Serial::Plain });
    assert!(text.contains("  0ff0  07 07") && text.contains("12345"), "{text}");
}

#[test]
fn a_lone_raw_sector_is_kept_since_no_image_has_it() {
    let raw = Cdb::new([0xBE, 0, 0, 0, 0, 16, 0, 0, 1, 0xF8, 0, 0]);
    let user_data = Cdb::new([0xBE, 8, 0, 0, 0, 16, 0, 0, 1, 0x10, 0, 0]);
    let kept = |cdb, bytes: &[u8]| matches!(Payload::of(&cdb, bytes, TraceOptions::default()), Payload::Bytes(_));
    assert!(kept(raw, &[7; 2352]));
    assert!(!kept(user_data, &[7; 2048]));
    assert!(!kept(Cdb::new([0xBE, 0, 0, 0, 0, 16, 0, 0, 4, 0xF8, 0, 0]), &[7; 4 * 2352]));
}

#[test]
fn sector_data_comes_from_an_image_and_is_checked() {
    let text = recorded(TraceOptions::default());
    let read = |image: Option<Vec<u8>>| {
        let mut buffer = [0; 4096];
        let mut player = Player::open(&text, image.map(reader_of)).unwrap();
        let result = player.execute(&Cdb::new(READ_TWO), Data::In(&mut buffer), Duration::ZERO);
        result.map(|completion| buffer[..completion.transferred].iter().all(|&byte| byte == 7))
    };
    assert!(matches!(read(Some(vec![7; 3 * 2048])), Ok(true)));
    let told = |image| read(image).unwrap_err().to_string();
    assert!(told(Some(vec![8; 3 * 2048])).contains("the image is not of the disc that was recorded"));
    assert!(told(None).contains("there is no image"));
    assert!(matches!(read(Some(vec![7; 2048])), Err(TransportError::System(_))));
    assert_eq!(recorded_again(&text, Some(vec![7; 3 * 2048])), text);
}

#[test]
fn data_kept_whole_needs_no_image() {
    let text = recorded(TraceOptions { data: SectorData::Whole, serial: Serial::Plain });
    assert_eq!(recorded_again(&text, None), text);
}

/// Looks at the paper while a command runs.
struct Curious(Paper, Arc<Mutex<String>>);

impl Transport for Curious {
    fn execute(&mut self, _: &Cdb, _: Data<'_>, _: Duration) -> Result<Completion, TransportError> {
        *self.1.lock().unwrap() = self.0.text();
        Ok(Completion::good(0))
    }

    fn max_transfer(&self) -> usize {
        65536
    }
}

#[test]
fn the_command_under_way_is_on_paper_already() {
    let (paper, seen) = (Paper::default(), Arc::<Mutex<String>>::default());
    let curious = Curious(paper.clone(), Arc::clone(&seen));
    let clock = Arc::new(SimulatedClock::new());
    let mut recorder = Recorder::new(curious, clock, Box::new(paper), TraceOptions::default());
    recorder.execute(&test_unit_ready(), Data::None, Duration::from_secs(30)).unwrap();
    let cut_short = seen.lock().unwrap().clone();
    assert!(cut_short.ends_with("\n> 00 00 00 00 00 00  none  timeout 30  at 0.000000\n"), "{cut_short}");
    assert_eq!(Trace::parse(&cut_short).unwrap().stanzas[0].outcome, None);
    let mut player = Player::open(&cut_short, None).unwrap();
    let error = player.execute(&test_unit_ready(), Data::None, Duration::ZERO).unwrap_err();
    assert_eq!(error.to_string(), "line 7 of the trace is a command that has no answer there");
}

/// Full after so many writes.
struct FullDisk(u32);

impl io::Write for FullDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_trace_that_cannot_be_written_costs_no_answer() {
    // The header and the command, but not its answer.
    let clock = Arc::new(SimulatedClock::new());
    let mut recorder = Recorder::new(Sevens, clock, Box::new(FullDisk(2)), TraceOptions::default());
    assert!(recorder.execute(&test_unit_ready(), Data::None, Duration::ZERO).is_ok());
    for _ in 0..2 {
        let next = recorder.execute(&test_unit_ready(), Data::None, Duration::ZERO);
        assert!(matches!(next, Err(TransportError::System(_))), "{next:?}");
    }
}

#[test]
fn recovered_data_is_kept_and_what_a_refusal_left_is_not() {
    let request = Request {
        cdb: Cdb::new([0x5A; 10]),
        direction: Direction::In(4),
        timeout: Duration::ZERO,
        at: Duration::ZERO,
        sent: Payload::Nothing,
    };
    let kept = |key| {
        let completion = Completion { transferred: 4, ..Completion::check_condition(&Sense::new(key, 0, 0)) };
        match Outcome::of(&request, &Ok(completion), &[1, 2, 3, 4], TraceOptions::default()) {
            Some(Outcome::Answer { data, transferred: 4, .. }) => data,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(kept(SenseKey::RecoveredError), Payload::Bytes(vec![1, 2, 3, 4]));
    assert_eq!(kept(SenseKey::MediumError), Payload::Nothing);
}

fn any_duration() -> impl Strategy<Value = Duration> {
    (0..100_000_u64, 0..1_000_000_u32).prop_map(|(s, us)| Duration::new(s, us * 1000))
}

fn any_bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..most)
}

fn any_payload() -> impl Strategy<Value = Payload> {
    let sparse = (0..40_usize, any_bytes(20), 0..40_usize)
        .prop_map(|(before, bytes, after)| [vec![0; before], bytes, vec![0; after]].concat());
    prop_oneof![
        sparse.prop_map(Payload::Bytes),
        any_bytes(70).prop_map(Payload::Bytes),
        (any::<[u8; 32]>(), 1..70_000_usize).prop_map(|(sha256, bytes)| Payload::Digest { sha256, bytes }),
    ]
}

fn length(payload: &Payload) -> usize {
    match payload {
        Payload::Nothing => 0,
        Payload::Bytes(bytes) => bytes.len(),
        Payload::Digest { bytes, .. } => *bytes,
    }
}

fn any_failure() -> impl Strategy<Value = Outcome> {
    let fault = prop_oneof![Just(HostFault::Passing), Just(HostFault::Transfer), Just(HostFault::Reset)];
    prop_oneof![
        Just(Outcome::Gone),
        any_duration().prop_map(|after| Outcome::TimedOut { after }),
        (fault, any::<u16>()).prop_map(|(fault, code)| Outcome::Host { fault, code }),
        Just(Outcome::NotPermitted),
        Just(Outcome::TooLarge),
        any::<Option<i32>>().prop_map(|errno| Outcome::System { errno }),
    ]
}

fn any_stanza() -> impl Strategy<Value = Stanza> {
    let cdb = prop_oneof![
        any::<[u8; 6]>().prop_map(Cdb::new),
        any::<[u8; 10]>().prop_map(Cdb::new),
        any::<[u8; 12]>().prop_map(Cdb::new),
        any::<[u8; 16]>().prop_map(Cdb::new),
    ];
    let status = any::<u8>().prop_map(Status::from);
    let sense = proptest::collection::vec(any::<u8>(), 0..30);
    (
        cdb,
        any_duration(),
        any_duration(),
        0..3_u8,
        any_payload(),
        status,
        sense,
        proptest::option::of(any_failure()),
        any_duration(),
    )
        .prop_map(|(cdb, timeout, at, way, payload, status, sense, failure, took)| {
            let bytes = length(&payload);
            let (direction, sent, data) = match way {
                0 => (Direction::None, Payload::Nothing, Payload::Nothing),
                1 => (Direction::In(bytes), Payload::Nothing, payload),
                _ => (Direction::Out(bytes), payload, Payload::Nothing),
            };
            let answer = Outcome::Answer { status, transferred: bytes, sense, data };
            let request = Request { cdb, direction, timeout, at, sent };
            Stanza { line: 0, request, outcome: Some((failure.unwrap_or(answer), took)) }
        })
}

proptest! {
    #[test]
    fn a_trace_survives_the_file(stanzas in proptest::collection::vec(any_stanza(), 0..5), last_ended: bool) {
        let header = Trace::parse(EXAMPLE).unwrap().header;
        let mut trace = Trace { header, stanzas };
        if let (Some(last), false) = (trace.stanzas.last_mut(), last_ended) {
            last.outcome = None;
        }
        let text = trace.to_string();
        let mut parsed = Trace::parse(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        parsed.stanzas.iter_mut().for_each(|stanza| stanza.line = 0);
        prop_assert_eq!(parsed, trace);
    }

    #[test]
    fn any_text_is_no_panic(lines in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..40)) {
        let pool: Vec<&str> = EXAMPLE.lines().collect();
        let text: String = lines.iter().map(|(line, cut)| {
            let line = line.get(&pool);
            format!("{}\n", line.get(..cut.index(line.len() + 1)).unwrap_or(line))
        }).collect();
        let _ = Trace::parse(&text);
        let _ = Trace::parse(&format!("{}\n{text}", pool[..5].join("\n")));
    }
}
