//! This module knows what to do with any bytes: each function gives them to one parser, and checks what holds for all.
//! A panic is a finding; `fuzz/` looks for them, and `tests/corpus.rs` goes through what it found interesting.

mod answer;
mod filesystem;
mod image;
mod odd_drive;
mod scene;
mod text;
mod virtual_drive;

pub use answer::{answer, command, sense};
pub use filesystem::{boot, hybrid, iso, judged, sums, system_use, udf, unpacked};
pub use image::{first_look, looked_at};
pub use odd_drive::odd_drive;
pub use text::{dat, dat_zip, disc_file, hash_list, rescue_map, trace};
pub use virtual_drive::virtual_drive;

/// What takes any bytes, and panics only over a fault of this program.
pub type Target = fn(&[u8]);

/// All of them, each by the name of its file in `fuzz/fuzz_targets/` and of its folder in `fuzz/corpus/`.
pub const TARGETS: [(&str, Target); 20] = [
    ("answer", answer),
    ("boot", boot),
    ("command", command),
    ("dat", dat),
    ("dat_zip", dat_zip),
    ("disc_file", disc_file),
    ("first_look", first_look),
    ("hash_list", hash_list),
    ("hybrid", hybrid),
    ("iso", iso),
    ("judged", judged),
    ("odd_drive", odd_drive),
    ("rescue_map", rescue_map),
    ("sense", sense),
    ("sums", sums),
    ("system_use", system_use),
    ("trace", trace),
    ("udf", udf),
    ("unpacked", unpacked),
    ("virtual_drive", virtual_drive),
];

/// Takes one number after another off the front; zeros where nothing is left.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (head, tail) = self.0.split_at_checked(count).unwrap_or((self.0, &[]));
        self.0 = tail;
        head
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut all = [0; N];
        all.iter_mut().zip(self.take(N)).for_each(|(to, from)| *to = *from);
        all
    }

    fn u8(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    fn u16(&mut self) -> u16 {
        u16::from_be_bytes(self.array())
    }

    fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }
}
