//! A small image of ISO 9660, made by hand: `A.BIN` in the root, and `B.BIN` in `SUB`.

/// What to write.
pub struct Plain {
    /// The sector at which its session begins.
    pub start: u32,
    pub a: Vec<u8>,
    pub b: Vec<u8>,
    /// Sectors of zeros at the end, inside the volume.
    pub padding: u32,
}

/// Of the root, from the start of a session.
const ROOT: u32 = 20;
const SUB: u32 = 21;
const A: u32 = 22;

impl Default for Plain {
    fn default() -> Self {
        let content = |length: usize, seed: usize| {
            (0..length).map(|at| u8::try_from((at * 7 + at / 2048 + seed) % 256).unwrap() | 1).collect()
        };
        Self { start: 0, a: content(5000, 1), b: content(3000, 2), padding: 0 }
    }
}

impl Plain {
    /// From the start of the session on.
    pub fn session(&self) -> Vec<u8> {
        let at_b = A + sectors(&self.a);
        let end = at_b + sectors(&self.b) + self.padding;
        let here = |sector: u32| self.start + sector;
        let own = |id: u8, sector: u32| record(&[id], here(sector), 2048, 2);
        let file =
            |name: &[u8], at: u32, content: &[u8]| record(name, here(at), u32::try_from(content.len()).unwrap(), 0);
        let mut bytes = vec![0; end as usize * 2048];
        put(&mut bytes, 16 * 2048, &self.primary(end));
        put(&mut bytes, 17 * 2048, b"\xFFCD001\x01");
        for (sector, is_big) in [(18, false), (19, true)] {
            let number = |value: u32| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
            let parent = if is_big { [0, 1] } else { [1, 0] };
            let root = [&[1, 0][..], &number(here(ROOT)), &parent, &[0, 0]].concat();
            let sub = [&[3, 0][..], &number(here(SUB)), &parent, b"SUB\0"].concat();
            put(&mut bytes, sector * 2048, &[root, sub].concat());
        }
        let directory = record(b"SUB", here(SUB), 2048, 2);
        let root = [own(0, ROOT), own(1, ROOT), file(b"A.BIN;1", A, &self.a), directory].concat();
        put(&mut bytes, ROOT as usize * 2048, &root);
        let sub = [own(0, SUB), own(1, ROOT), file(b"B.BIN;1", at_b, &self.b)].concat();
        put(&mut bytes, SUB as usize * 2048, &sub);
        put(&mut bytes, A as usize * 2048, &self.a);
        put(&mut bytes, at_b as usize * 2048, &self.b);
        bytes
    }

    /// ECMA-119, 8.4.
    fn primary(&self, sectors: u32) -> Vec<u8> {
        let mut out = vec![0; 2048];
        out[8..72].fill(b' ');
        out[190..813].fill(b' ');
        put(&mut out, 0, b"\x01CD001\x01");
        put(&mut out, 40, b"PLAIN");
        put(&mut out, 80, &both(sectors));
        put(&mut out, 120, &[1, 0, 0, 1, 1, 0, 0, 1, 0, 8, 8, 0]);
        put(&mut out, 132, &both(22));
        put(&mut out, 140, &(self.start + 18).to_le_bytes());
        put(&mut out, 148, &(self.start + 19).to_be_bytes());
        put(&mut out, 156, &record(&[0], self.start + ROOT, 2048, 2));
        for (at, digits) in [(813, b"20010203040506"), (830, b"20010203040506"), (847, &[b'0'; 14]), (864, &[b'0'; 14])]
        {
            put(&mut out, at, digits);
            put(&mut out, at + 14, b"00\0");
        }
        out[881] = 1;
        out
    }
}

/// ECMA-119, 9.1.
fn record(name: &[u8], extent: u32, length: u32, flags: u8) -> Vec<u8> {
    let mut out = vec![0, 0];
    out.extend(both(extent));
    out.extend(both(length));
    out.extend([101, 2, 3, 4, 5, 6, 0, flags, 0, 0, 1, 0, 0, 1, u8::try_from(name.len()).unwrap()]);
    out.extend(name);
    out.resize(out.len().next_multiple_of(2), 0);
    out[0] = u8::try_from(out.len()).unwrap();
    out
}

fn both(value: u32) -> Vec<u8> {
    [value.to_le_bytes(), value.to_be_bytes()].concat()
}

fn sectors(content: &[u8]) -> u32 {
    u32::try_from(content.len().div_ceil(2048)).unwrap()
}

pub fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}
