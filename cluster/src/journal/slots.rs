//! Which rows were in work when a process ended: to find those that end it every time.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::files;

/// A file with a place for each thread, where it writes which rows it begins.
///
/// It is not synced: what ends a process does not end the machine, and if it does, no row is to blame.
#[derive(Debug)]
pub(crate) struct Slots {
    file: File,
    pub(crate) path: PathBuf,
}

/// A place: the table, the row and one more, and whether nothing else was in work.
type Slot = [u64; 3];

const SLOT: usize = size_of::<Slot>();

/// End of the names of these files.
const IN_WORK: &str = "work";

impl Slots {
    pub(super) fn begin(journal: &Path, threads: usize) -> io::Result<Slots> {
        let path = journal.with_extension(IN_WORK);
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all_at(&vec![0; SLOT * threads], 0)?;
        Ok(Slots { file, path })
    }

    /// A thread begins a row, or has nothing to do.
    pub(crate) fn begins(&self, thread: usize, stage: u32, row: Option<usize>, alone: bool) {
        let row = row.map_or(0, |row| row as u64 + 1);
        let slot: Slot = [u64::from(stage), row, u64::from(alone)];
        // Best effort: a full disk is noticed by the journal itself.
        let _ = self.file.write_all_at(bytemuck::bytes_of(&slot), (SLOT * thread) as u64);
    }

    /// The process ends as it should.
    pub(super) fn end(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Rows that were in work when processes ended: how often, and how often alone.
pub(crate) type Suspects = BTreeMap<(u32, u64), (usize, usize)>;

/// More rows than this are not computed one after another: only those that were in work at several ends are.
const MOST: usize = 16;

/// Rows in work at the ends of attempts before `attempt`, by writers whose names `may` be to blame.
pub(crate) fn suspects(
    folder: &Path,
    attempt: usize,
    may: impl Fn(&str) -> bool,
) -> io::Result<Suspects> {
    let mut suspects = Suspects::new();
    for path in files(folder, IN_WORK)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some((number, name)) = stem.split_once('-') else { continue };
        if number.parse().is_ok_and(|number: usize| number < attempt) && may(name) {
            let bytes = fs::read(&path)?;
            for slot in bytes.chunks_exact(SLOT) {
                let [stage, row, alone]: Slot = bytemuck::pod_read_unaligned(slot);
                if let Some(row) = row.checked_sub(1) {
                    let (times, alone_times) = suspects.entry((stage as u32, row)).or_default();
                    *times += 1;
                    *alone_times += alone as usize;
                }
            }
        }
    }
    if suspects.len() > MOST {
        suspects.retain(|_, (times, _)| *times > 1);
    }
    if suspects.len() > MOST {
        suspects.retain(|_, (_, alone)| *alone > 0);
    }
    Ok(suspects)
}
