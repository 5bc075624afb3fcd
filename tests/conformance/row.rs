//! This module knows one command with its answer.

/// `WHAT | CDB < SENT | ANSWER`.
pub struct Row {
    /// Where it stands, and what it is.
    pub place: String,
    pub cdb: Vec<u8>,
    pub sent: Vec<u8>,
    pub answer: Answer,
}

pub enum Answer {
    Good(Vec<Field>),
    /// Key, code and qualifier.
    Sense([u8; 3]),
}

/// What of the data is said.
pub enum Field {
    Bytes {
        at: usize,
        value: Vec<u8>,
    },
    Bits {
        at: usize,
        mask: u8,
        value: u8,
    },
    Length(usize),
    /// Of GET CONFIGURATION: exactly these.
    Features(Vec<u16>),
}

impl Row {
    pub fn parse(line: &str, place: &str) -> Self {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [what, command, answer] = parts[..] else { panic!("{place}: not WHAT | CDB | ANSWER: {line}") };
        let (cdb, sent) = command.split_once('<').unwrap_or((command, ""));
        let place = format!("{place}: {what}");
        let (cdb, sent) = (cdb_of(cdb, &place), sent_of(sent.trim(), &place));
        Self { cdb, sent, answer: answer_of(answer, &place), place }
    }
}

fn hex(text: &str, place: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{place}: half a byte: {text}");
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap_or_else(|_| panic!("{place}: {text}"));
    (0..text.len()).step_by(2).map(byte).collect()
}

/// `..` is as many zeros as its operation code needs.
fn cdb_of(text: &str, place: &str) -> Vec<u8> {
    let (before, after) = text.split_once("..").unwrap_or((text, ""));
    let bytes = |text: &str| text.split_whitespace().flat_map(|token| hex(token, place)).collect::<Vec<u8>>();
    let (mut cdb, after) = (bytes(before), bytes(after));
    let length = match cdb[0] >> 5 {
        0 => 6,
        1 | 2 => 10,
        4 => 16,
        5 => 12,
        _ => cdb.len() + after.len(),
    };
    assert!(cdb.len() + after.len() <= length, "{place}: more than {length} bytes");
    cdb.resize(length - after.len(), 0);
    cdb.extend(after);
    cdb
}

/// Bytes; or `N sectors` of which each is another; or `page-05h` with its bytes 2 to 5 and the size of a packet.
fn sent_of(text: &str, place: &str) -> Vec<u8> {
    if let Some(text) = text.strip_prefix("page-05h ") {
        let (bytes, packet) = text.rsplit_once(' ').unwrap_or_else(|| panic!("{place}: {text}"));
        let packet: u32 = packet.parse().unwrap_or_else(|_| panic!("{place}: {text}"));
        let mut list = vec![0, 0, 0, 0, 0, 0, 0, 0, 0x05, 0x32];
        list.extend(bytes.split(' ').flat_map(|byte| hex(byte, place)));
        list.extend([0; 4]);
        list.extend(packet.to_be_bytes());
        list.extend([0, 150]);
        list.resize(60, 0);
        return list;
    }
    match text.strip_suffix(" sectors") {
        Some(count) => {
            let count: u16 = count.parse().unwrap_or_else(|_| panic!("{place}: {text}"));
            (0..count).flat_map(|sector| [0xA5, sector.to_be_bytes()[1]].repeat(1024)).collect()
        }
        None => text.split_whitespace().flat_map(|token| hex(token, place)).collect(),
    }
}

fn answer_of(text: &str, place: &str) -> Answer {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first != "good" {
        let numbers: Vec<u8> = first
            .split('/')
            .map(|part| u8::from_str_radix(part, 16).unwrap_or_else(|_| panic!("{place}: {text}")))
            .collect();
        return Answer::Sense(numbers.try_into().unwrap_or_else(|_| panic!("{place}: {text}")));
    }
    Answer::Good(words.map(|word| field_of(word, place)).collect())
}

fn field_of(word: &str, place: &str) -> Field {
    let (what, value) = word.split_once('=').unwrap_or_else(|| panic!("{place}: {word}"));
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{place}: {word}"));
    match (what, what.split_once('&')) {
        ("len", _) => Field::Length(number(value)),
        ("features", _) => {
            Field::Features(value.split(',').map(|code| u16::from_str_radix(code, 16).unwrap()).collect())
        }
        (_, Some((at, mask))) => {
            let (mask, value) = (hex(mask, place)[0], hex(value, place)[0]);
            assert!(value & !mask == 0, "{place}: {word} can never be");
            Field::Bits { at: number(at), mask, value }
        }
        (at, None) => Field::Bytes { at: number(at), value: hex(value, place) },
    }
}
