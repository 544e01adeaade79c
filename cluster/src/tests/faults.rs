//! A disk that fails at its k-th write, for every k.

use std::fs;
use std::io;
use std::io::Write;

use crate::journal::tests_of_disks::{Disk, keep_rows, whole_rows};

/// How a write fails.
#[derive(Clone, Copy)]
enum Fault {
    /// Nothing is written.
    Refused,
    /// The disk is full in the middle of it.
    Short,
    /// It is said to be written and only half of it is, at a crash before the sync.
    Torn,
    /// It is written, and cannot be synced.
    Unsynced,
}

struct Faulty {
    file: fs::File,
    fault: Fault,
    /// Writes until it fails.
    left: usize,
}

impl Disk for Faulty {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.left > 0 || matches!(self.fault, Fault::Unsynced) {
            self.left = self.left.saturating_sub(1);
            return self.file.write_all(bytes);
        }
        match self.fault {
            Fault::Refused => {}
            Fault::Short | Fault::Torn | Fault::Unsynced => {
                self.file.write_all(&bytes[..bytes.len() / 2])?;
            }
        }
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.left == 0 && matches!(self.fault, Fault::Unsynced) {
            return Err(io::Error::other("input/output error"));
        }
        self.file.sync_data()
    }
}

/// Whatever write fails, and however: the error is told, and all that was said to be safe is read back.
#[test]
fn what_is_safe_is_safe() {
    for fault in [Fault::Refused, Fault::Short, Fault::Torn, Fault::Unsynced] {
        for writes in 0..14 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("0001-rank-00000.rows");
            let file = fs::File::create(&path).unwrap();
            let (safe, failed) = keep_rows(Faulty { file, fault, left: writes }, 10);
            // The header is the first write; each row is synced on its own.
            let whole = whole_rows(folder.path());
            assert!(whole >= safe, "{whole} rows are whole of {safe} that are safe");
            assert!(whole <= safe + 1);
            let last = if matches!(fault, Fault::Unsynced) { 11 } else { 10 };
            assert_eq!(failed, writes <= last, "after {writes} writes");
        }
    }
}
