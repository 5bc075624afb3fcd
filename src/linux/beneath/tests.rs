use super::*;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, symlink};

/// Both ways of the kernel, in a folder that has another beside it.
fn both(test: impl Fn(&Path, Beneath)) {
    for is_old in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        fs::create_dir(&inside).unwrap();
        let beneath = Beneath::open(&inside).unwrap();
        test(&inside, if is_old { beneath.without_openat2() } else { beneath });
    }
}

#[test]
fn a_file_is_made_where_its_steps_lead() {
    both(|inside, beneath| {
        let root = beneath.directory(&[]).unwrap();
        root.create_directory(b"a", 0o700).unwrap();
        beneath.directory(&[b"a"]).unwrap().create_directory(b"b", 0o700).unwrap();
        let deep = beneath.directory(&[b"a", b"b"]).unwrap();
        let mut file = deep.create_file(b"c", 0o644).unwrap();
        file.write_all(b"x").unwrap();
        finish_file(&file, Some(0o4751), Some((86_400, 5))).unwrap();
        deep.finish(Some(0o555), Some((-5, 0))).unwrap();
        let made = fs::metadata(inside.join("a/b/c")).unwrap();
        assert_eq!((made.mode() & 0o7777, made.mtime(), made.mtime_nsec()), (0o751, 86_400, 5));
        assert_eq!(fs::metadata(inside.join("a/b")).unwrap().mtime(), -5);
        deep.finish(Some(0o700), None).unwrap();
    });
}

#[test]
fn no_link_is_followed_out_or_anywhere() {
    both(|inside, beneath| {
        fs::create_dir(inside.join("real")).unwrap();
        symlink("..", inside.join("out")).unwrap();
        symlink("real", inside.join("near")).unwrap();
        symlink("/tmp/nowhere", inside.join("file")).unwrap();
        assert!(beneath.directory(&[b"out"]).is_err());
        assert!(beneath.directory(&[b"near"]).is_err());
        assert!(beneath.directory(&[b"near", b"x"]).is_err());
        let root = beneath.directory(&[]).unwrap();
        assert!(!root.has_directory(b"near") && root.has_directory(b"real"));
        let error = root.create_file(b"file", 0o644).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        root.set_modified(b"out", (7, 0)).unwrap();
        assert_eq!(fs::symlink_metadata(inside.join("out")).unwrap().mtime(), 7);
    });
}

#[test]
fn what_is_no_name_is_refused() {
    both(|inside, beneath| {
        let root = beneath.directory(&[]).unwrap();
        for name in [b"".as_slice(), b".", b"..", b"a/b", b"/etc", b"../x", b"a\0b"] {
            assert!(root.create_file(name, 0o644).is_err(), "{name:?}");
            assert!(root.create_directory(name, 0o755).is_err(), "{name:?}");
            assert!(root.create_symlink(name, b"x").is_err(), "{name:?}");
            assert!(beneath.directory(&[name]).is_err(), "{name:?}");
        }
        assert!(root.create_file(&[b'a'; 256], 0o644).is_err());
        assert_eq!(fs::read_dir(inside).unwrap().count(), 0);
        assert_eq!(fs::read_dir(inside.parent().unwrap()).unwrap().count(), 1);
    });
}

#[test]
fn a_path_longer_than_the_kernel_takes_is_walked_in_pieces() {
    both(|_, beneath| {
        let name = [b'd'; 200];
        let mut steps: Vec<&[u8]> = Vec::new();
        for _ in 0..50 {
            beneath.directory(&steps).unwrap().create_directory(&name, 0o700).unwrap();
            steps.push(&name);
        }
        assert!(beneath.directory(&steps).is_ok());
    });
}

#[test]
fn two_names_of_a_file_are_one_file() {
    both(|_, beneath| {
        let root = beneath.directory(&[]).unwrap();
        let file = root.create_file(b"a", 0o644).unwrap();
        root.create_link(b"b", &root, b"a").unwrap();
        assert_eq!(root.identity(b"b").unwrap(), identity_of(&file).unwrap());
        root.remove_file(b"a").unwrap();
        assert!(root.identity(b"a").is_err());
    });
}
