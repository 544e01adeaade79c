//! The run folder: everything a run leaves behind, written so that a file is either whole or absent.

use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use cluster::Team;
use serde::Serialize;

use crate::error::Error;
use crate::inputs::InputFile;
use crate::report::{Report, html, tables, text};

use holder::HOLDER;
pub use holder::{Held, Holder, host};

mod holder;

/// Where a run's results lie.
pub struct RunFolder {
    path: PathBuf,
}

/// Who made a run, of what, and how.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// Version of this layout.
    pub schema: u32,
    /// `running`, `stopped` before it was done, or `complete`.
    pub state: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// Commit it was built from.
    pub commit: &'static str,
    /// What it was built with.
    pub features: &'static str,
    /// Target and compiler flags.
    pub target: String,
    /// Seed of the study.
    pub seed: u64,
    /// The input files.
    pub inputs: Vec<InputFile>,
    /// Processes that took part.
    pub ranks: usize,
    /// Threads of each.
    pub threads: usize,
    /// Number of the attempt: more than 1 after a stop or a kill.
    pub attempt: usize,
    /// Machine of the first rank.
    pub host: String,
    /// Slurm's number of the job, if there is one.
    pub job: Option<String>,
    /// When it started \[seconds since 1970-01-01 UTC\]; not part of the digest.
    pub started: u64,
    /// Wall time from start to end \[s\]; not part of the digest.
    pub seconds: f64,
}

/// What is found at a run folder's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet, or an unfinished run of the same study.
    Open,
    /// A finished run of the same study.
    Complete,
}

/// Where finished rows are kept until the run is done.
pub const JOURNAL: &str = "journal";
const STUDY: &str = "study.toml";
const MANIFEST: &str = "manifest.json";
/// Its presence says that a run is complete.
pub const DIGEST: &str = "digest.txt";
const SUMMARY: &str = "summary.txt";
const REPORT: &str = "report.json";
const PAGE: &str = "report.html";

impl RunFolder {
    /// The folder at `path`, made if it is absent, for the study in its `resolved` form.
    ///
    /// A folder that holds another study's run is refused: nothing of it is touched.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every difference, [`Error::Disk`] if the folder cannot be written.
    pub fn open(
        path: &Path,
        resolved: &str,
        manifest: &Manifest,
        fresh: bool,
    ) -> Result<(RunFolder, Found), Error> {
        std::fs::create_dir_all(path).map_err(|e| Error::disk("make the folder", path, &e))?;
        let folder = RunFolder { path: path.to_owned() };
        let mut entries = std::fs::read_dir(path).map_err(|e| Error::disk("read", path, &e))?;
        let empty = entries.next().is_none();
        if !empty && fresh {
            return Err(Error::Usage(format!(
                "--fresh wants an empty folder, but `{}` is not; name another with --run",
                path.display()
            )));
        }
        if empty {
            return Ok((folder, Found::Open));
        }
        // One that was ended before it had written its first file has nothing to differ in.
        let differences = match folder.only_begun()? {
            true => Vec::new(),
            false => folder.differences(resolved, manifest)?,
        };
        if !differences.is_empty() {
            return Err(Error::Usage(format!(
                "`{}` holds the run of another study; name another folder with --run. It differs \
                 in:\n  {}",
                path.display(),
                differences.join("\n  ")
            )));
        }
        let complete = folder.path.join(DIGEST).exists();
        Ok((folder, if complete { Found::Complete } else { Found::Open }))
    }

    /// The folder of a run at `path`, to read from.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if it is none, or the run is not finished.
    pub fn existing(path: &Path) -> Result<RunFolder, Error> {
        if !path.join(MANIFEST).is_file() {
            let message = format!("`{}` is not a run folder: it has no {MANIFEST}", path.display());
            return Err(Error::Usage(message));
        }
        if !path.join(DIGEST).is_file() {
            let message = format!(
                "the run in `{}` is not finished; the command that started it continues it",
                path.display()
            );
            return Err(Error::Usage(message));
        }
        Ok(RunFolder { path: path.to_owned() })
    }

    /// What the manifest in a folder says, finished or not.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if there is none.
    pub fn manifest(path: &Path) -> Result<serde_json::Value, Error> {
        let text = std::fs::read_to_string(path.join(MANIFEST)).ok();
        text.and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(|| {
            let path = path.display();
            Error::Usage(format!("`{path}` is not a run folder: it has no readable {MANIFEST}"))
        })
    }

    /// Writes what the run is of, before anything is computed.
    ///
    /// # Errors
    ///
    /// [`Error::Disk`] if it cannot be written.
    pub fn begin(&self, resolved: &str, manifest: &Manifest) -> Result<(), Error> {
        let journal = self.journal();
        std::fs::create_dir_all(&journal)
            .map_err(|error| Error::disk("make the folder", journal, &error))?;
        self.write(STUDY, resolved.as_bytes())?;
        self.write(MANIFEST, &json(manifest))
    }

