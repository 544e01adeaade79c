//! The study's inputs, read by one rank and known to all.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

use cluster::{Failure, Team};
use scenarios::cleaning::Corrections;
use scenarios::{History, Series};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::study::Study;
use crate::study::channels::with_terms_of_stock;
use crate::study::discounts::Discount;
use crate::study::named::Named;
use crate::study::order_plan::Method;
use crate::study::stock::{StockedItem, stocked_items};
use crate::study::suppliers::{Supplier, suppliers_of};
use crate::study::transfers::Transfer;
use crate::table::Problems;
use crate::table::items::{ItemRow, match_items, read_items};
use crate::table::sales::{Heard, Unread, read_sales_of};
use corrected::corrected;

mod corrected;
mod planned;

pub(crate) use corrected::factor;

/// What a study is computed from.
pub struct Inputs {
    /// Sales by item and period.
    pub history: History,
    /// Whether its books tell of sales that look wrong.
    pub inspected: bool,
    /// The items in both tables, in order of name.
    pub stock: Vec<StockedItem>,
    /// The suppliers whose terms couple their items, in order of name.
    pub suppliers: Vec<Supplier>,
    /// Prices of larger orders, by item, then quantity.
    pub discounts: Vec<Discount>,
    /// Ways of goods from one item to another.
    pub transfers: Vec<Transfer>,
    /// How the orders of the coming periods are planned; by prices where they are not.
    pub plan_method: Method,
    /// What the user should know about how the tables were read.
    pub notes: Vec<String>,
    /// The files, as the manifest names them.
    pub files: Vec<InputFile>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct InputFile {
    /// Which table it holds.
    pub table: &'static str,
    /// Its path, as in the study file.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size \[bytes\].
    pub bytes: usize,
    /// Its rows that were read, without the header.
    pub rows: usize,
}

impl Inputs {
    /// Reads and checks the tables of `study`, which lies in `folder`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the tables, or the first file that cannot be read.
    pub fn read(study: &Study, folder: &Path, team: &Team) -> Result<Inputs, Error> {
        let (sales_file, items_file) = (&study.file.sales.file, &study.file.items.file);
        let sales = Located::of(folder, "sales.file", sales_file)?;
        let mut source = None;
        team.from_root(|| {
            source = Some(sales.open()?);
            Ok(Vec::new())
        })?;
        let items = shared(folder, "items.file", items_file, team)?;
        let (items, rows, history, hashed) = std::thread::scope(|scope| {
            let of_items = || {
                let described = Hashed::of(&items).file("items", items_file);
                (described, read_items(items_file, &items, &study.items))
            };
            let (hear, heard) = sync_channel(HEARD);
            let threads = (
                Builder::new().spawn_scoped(scope, of_items),
                Builder::new().spawn_scoped(scope, move || Hashed::heard(&heard)),
            );
            // Where the system refuses a thread, its work is done here.
            let here = Mutex::new(Hashed::default());
            let options = &study.sales;
            let history = read_sales_of(sales_file, source.as_mut(), options, team, &|heard| {
                if let Err(SendError(heard)) = hear.send(heard) {
                    here.lock().unwrap_or_else(PoisonError::into_inner).hear(&heard);
                }
            });
            drop(hear);
            let here = || here.into_inner().unwrap_or_else(PoisonError::into_inner);
            let hashed = match threads.1 {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => here(),
            };
            let (items, rows) = match threads.0 {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => of_items(),
            };
            (items, rows, history, hashed)
        });
        let inspected = study.corrections != Corrections::default() || study.sales.ledger;
        // One rank puts the history together; the others are told what is computed from.
        let mut corrections = Vec::new();
        let mut problems = None;
        let mut own = None;
        let made = team.from_root(|| {
            let history = match history {
                Ok(history) => Ok(history),
                Err(Unread::Table(of_sales)) => Err(of_sales),
                Err(Unread::Disk(reason)) => return Err(sales.failure(&reason)),
            };
            let (mut history, rows) = both(history, &rows).map_err(|of_both| {
                let failure = Error::Data(of_both.clone()).failure();
                problems = Some(of_both);
                failure
            })?;
            if inspected {
                corrections = correct(study, &mut history, rows);
            }
            own = Some(history);
            Ok(Vec::new())
        });
        made.map_err(|error| problems.map_or(error.into(), Error::Data))?;
        let history = told(own, team);
        let (mut rows, mut notes) = rows.map_err(Error::Data)?;
        let mut files = vec![as_root_has_it(hashed.file("sales", sales_file), team)?, items];
        (files[0].rows, files[1].rows) = (history.rows, rows.len());
        if study.order_plan.is_some() {
            with_terms_of_stock(study, &history, &mut rows).map_err(Error::Data)?;
        }
        let unmatched =
            match_items(&history, &rows, sales_file, items_file, study.unmatched_is_fine);
        let stock = stocked_items(study, &history, &rows);
        let (unmatched, stock) = match (unmatched, stock) {
            (Ok(unmatched), Ok(stock)) => (unmatched, stock),
            (Err(mut problems), Err(others)) => {
                problems.append(others);
                return Err(Error::Data(problems));
            }
            (Err(problems), _) | (_, Err(problems)) => return Err(Error::Data(problems)),
        };
        let suppliers = suppliers_of(study, &stock).map_err(Error::Data)?;
        let named = Named { study, history: &history, rows: &rows, stock: &stock };
        let planned::Planned { discounts, transfers, files: more, notes: of_plan } =
            planned::planned(&named, folder, team)?;
        files.extend(more);
        let (plan_method, of_method) =
            study.plan_method(&stock, &discounts, &transfers).map_err(Error::Data)?;
        notes.splice(0..0, history.notes.iter().cloned());
        notes.extend(corrections);
        notes.extend(unmatched);
        notes.extend(of_plan);
        notes.extend(of_method);
        Ok(Inputs {
            history,
            inspected,
            stock,
            suppliers,
            discounts,
            transfers,
            plan_method,
            notes,
            files,
        })
    }
}

impl Inputs {
    /// The same without some items, as if the tables did not name them; channels of their stock go too.
    /// Terms of suppliers who deliver none of the others are left out.
    pub fn without(&self, study: &Study, rows: &BTreeSet<usize>) -> Inputs {
        let gone = |row: usize| {
            rows.contains(&row) || self.stock[row].stock_of.is_some_and(|of| rows.contains(&of))
        };
        let mut places = vec![None; self.stock.len()];
        let mut stock = Vec::with_capacity(self.stock.len());
        for (row, item) in self.stock.iter().enumerate().filter(|(row, _)| !gone(*row)) {
            places[row] = Some(stock.len());
            stock.push(item.clone());
        }
        for item in &mut stock {
            item.stock_of = item.stock_of.and_then(|of| places[of]);
        }
        let discount = |of: &Discount| Some(Discount { item: places[of.item]?, ..*of });
        let transfer = |way: &Transfer| {
            Some(Transfer { from: places[way.from]?, to: places[way.to]?, ..*way })
        };
        let of_others = || {
            let left = |supplier: &Supplier| Supplier {
                items: supplier.items.iter().filter_map(|item| places[*item]).collect(),
                ..supplier.clone()
            };
            self.suppliers.iter().map(left).filter(|supplier| !supplier.items.is_empty()).collect()
        };
        Inputs {
            history: self.history.clone(),
            inspected: self.inspected,
            suppliers: suppliers_of(study, &stock).unwrap_or_else(|_| of_others()),
            discounts: self.discounts.iter().filter_map(discount).collect(),
            transfers: self.transfers.iter().filter_map(transfer).collect(),
            stock,
            plan_method: self.plan_method,
            notes: self.notes.clone(),
            files: self.files.clone(),
        }
    }

