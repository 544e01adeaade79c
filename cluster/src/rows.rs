//! Cells of rows: in memory, or those of large tables in a file that nobody else sees.

use std::fs::File;
use std::io;
use std::ops::{Deref, Range};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use bytemuck::Pod;

/// Bytes of a table that only rank 0 needs which a rank holds in memory; more go to a file where rows are kept.
pub const HELD: usize = 16 << 20;

/// Bytes that are read at once where all rows are read in order.
const BLOCK: usize = 1 << 18;

/// Cells that are put where they belong as rows are finished.
pub(crate) struct Cells<T> {
    width: usize,
    place: Place<T>,
    failed: Option<io::Error>,
}

enum Place<T> {
    Memory(Vec<T>),
    File(File),
}

impl<T: Pod> Cells<T> {
    /// Zeros of `rows` rows, in memory.
    pub(crate) fn in_memory(rows: usize, width: usize) -> Cells<T> {
        // What no row writes to takes no memory.
        let cells = bytemuck::allocation::zeroed_vec(rows * width);
        Cells { width, place: Place::Memory(cells), failed: None }
    }

    /// Zeros of `rows` rows, in a file in `folder` that goes with this process.
    pub(crate) fn in_file(rows: usize, width: usize, folder: &Path) -> Cells<T> {
        let made = tempfile::tempfile_in(folder).and_then(|file| {
            file.set_len((rows * width * size_of::<T>()) as u64)?;
            Ok(file)
        });
        match made {
            Ok(file) => Cells { width, place: Place::File(file), failed: None },
            Err(reason) => Cells { failed: Some(reason), ..Cells::in_memory(0, width) },
        }
    }

    /// Puts a row's cells at a place, counted in rows.
    pub(crate) fn put(&mut self, at: usize, cells: &[T]) {
        self.put_bytes(at, bytemuck::cast_slice(cells));
    }

    /// The same of cells that came as bytes.
    pub(crate) fn put_bytes(&mut self, at: usize, bytes: &[u8]) {
        let start = at * self.width;
        match &mut self.place {
            _ if self.failed.is_some() => {}
            Place::Memory(all) => {
                let end = start + self.width;
                if all.len() < end {
                    all.resize(end, T::zeroed());
                }
                bytemuck::cast_slice_mut(&mut all[start..end]).copy_from_slice(bytes);
            }
            Place::File(file) => {
                self.failed = file.write_all_at(bytes, (start * size_of::<T>()) as u64).err();
            }
        }
    }

    /// Waits until all of a file is on disk.
    pub(crate) fn sync(&mut self) {
        if let (Place::File(file), None) = (&self.place, &self.failed) {
            self.failed = file.sync_data().err();
        }
    }

    /// What went wrong with the file, if anything has.
    pub(crate) fn failed(&self) -> Option<&io::Error> {
        self.failed.as_ref()
    }

    /// The cells of rows that lie one after the other, as bytes.
    pub(crate) fn bytes(&self, rows: Range<usize>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.add_bytes(rows, &mut bytes)?;
        Ok(bytes)
    }

    /// Adds them to others.
    pub(crate) fn add_bytes(&self, rows: Range<usize>, to: &mut Vec<u8>) -> io::Result<()> {
        let cells = rows.start * self.width..rows.end * self.width;
        match &self.place {
            _ if let Some(reason) = &self.failed => {
                return Err(io::Error::new(reason.kind(), reason.to_string()));
            }
            Place::Memory(all) => to.extend_from_slice(bytemuck::cast_slice(&all[cells])),
            Place::File(file) => {
                let before = to.len();
                to.resize(before + cells.len() * size_of::<T>(), 0);
                file.read_exact_at(&mut to[before..], (cells.start * size_of::<T>()) as u64)?;
            }
        }
        Ok(())
    }

    /// `rows` of them, to be read.
    pub(crate) fn finished(self, rows: usize) -> Rows<T> {
        let place = match self.place {
            Place::Memory(cells) => Finished::Memory(Arc::new(cells)),
            Place::File(file) => Finished::File(Arc::new(file)),
        };
        Rows { count: rows, width: self.width, place }
    }
}

/// The rows of a table that was computed.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    count: usize,
    width: usize,
    place: Finished<T>,
}

#[derive(Clone, Debug)]
enum Finished<T> {
    Memory(Arc<Vec<T>>),
    File(Arc<File>),
}

/// The cells of a row.
#[derive(Clone, Debug)]
pub struct Row<T> {
    block: Arc<Vec<T>>,
    cells: Range<usize>,
}

impl<T> Deref for Row<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.block[self.cells.clone()]
    }
}

impl<T: Pod> Rows<T> {
    /// Rows of `width` cells each, one after the other.
    pub fn of(cells: Vec<T>, width: usize) -> Rows<T> {
        let rows = cells.len().checked_div(width).unwrap_or(0);
        Rows { count: rows, width, place: Finished::Memory(Arc::new(cells)) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A row.
    ///
    /// # Panics
    ///
    /// If there is no such row, or it cannot be read back from the file that it was written to.
    pub fn row(&self, row: usize) -> Row<T> {
        assert!(row < self.count, "row {row} of {}", self.count);
        self.block(row..row + 1).row(0)
    }

    /// All rows, in order.
    ///
    /// # Panics
    ///
    /// As [`Rows::row`].
    pub fn iter(&self) -> impl Iterator<Item = Row<T>> + '_ {
        let block = match &self.place {
            Finished::Memory(_) => self.count,
            Finished::File(_) => BLOCK / (self.width * size_of::<T>()).max(1),
        };
        let block = block.max(1);
        (0..self.count).step_by(block).flat_map(move |first| {
            let block = self.block(first..self.count.min(first + block));
            (0..block.rows).map(move |row| block.row(row))
        })
    }

    /// All cells, in memory.
    ///
    /// # Panics
    ///
    /// As [`Rows::row`].
    pub fn into_vec(self) -> Vec<T> {
        let Block { cells, .. } = self.block(0..self.count);
        drop(self);
        Arc::try_unwrap(cells).unwrap_or_else(|cells| cells.to_vec())
    }

    fn block(&self, rows: Range<usize>) -> Block<T> {
        let (first, count) = (rows.start * self.width, rows.len() * self.width);
        let (first, cells) = match &self.place {
            Finished::Memory(cells) => (first, cells.clone()),
            Finished::File(file) => {
                let mut cells = bytemuck::allocation::zeroed_vec(count);
                let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut cells);
                if let Err(reason) = file.read_exact_at(bytes, (first * size_of::<T>()) as u64) {
                    panic!("rows cannot be read back from the run folder: {reason}");
                }
                (0, Arc::new(cells))
            }
        };
        Block { cells, first, width: self.width, rows: rows.len() }
    }
}

/// Rows in memory.
struct Block<T> {
    cells: Arc<Vec<T>>,
    first: usize,
    width: usize,
    rows: usize,
}

impl<T> Block<T> {
    fn row(&self, row: usize) -> Row<T> {
        let start = self.first + row * self.width;
        Row { block: self.cells.clone(), cells: start..start + self.width }
    }
}
