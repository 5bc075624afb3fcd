//! The seconds that one digest takes over a file's bytes, reading them not counted: `cargo bench --bench digest_alone -- md5 FILE`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints")]

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::time::Duration;

use discwright::checksum::{Algorithm, Digester};
use discwright::clock::{Clock, RealClock};

const BLOCK_BYTES: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds an argument of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [algorithm, path] = words.as_slice() else {
        println!("usage: cargo bench --bench digest_alone -- ALGORITHM FILE");
        return Ok(());
    };
    let algorithm: Algorithm = algorithm.parse()?;
    let clock = RealClock::new();
    let mut file = File::open(path)?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut digester = Digester::new(algorithm);
    let mut spent = Duration::ZERO;
    loop {
        let read = file.read(&mut block)?;
        let bytes = block.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let begun = clock.now();
        digester.update(bytes);
        spent += clock.now().saturating_sub(begun);
    }
    let begun = clock.now();
    let digest = digester.finish();
    spent += clock.now().saturating_sub(begun);
    eprintln!("{digest}");
    println!("{}", spent.as_secs_f64());
    Ok(())
}