    /// What was known `periods` before the end of the history, of items that were known for long enough;
    /// and their sales, those of the last periods included.
    pub fn before(&self, periods: usize) -> (Inputs, Vec<Vec<f64>>) {
        let History { calendar, rows, periods: all, series, quality, .. } = &self.history;
        let known = |place: usize| series.periods(place) >= periods + KNOWN;
        let cut = |(place, series): (usize, Series)| match known(place) {
            true => series.until(series.units.len() - periods),
            false => series,
        };
        let history = History {
            calendar: calendar.clone(),
            rows: *rows,
            periods: all - periods,
            series: series.iter().enumerate().map(cut).collect(),
            quality: quality.clone(),
            changes: Vec::new(),
            notes: Vec::new(),
        };
        // A channel is an item like any other where nothing is planned.
        let alone = |item: &StockedItem| StockedItem { stock_of: None, ..item.clone() };
        let stock: Vec<StockedItem> =
            self.stock.iter().filter(|item| known(item.series)).map(alone).collect();
        let sales = stock.iter().map(|item| series.get(item.series).units).collect();
        let inputs = Inputs {
            history,
            inspected: self.inspected,
            stock,
            suppliers: Vec::new(),
            discounts: Vec::new(),
            transfers: Vec::new(),
            plan_method: Method::Prices,
            notes: Vec::new(),
            files: self.files.clone(),
        };
        (inputs, sales)
    }
}

/// Least periods that are known of an item before its past is replayed.
const KNOWN: usize = 8;

/// The history that rank 0 has and the rows of items, or everything that is wrong with either.
fn both(
    history: Result<Option<History>, Problems>,
    items: &Result<(Vec<ItemRow>, Vec<String>), Problems>,
) -> Result<(History, &[ItemRow]), Problems> {
    match (history, items) {
        (Ok(history), Ok((rows, _))) => Ok((history.expect("rank 0 reads sales"), rows)),
        (Err(mut problems), Err(others)) => {
            problems.append(others.clone());
            Err(problems)
        }
        (Err(problems), _) => Err(problems),
        (_, Err(problems)) => Err(problems.clone()),
    }
}

/// The history that rank 0 has, on every rank.
fn told(own: Option<History>, team: &Team) -> History {
    let mut heard: Option<History> = None;
    team.tell(own.iter().flat_map(History::pieces), |piece| match &mut heard {
        Some(history) => history.go_on(piece),
        None => heard = Some(History::begun(piece)),
    });
    own.or(heard).expect("rank 0 has one")
}

/// Looks at sales closely, corrects what the study wants corrected, and says what was done.
fn correct(study: &Study, history: &mut History, rows: &[ItemRow]) -> Vec<String> {
    let packs: HashMap<&str, f64> =
        rows.iter().filter_map(|row| Some((row.item.as_str(), study.pack(row)?))).collect();
    let pack = |item: &str| packs.get(item).copied();
    let (corrections, ledger) = (study.corrections, study.sales.ledger);
    corrected(history, corrections, ledger, pack, &study.file.sales.file)
}

/// What is to be said of a file whose bytes are rank 0's alone.
fn as_root_has_it(file: InputFile, team: &Team) -> Result<InputFile, Error> {
    let size = file.bytes.to_le_bytes();
    let packed = team.from_root(|| Ok([&size[..], file.sha256.as_bytes()].concat()))?;
    let (bytes, sha256) = packed.split_at(size.len());
    let sha256 = String::from_utf8_lossy(sha256).into_owned();
    Ok(InputFile { bytes: bytemuck::pod_read_unaligned(bytes), sha256, ..file })
}

/// Pieces of a table that wait to be hashed at most.
const HEARD: usize = 8;

/// The hash of a file, and how many bytes it has.
#[derive(Default)]
struct Hashed {
    hash: Sha256,
    bytes: usize,
}

impl Hashed {
    fn of(bytes: &[u8]) -> Hashed {
        let mut hashed = Hashed::default();
        hashed.update(bytes);
        hashed
    }

