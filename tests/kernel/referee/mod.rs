//! This module knows what the guest's kernel says of everybody's images, and what this program says of them.
//!
//! `maker/make` makes the images, one boot fills and lists them (`guest/referee`), and each image is a test.

mod entry;
mod kernel;
mod mount;
mod original;
mod ours;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use discwright::filesystem::content::Sectors;
use discwright::filesystem::sums::{SumState, Sums, check_files};
use discwright::filesystem::{Image, Options, Scope, Severity};
use discwright::image::ImageSource;
use discwright::sector::Lba;

use entry::{Listing, differences};
use mount::{Judge, Mount};

pub use mount::IMAGES;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(made_and_listed);

/// All listings of an image equal those of the kernel, and nothing is wrong with it.
pub fn assert_agrees(name: &str, mounts: &[Mount]) {
    let image = FOLDER.join(format!("{name}.img"));
    let mut wrong = Vec::new();
    for mount in mounts {
        let expected = match mount.judge {
            Judge::Original(folder) => original::listing(&FOLDER.join("content").join(folder)),
            Judge::Isofs | Judge::Udf => kernel::listing(&FOLDER, &mount.listing(name), mount.tree)
                .unwrap_or_else(|why| panic!("{mount}: {why}")),
        };
        let ours = listing(&image, mount);
        for difference in differences(&expected, &ours) {
            wrong.push(format!("{mount}: {difference}"));
        }
    }
    for finding in errors(&image) {
        wrong.push(format!("a clean image: {finding}"));
    }
    wrong.extend(wrong_sums(name, &image));
    assert!(wrong.is_empty(), "{name}:\n{}", shown(&wrong));
}

fn shown(wrong: &[String]) -> String {
    let rest = wrong.len().saturating_sub(30);
    let mut lines = wrong.iter().take(30).map(String::as_str).collect::<Vec<_>>().join("\n");
    if rest > 0 {
        lines.push_str(&format!("\nand {rest} more"));
    }
    lines
}

fn read(path: &Path, options: &Options<'_>) -> Image {
    let length = fs::metadata(path).unwrap().len();
    let mut source = ImageSource::open(path).unwrap();
    Image::read(&mut source, length, options)
}

fn listing(path: &Path, mount: &Mount) -> Listing {
    let options = Options { tree: Some(mount.tree), session: mount.session, ..Options::default() };
    let image = read(path, &options);
    let mut source = ImageSource::open(path).unwrap();
    let mut sectors = Sectors::new(&mut source, image.length);
    match image.tree(Some(mount.tree)) {
        Some(tree) => ours::listing(tree, &mut sectors),
        None => Listing::new(),
    }
}

fn errors(path: &Path) -> Vec<String> {
    let image = read(path, &Options { scope: Scope::Judge, ..Options::default() });
    let errors = image.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| format!("{finding:?}")).collect()
}

/// Sums that the maker left and that do not hold; one has to be there where the image has its name from it.
fn wrong_sums(name: &str, path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap();
    let mut sums = Sums::default();
    sums.take(Lba(0), &bytes);
    let found = sums.finish();
    let mut wrong: Vec<String> =
        found.iter().filter(|sum| sum.state != SumState::Holds).map(|sum| format!("{sum:?}")).collect();
    if name.contains("md5") && found.is_empty() {
        wrong.push("no sum is found".to_owned());
    }
    let image = read(path, &Options { scope: Scope::Judge, ..Options::default() });
    if let Some(tree) = image.trees.iter().find(|tree| tree.md5_array.is_some()) {
        let mut source = ImageSource::open(path).unwrap();
        let files = check_files(tree, &mut source, image.length, &|| false, &mut |_| {}).unwrap();
        if files.hold == 0 || files.differ > 0 || !files.findings.is_empty() {
            wrong.push(format!("{files:?}"));
        }
    }
    wrong
}

fn made_and_listed() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kernel-images");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let made = Command::new(tests.join("maker/make")).arg(&folder).output().expect("bash is needed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));

    let mut mounts = String::new();
    for (name, all) in IMAGES {
        for mount in *all {
            let start = fs::read_to_string(folder.join(format!("{name}.start"))).unwrap_or_default();
            mounts.push_str(&mount.line(name, start.trim()));
        }
    }
    fs::write(folder.join("mounts"), mounts).unwrap();
    let output = Command::new(tests.join("boot/uml-run"))
        .args(["--mem", "1G", "--timeout", "600", "--rw"])
        .args([&folder, Path::new("--"), &tests.join("guest/referee"), &folder])
        .output()
        .expect("bash is needed");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&said));
    folder
}

/// Whether every image that is made is asked about, and the other way round.
pub fn assert_all_are_asked_about() {
    let names = |kind: &str| {
        fs::read_dir(&*FOLDER)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == kind))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let asked = IMAGES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("img"), asked);
}