    /// Whether there is nothing but what a run makes before its first files are whole.
    fn only_begun(&self) -> Result<bool, Error> {
        let entries = std::fs::read_dir(&self.path);
        let entries = entries.map_err(|error| Error::disk("read", &self.path, &error))?;
        let names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect();
        let is_ours = |name: &String| {
            [JOURNAL, STUDY, HOLDER].contains(&&name[..])
                || [".new-", ".now-", ".slurm-"].iter().any(|start| name.starts_with(start))
        };
        // A study on its own is somebody's study.
        let begun = names.iter().any(|name| [JOURNAL, HOLDER].contains(&&name[..]));
        Ok(begun && names.iter().all(is_ours))
    }

    /// Writes the manifest anew.
    ///
    /// # Errors
    ///
    /// [`Error::Disk`] if it cannot be written.
    pub fn note(&self, manifest: &Manifest) -> Result<(), Error> {
        self.write(MANIFEST, &json(manifest))
    }

    /// Says that the run stopped before it was done.
    ///
    /// # Errors
    ///
    /// [`Error::Disk`] if it cannot be written.
    pub fn stopped(&self, manifest: &Manifest) -> Result<(), Error> {
        self.write(MANIFEST, &json(&Manifest { state: "stopped", ..manifest.clone() }))
    }

    /// Where finished rows are kept.
    pub fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if somebody else is at work in it.
    pub fn held(&self) -> Result<Held, Error> {
        Held::take(&self.path)
    }

    /// What differs between the run in this folder and the one that is asked for.
    fn differences(&self, resolved: &str, manifest: &Manifest) -> Result<Vec<String>, Error> {
        let new = resolved.parse().unwrap_or_default();
        let manifest = serde_json::to_value(manifest).unwrap_or_default();
        Ok(differences(self.recorded()?, (new, manifest)))
    }

    /// What differs between the run in this folder and that in another.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if one of them does not say what it was a run of.
    pub fn differences_to(&self, other: &RunFolder) -> Result<Vec<String>, Error> {
        Ok(differences(self.recorded()?, other.recorded()?))
    }

    /// The study and the manifest in this folder.
    fn recorded(&self) -> Result<Recorded, Error> {
        let study = self.parsed(STUDY, |text| text.parse().ok())?;
        Ok((study, self.parsed(MANIFEST, |text| serde_json::from_str(text).ok())?))
    }

    fn parsed<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
        let path = self.path.join(name);
        let text = std::fs::read_to_string(&path).ok();
        text.as_deref().and_then(parse).ok_or_else(|| {
            Error::Usage(format!(
                "`{}` is not empty and not a run folder: it has no readable {name}; name another \
                 with --run",
                self.path.display()
            ))
        })
    }

    /// Writes every result; the digest last, so that a folder with a digest is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Disk`] naming a file that could not be written.
    ///
    /// # Panics
    ///
    /// Never: a report is plain values.
    pub fn finish(&self, report: &Report, manifest: &Manifest, team: &Team) -> Result<(), Error> {
        // The longest first; each is made and written by one thread. The page and the summary say nothing
        // that is not in the others, and have no part in the digest.
        const FIRST: [&str; 3] = [REPORT, PAGE, SUMMARY];
        let tables = tables::TABLES.iter().map(|table| format!("{table}.csv"));
        let names: Vec<String> = FIRST.map(str::to_owned).into_iter().chain(tables).collect();
        let hashes = team.by_threads(names.len(), |place| self.result(&names[place], report));
        let hashes: Vec<blake3::Hash> = hashes.into_iter().collect::<Result<_, _>>()?;
        let mut digest = String::new();
        for place in (FIRST.len()..names.len()).chain([0]) {
            digest.extend([hashes[place].to_hex().as_str(), "  ", &names[place], "\n"]);
        }
        self.write(MANIFEST, &json(manifest))?;
        self.write(DIGEST, digest.as_bytes())?;
        // Nothing needs it any more. Where it cannot be removed, it does no harm.
        for file in std::fs::read_dir(self.journal()).into_iter().flatten().flatten() {
            let _ = std::fs::remove_file(file.path());
        }
        let _ = std::fs::remove_dir_all(self.journal());
        Ok(())
    }

    /// Makes and writes a file of the results, and hashes it.
    fn result(&self, name: &str, report: &Report) -> Result<blake3::Hash, Error> {
        let mut hasher = blake3::Hasher::new();
        // Of many items they are large: all but the page and the summary are written as they are made.
        replaced(&self.path.join(name), |file| {
            let hashed = Hashed { file, hasher: &mut hasher };
            let mut file = BufWriter::with_capacity(1 << 20, hashed);
            match name {
                REPORT => {
                    serde_json::to_writer(&mut file, report)?;
                    file.write_all(b"\n")?;
                }
                PAGE => file.write_all(html::page(report).as_bytes())?,
                SUMMARY => file.write_all(text::summary(report, None).as_bytes())?,
                _ => tables::write(report, name.trim_end_matches(".csv"), false, &mut file)?,
            }
            file.flush()
        })?;
        Ok(hasher.finalize())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        replace(&self.path.join(name), bytes)
    }

    /// The path of `report.html`.
    pub fn page(&self) -> PathBuf {
        self.path.join(PAGE)
    }

    /// The text, JSON, or one of the tables of a finished run.
    ///
    /// # Errors
    ///
    /// [`Error::Disk`] if the file cannot be read.
    pub fn read(&self, what: Stored<'_>) -> Result<String, Error> {
        let name = match what {
            Stored::Summary => SUMMARY.to_owned(),
            Stored::Json => REPORT.to_owned(),
            Stored::Table(table) => format!("{table}.csv"),
        };
        let path = self.path.join(name);
        std::fs::read_to_string(&path).map_err(|error| Error::disk("read", path, &error))
    }
}