    fn heard(pieces: &Receiver<Heard>) -> Hashed {
        let mut hashed = Hashed::default();
        while let Ok(heard) = pieces.recv() {
            hashed.hear(&heard);
        }
        hashed
    }

    fn hear(&mut self, heard: &Heard) {
        match heard {
            Heard::Bytes(bytes) => self.update(bytes),
            Heard::Again => *self = Hashed::default(),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len();
    }

    fn file(self, table: &'static str, file: &str) -> InputFile {
        let sha256 = format!("{:x}", self.hash.finalize());
        InputFile { table, file: file.to_owned(), sha256, bytes: self.bytes, rows: 0 }
    }
}

/// The bytes of `file`, which the study gives as `key`, read by rank 0.
fn shared(folder: &Path, key: &'static str, file: &str, team: &Team) -> Result<Vec<u8>, Error> {
    let located = Located::of(folder, key, file)?;
    Ok(team.from_root(|| {
        let mut bytes = Vec::new();
        let read = located.open()?.read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(|reason| located.failure(&reason))
    })?)
}

/// A file that the study gives as a key.
struct Located {
    key: &'static str,
    path: PathBuf,
}

impl Located {
    fn of(folder: &Path, key: &'static str, file: &str) -> Result<Located, Error> {
        // Every rank expands the name, so that every rank fails alike.
        let path = located(folder, file).map_err(|why| Error::Usage(format!("{key}: {why}")))?;
        Ok(Located { key, path })
    }

