//! A site profile: what all jobs of a site have in common, in a file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Error;
use crate::table::{nearest, shown};

/// Defaults of a site; flags win over them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The partition.
    pub partition: Option<String>,
    /// The account that is charged.
    pub account: Option<String>,
    /// The quality of service.
    pub qos: Option<String>,
    /// The kind of `srun --mpi`, by its name.
    pub mpi: Option<String>,
    /// Memory of each node, such as `4G`.
    pub memory: Option<String>,
    /// CPUs of each process.
    pub cpus_per_rank: Option<u32>,
    /// Modules that are loaded.
    pub modules: Vec<String>,
    /// More options of `sbatch`.
    pub extra_sbatch: Vec<String>,
    /// Lines of bash before the program starts.
    pub setup: Vec<String>,
}

/// The keys of `[site]`.
const KEYS: [&str; 9] = [
    "partition",
    "account",
    "qos",
    "mpi",
    "memory",
    "cpus_per_rank",
    "modules",
    "extra_sbatch",
    "setup",
];

impl Profile {
    /// The profile at `path`, or else where the environment or the user's settings have one.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] about what the file says, [`Error::Disk`] if it cannot be read.
    pub fn find(path: Option<&Path>) -> Result<Profile, Error> {
        match path.map(Path::to_owned).or_else(|| place(|name| std::env::var_os(name))) {
            None => Ok(Profile::default()),
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|reason| Error::disk("read the site profile", &path, &reason))?;
                Profile::parse(&text, &path.display().to_string())
            }
        }
    }

    /// The profile that `text`, of the file `name`, means.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] about the first thing that is wrong.
    pub fn parse(text: &str, name: &str) -> Result<Profile, Error> {
        let refuse = |start: usize, message: &str| {
            let before = text.get(..start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            Error::Usage(format!("{}:{line}: {message}", shown(name)))
        };
        let table = DeTable::parse(text).map_err(|error| {
            refuse(error.span().map_or(0, |span| span.start), &error.message().replace('\n', "; "))
        })?;
        let mut profile = Profile::default();
        for (section, value) in table.get_ref() {
            let DeValue::Table(keys) = value.get_ref() else {
                let message = format!("`{}` belongs below a line [site]", shown(section.get_ref()));
                return Err(refuse(section.span().start, &message));
            };
            if section.get_ref() != "site" {
                let message =
                    format!("[{}] means nothing; there is [site]", shown(section.get_ref()));
                return Err(refuse(section.span().start, &message));
            }
            for (key, value) in keys {
                profile
                    .take(key.get_ref(), value)
                    .map_err(|message| refuse(key.span().start, &message))?;
            }
        }
        Ok(profile)
    }

    fn take(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<(), String> {
        let value = value.get_ref();
        match key {
            "partition" => self.partition = Some(text(key, value)?),
            "account" => self.account = Some(text(key, value)?),
            "qos" => self.qos = Some(text(key, value)?),
            "mpi" => self.mpi = Some(text(key, value)?),
            "memory" => {
                self.memory = Some(
                    super::memory(&text(key, value)?)
                        .map_err(|why| format!("site.memory: {why}"))?,
                );
            }
            "cpus_per_rank" => self.cpus_per_rank = Some(count(key, value)?),
            "modules" => self.modules = texts(key, value)?,
            "setup" => self.setup = texts(key, value)?,
            "extra_sbatch" => {
                self.extra_sbatch = texts(key, value)?;
                if let Some(odd) = self.extra_sbatch.iter().find(|option| !is_option(option)) {
                    return Err(format!(
                        "site.extra_sbatch: `{}` is not an option of sbatch; write one such as \
                         \"--constraint=cpu\"",
                        shown(odd)
                    ));
                }
            }
            _ => {
                let hint = match nearest(key, KEYS.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", KEYS.join(", ")),
                };
                return Err(format!("`{}` is not a key of [site]; {hint}", shown(key)));
            }
        }
        Ok(())
    }
}

/// Where a profile lies that no flag names.
fn place(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(path) = variable("PARSTOCK_SITE") {
        // Set to nothing: no profile, whatever the user's settings have.
        return (!path.is_empty()).then(|| path.into());
    }
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let settings = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(settings.join("parstock/site.toml")).filter(|path| path.exists())
}

/// `--name` or `--name=value`.
fn is_option(text: &str) -> bool {
    let name = text.split('=').next().unwrap_or_default();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    name.len() > 2 && name.starts_with("--") && name.chars().all(word)
}

fn text(key: &str, value: &DeValue<'_>) -> Result<String, String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| format!("site.{key} must be text in quotes, such as \"main\""))
}

fn texts(key: &str, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let wrong = || format!("site.{key} must be a list of texts, such as [\"one\", \"two\"]");
    let list = value.as_array().ok_or_else(wrong)?;
    list.iter().map(|one| one.get_ref().as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn count(key: &str, value: &DeValue<'_>) -> Result<u32, String> {
    let number = value.as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("site.{key} must be a whole number, 1 or more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_says_what_a_site_is_like() {
        let text = "[site]\npartition = \"cpu\"\naccount = \"a\"\nqos = \"q\"\nmpi = \"pmi2\"\n\
                    modules = [\"gcc\", \"openmpi/4.1\"]\nmemory = \"4G\"\ncpus_per_rank = 8\n\
                    extra_sbatch = [\"--constraint=cpu\", \"--exclusive\"]\nsetup = [\"export A=1\"]\n";
        let profile = Profile::parse(text, "site.toml").unwrap();
        assert_eq!(profile.cpus_per_rank, Some(8));
        assert_eq!(profile.modules, ["gcc", "openmpi/4.1"]);
        assert_eq!(profile.setup, ["export A=1"]);
        assert_eq!(profile.partition.as_deref(), Some("cpu"));
        assert_eq!(Profile::parse("", "site.toml").unwrap(), Profile::default());
    }

    #[test]
    fn what_means_nothing_is_refused_where_it_stands() {
        for (text, said) in [
            (
                "[site]\n\npartiton = \"a\"",
                "site.toml:3: `partiton` is not a key of [site]; did you mean `partition`?",
            ),
            ("[sites]\n", "site.toml:1: [sites] means nothing; there is [site]"),
            ("qos = \"a\"", "site.toml:1: `qos` belongs below a line [site]"),
            ("[site]\nqos = 3", "site.toml:2: site.qos must be text"),
            ("[site]\ncpus_per_rank = 0", "site.toml:2: site.cpus_per_rank must be a whole number"),
            ("[site]\nmodules = \"gcc\"", "site.toml:2: site.modules must be a list"),
            ("[site]\nmemory = \"much\"", "site.toml:2: site.memory: is not"),
            (
                "[site]\nextra_sbatch = [\"-C cpu\"]",
                "site.toml:2: site.extra_sbatch: `-C cpu` is not",
            ),
            ("[site]\nqos = \"a", "site.toml:2: "),
        ] {
            let error = Profile::parse(text, "site.toml").unwrap_err();
            assert_eq!(error.exit_code(), 2, "{text}");
            assert!(error.to_string().starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn the_environment_comes_before_the_settings() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".config/parstock/site.toml");
        let in_home = |name: &str| (name == "HOME").then(|| home.path().into());
        assert_eq!(place(in_home), None);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "").unwrap();
        assert_eq!(place(in_home), Some(file));
        let named =
            |name: &str| if name == "PARSTOCK_SITE" { Some("/x".into()) } else { in_home(name) };
        assert_eq!(place(named), Some("/x".into()));
        let none =
            |name: &str| if name == "PARSTOCK_SITE" { Some("".into()) } else { in_home(name) };
        assert_eq!(place(none), None);
    }
}
