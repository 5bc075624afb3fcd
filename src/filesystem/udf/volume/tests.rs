use super::*;
use crate::filesystem::finding::Finding;
use crate::filesystem::limits::Limits;
use crate::filesystem::reader::Reader;
use crate::filesystem::scan::Scope;
use crate::filesystem::udf::writer::{Item, Recipe, Written, write};

fn plain() -> Recipe {
    Recipe { items: vec![Item::directory("SUB", vec![Item::file("B.BIN", b"two")])], ..Recipe::default() }
}

fn read(image: &Written, scope: Scope) -> (Option<LogicalVolume>, Vec<Finding>) {
    let mut source = image.bytes.as_slice();
    let limits = Limits::default();
    let mut scan = Scan::new(Reader::new(&mut source, image.length(), &limits), scope, limits, &|| false);
    let volume = find(&mut scan, Lba(0));
    (volume, scan.findings.into_sorted())
}

#[test]
fn a_volume_is_found_whatever_its_block_size() {
    for block_bytes in [512, 1024, 2048, 4096] {
        let image = write(&Recipe { block_bytes, ..plain() });
        let (volume, findings) = read(&image, Scope::Judge);
        let volume = volume.unwrap_or_else(|| panic!("no volume with blocks of {block_bytes} bytes"));
        assert_eq!(volume.label.as_deref(), Some("DISCWRIGHT"));
        assert_eq!(volume.space.locate(0, volume.file_set.block), Some(image.structure("FSD") as u64));
        assert_eq!(findings, []);
    }
}