    fn open(&self) -> Result<File, Failure> {
        open_regular(&self.path).map_err(|reason| self.failure(&reason))
    }

    fn failure(&self, reason: &io::Error) -> Failure {
        let (path, key) = (self.path.clone(), self.key);
        match reason.kind() {
            ErrorKind::NotFound => Error::Disk {
                action: "read",
                path,
                reason: format!(
                    "there is no such file; {key} is relative to the folder of the study"
                ),
            },
            _ => Error::disk("read", path, reason),
        }
        .failure()
    }
}

/// Reads a file, but no device or pipe, which might never end.
pub(crate) fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open_regular(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open_regular(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?;
    if !kind.is_file() {
        let what = if kind.is_dir() { "it is a folder" } else { "it is not a regular file" };
        return Err(io::Error::other(what));
    }
    File::open(path)
}

/// The path that `file` means in a study in `folder`; `${NAME}` is the environment's.
fn located(folder: &Path, file: &str) -> Result<PathBuf, String> {
    if file.starts_with("~/") {
        return Err(format!("`{file}`: `~` means nothing here; write `${{HOME}}` for it"));
    }
    let mut path = String::new();
    let mut rest = file;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| format!("`{file}`: `${{` has no `}}` after it; write `${{NAME}}`"))?;
        let value = std::env::var(name).map_err(|_| {
            format!(
                "`{file}`: the environment has no {name}; set it, for example \
                 `export {name}=/path/to/folder`"
            )
        })?;
        path.push_str(before);
        path.push_str(&value);
        rest = after;
    }
    path.push_str(rest);
    Ok(folder.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_studys_and_expand() {
        let folder = Path::new("/studies/shop");
        let path = |file| located(folder, file);
        assert_eq!(path("s.csv"), Ok("/studies/shop/s.csv".into()));
        assert_eq!(path("/data/s.csv"), Ok("/data/s.csv".into()));
        assert!(path("${PARSTOCK_NO_SUCH}/s.csv").unwrap_err().contains("PARSTOCK_NO_SUCH"));
        assert!(path("${HOME").unwrap_err().contains("write `${NAME}`"));
        let home = std::env::var("HOME").unwrap_or_default();
        assert_eq!(path("${HOME}/s.csv"), Ok(folder.join(format!("{home}/s.csv"))));
    }

    #[test]
    fn devices_and_folders_are_not_read() {
        assert!(read_regular(Path::new("/dev/zero")).is_err());
        assert!(read_regular(Path::new("/")).unwrap_err().to_string().contains("folder"));
    }
}