/// Writes a file beside its place, syncs it, and moves it there.
///
/// # Errors
///
/// [`Error::Disk`] if it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replaced(path, |file| file.write_all(bytes))
}

/// A file whose bytes are hashed on the way.
struct Hashed<'a> {
    file: &'a mut dyn Write,
    hasher: &'a mut blake3::Hasher,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// The same, written by `fill`.
fn replaced(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let written = (|| {
        let mut file = tempfile::Builder::new()
            .prefix(".new-")
            .permissions(std::fs::Permissions::from_mode(0o666)) // less the umask: others may read
            .tempfile_in(folder)?;
        fill(&mut file)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        // A rename is only safe once the folder is: best effort where folders cannot be synced.
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    })();
    written.map_err(|error: std::io::Error| Error::disk("write", path, &error))
}

/// A stored form of a report.
#[derive(Clone, Copy, Debug)]
pub enum Stored<'a> {
    /// What was printed.
    Summary,
    /// Everything, for programs.
    Json,
    /// One table.
    Table(&'a str),
}

fn json(manifest: &Manifest) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(manifest).expect("plain values are always JSON");
    bytes.push(b'\n');
    bytes
}

/// What a run was of: its study, and its manifest.
type Recorded = (toml::Table, serde_json::Value);

/// A study without the settings that change no row.
pub(crate) fn without_what_decides_nothing(mut study: toml::Table) -> toml::Table {
    if let Some(simulation) = study.get_mut("simulation").and_then(toml::Value::as_table_mut) {
        simulation.remove("on_row_failure");
    }
    study
}

/// Settings, version and tables that differ: `key: old → new`.
fn differences((old_study, old): Recorded, (new_study, new): Recorded) -> Vec<String> {
    use toml::Value::Table;
    let mut differences = Vec::new();
    let [old_study, new_study] = [old_study, new_study].map(without_what_decides_nothing);
    compare("", &Table(old_study), &Table(new_study), &mut differences);
    for name in ["version", "commit"] {
        let [old, new] = [&old, &new].map(|manifest| manifest[name].as_str().unwrap_or("unknown"));
        if old != new {
            differences.push(format!("parstock {name}: {old} → {new}"));
        }
    }
    for input in new["inputs"].as_array().into_iter().flatten() {
        let same = |o: &&serde_json::Value| o["table"] == input["table"];
        let old = old["inputs"].as_array().and_then(|inputs| inputs.iter().find(same));
        let hash = |of: Option<&serde_json::Value>| {
            of.and_then(|input| input["sha256"].as_str()).unwrap_or("unknown").to_owned()
        };
        let (old, new) = (hash(old), hash(Some(input)));
        if old != new {
            let file = input["file"].as_str().unwrap_or_default();
            let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
            let (old, new) = (short(&old), short(&new));
            differences.push(format!("contents of {file}: sha256 {old}… → {new}…"));
        }
    }
    differences
}

/// Adds `key: old → new` for every value that differs.
fn compare(path: &str, old: &toml::Value, new: &toml::Value, differences: &mut Vec<String>) {
    use toml::Value::Table;
    let (Table(old), Table(new)) = (old, new) else {
        if old != new {
            differences.push(format!("{path}: {old} → {new}"));
        }
        return;
    };
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => compare(&path, old, new, differences),
            (Some(old), None) => differences.push(format!("{path}: {old} → nothing")),
            (None, Some(new)) => differences.push(format!("{path}: nothing → {new}")),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests;
