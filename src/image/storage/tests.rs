use super::*;
use std::path::Path;

const MAP: &str = "out/a.map";

#[test]
fn bytes_written_durably_are_old_or_new_whatever_happens() {
    let old = vec![1; 3000];
    let new = vec![2; 5000];
    let write = |storage: &Memory, bytes: &[u8]| storage.write_durably(Path::new(MAP), bytes);
    let whole = Memory::new();
    write(&whole, &old).unwrap();
    let before = whole.steps();
    write(&whole, &new).unwrap();
    for step in before..whole.steps() {
        for fault in [Fault::Stop, Fault::Broken, Fault::Full] {
            let storage = Memory::new();
            write(&storage, &old).unwrap();
            storage.fail_at(step, fault);
            assert!(write(&storage, &new).is_err(), "step {step}");
            let cuts = [Unsynced::Kept, Unsynced::Lost].into_iter().chain((0..20).map(Unsynced::Mixed));
            for unsynced in cuts {
                let after = storage.after_power_cut(unsynced);
                let found = after.content(Path::new(MAP)).unwrap();
                assert!(found == old || found == new, "step {step}, {fault:?}, {unsynced:?}: {} bytes", found.len());
                write(&after, &new).unwrap();
                assert_eq!(after.names(), [Path::new(MAP)], "step {step}");
            }
        }
    }
}

#[test]
fn bytes_written_durably_survive_any_power_cut() {
    let storage = Memory::new();
    storage.write_durably(Path::new(MAP), b"new").unwrap();
    for unsynced in [Unsynced::Kept, Unsynced::Lost, Unsynced::Mixed(7)] {
        assert_eq!(storage.after_power_cut(unsynced).content(Path::new(MAP)), Some(b"new".to_vec()));
    }
}

#[test]
fn a_power_cut_takes_what_was_not_synced() {
    let storage = Memory::new();
    let file = storage.open_part(Path::new("a.part")).unwrap();
    file.write_at(0, &[1; 2048]).unwrap();
    let twin = file.try_clone().unwrap();
    twin.sync_data().unwrap();
    file.write_at(2048, &[2; 2048]).unwrap();
    let content = |unsynced| storage.after_power_cut(unsynced).content(Path::new("a.part")).unwrap();
    assert_eq!(content(Unsynced::Lost), [1; 2048]);
    assert_eq!(content(Unsynced::Kept).len(), 4096);
    assert!((0..50).any(|seed| {
        let mixed = content(Unsynced::Mixed(seed));
        mixed.len() == 4096 && mixed.contains(&0) && mixed.contains(&2)
    }));
    assert!((0..50).all(|seed| content(Unsynced::Mixed(seed)).starts_with(&[1; 2048])));
    let unsynced_name = Memory::new();
    unsynced_name.open(Path::new("a"), Opening::New).unwrap().sync_data().unwrap();
    assert!(unsynced_name.after_power_cut(Unsynced::Lost).names().is_empty());
}

#[test]
fn a_full_disk_says_so_and_keeps_what_is_there() {
    let storage = Memory::new().with_capacity(3000);
    let file = storage.open_part(Path::new("a")).unwrap();
    file.write_at(0, &[1; 2048]).unwrap();
    assert_eq!(storage.free_space(Path::new(".")).unwrap(), 952);
    assert_eq!(file.write_at(2048, &[1; 2048]).unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(file.len().unwrap(), 2048);
    let fat = Memory::new().with_largest_file(4000);
    let file = fat.open_part(Path::new("a")).unwrap();
    assert_eq!(file.set_len(4001).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    assert_eq!(fat.largest_file(Path::new(".")).unwrap(), Some(4000));
}

/// What both kinds of storage must do alike.
fn check_storage(storage: &dyn Storage, folder: &Path) {
    let (a, b) = (folder.join("a"), folder.join("b"));
    assert_eq!(storage.open(&a, Opening::Reading).err().map(|e| e.kind()), Some(io::ErrorKind::NotFound));
    let file = storage.open_part(&a).unwrap();
    file.write_at(5, b"hello").unwrap();
    file.try_clone().unwrap().sync_data().unwrap();
    let mut buffer = [9; 10];
    storage.open(&a, Opening::Reading).unwrap().read_at(0, &mut buffer).unwrap();
    assert_eq!(&buffer, b"\0\0\0\0\0hello");
    assert_eq!(file.read_at(1, &mut buffer).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    file.set_len(7).unwrap();
    assert_eq!(storage.open(&a, Opening::Kept).unwrap().len().unwrap(), 7);
    assert_eq!(storage.open(&a, Opening::New).err().map(|e| e.kind()), Some(io::ErrorKind::AlreadyExists));
    storage.write_durably(&b, b"old").unwrap();
    storage.write_durably(&b, b"new").unwrap();
    assert_eq!(storage.read_file(&b, 3).unwrap(), b"new");
    assert_eq!(storage.read_file(&b, 2).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    let kept = storage.rename_durably(&a, &b, Existing::Kept).unwrap_err();
    assert_eq!(kept.kind(), io::ErrorKind::AlreadyExists);
    storage.rename_durably(&a, &b, Existing::Replaced).unwrap();
    assert!(!storage.exists(&a).unwrap() && storage.exists(&b).unwrap());
    storage.rename_durably(&b, &a, Existing::Kept).unwrap();
    storage.remove(&a).unwrap();
    assert_eq!(storage.remove(&a).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(storage.free_space(folder).unwrap() > 0);
    assert_eq!(storage.largest_file(folder).unwrap(), None);
    storage.check_folder(folder).unwrap();
}

#[test]
fn memory_behaves_as_the_disk_does() {
    let folder = tempfile::tempdir().unwrap();
    check_storage(&Disk, folder.path());
    check_storage(&Memory::new(), Path::new("x"));
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "something was left behind");
}

#[test]
fn a_part_belongs_to_one_rip_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.part");
    let file = Disk.open_part(&path).unwrap();
    let twin = file.try_clone().unwrap();
    drop(file);
    assert_eq!(Disk.open_part(&path).err().map(|e| e.kind()), Some(io::ErrorKind::WouldBlock));
    drop(twin);
    assert!(Disk.open_part(&path).is_ok());
}

#[test]
fn a_folder_that_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    assert_eq!(Disk.check_folder(&file).unwrap_err().kind(), io::ErrorKind::NotADirectory);
    assert_eq!(Disk.check_folder(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(folder_of(Path::new("a.iso")), Path::new("."));
}
