//! `parstock slurm`: a job script for Slurm.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::RangedU64ValueParser;
use cluster::Team;

use super::check::read_study;
use super::{print, run_folder, tell};
use crate::duration::parse_duration;
use crate::error::Error;
use crate::slurm::launcher::Library;
use crate::slurm::profile::Profile;
use crate::slurm::{Job, Layout, memory, submit};
use crate::table::{nearest, shown};

/// Arguments of `parstock slurm`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct SlurmArguments {
    /// The study file.
    pub study: PathBuf,
    /// Where results go; `runs/` and the study's name by default.
    #[arg(long, env = "PARSTOCK_RUN")]
    pub run: Option<PathBuf>,
    /// Nodes of the job; with `--array`, its elements.
    #[arg(long, default_value_t = 1, value_parser = count())]
    pub nodes: u32,
    /// Ranks on each node; one with many threads is best.
    #[arg(long, default_value_t = 1, value_parser = count())]
    pub ranks_per_node: u32,
    /// CPUs of each rank, and so its threads; by default the ranks have whole nodes and share them.
    #[arg(long, value_parser = count())]
    pub cpus_per_rank: Option<u32>,
    /// Time limit: 90m, 2h, 1d12h, HH:MM:SS, D-HH:MM:SS, or whole minutes; the partition's by default.
    #[arg(long, value_parser = parse_duration)]
    pub time: Option<Duration>,
    /// Memory of each node, such as 4G.
    #[arg(long, value_parser = memory)]
    pub memory: Option<String>,
    /// The partition.
    #[arg(long)]
    pub partition: Option<String>,
    /// The account that is charged.
    #[arg(long)]
    pub account: Option<String>,
    /// The quality of service.
    #[arg(long)]
    pub qos: Option<String>,
    /// What the queue shows; the study's name by default.
    #[arg(long)]
    pub job_name: Option<String>,
    /// How `srun` starts ranks; `auto` is what suits the MPI that this program is linked with.
    #[arg(long, value_enum)]
    pub mpi: Option<Mpi>,
    /// A module to load; may be repeated.
    #[arg(long = "module", value_name = "NAME")]
    pub modules: Vec<String>,
    /// A site profile; by default `PARSTOCK_SITE`, or ~/.config/parstock/site.toml if there is one.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// An array of N processes without MPI that share the run folder; as many as nodes by default.
    #[arg(long, value_name = "N", num_args = 0..=1, value_parser = count())]
    pub array: Option<Option<u32>>,
    /// Submit the script, and print the job's number.
    #[arg(long)]
    pub submit: bool,
    /// Write the script here rather than to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  parstock slurm study.toml --nodes 4 --time 2h > job.sh
  parstock slurm study.toml --time 1d12h --partition cpu --submit
  parstock slurm study.toml --array 20 --cpus-per-rank 8 --time 4h --submit
The script continues the run when it is submitted again. docs/slurm.md says what it does.";

/// How `srun` starts ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mpi {
    /// For Open MPI.
    Pmix,
    /// For MPICH and Intel MPI.
    Pmi2,
    /// For the MPI of Cray.
    #[value(name = "cray_shasta")]
    CrayShasta,
    /// None, for one rank.
    None,
    /// What suits the MPI that this program is linked with.
    Auto,
}

impl Mpi {
    fn kind(self) -> Option<&'static str> {
        match self {
            Mpi::Pmix => Some("pmix"),
            Mpi::Pmi2 => Some("pmi2"),
            Mpi::CrayShasta => Some("cray_shasta"),
            Mpi::None => Some("none"),
            Mpi::Auto => None,
        }
    }

    /// The kind that a profile names.
    fn named(name: &str) -> Result<Mpi, Error> {
        let names = ["pmix", "pmi2", "cray_shasta", "none", "auto"];
        Mpi::from_str(name, false).map_err(|_| {
            let hint = match nearest(name, names.into_iter()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            let (name, names) = (shown(name), names.join(", "));
            Error::Usage(format!("site.mpi: `{name}` is not among {names}{hint}"))
        })
    }
}

/// What a build can do.
#[derive(Clone, Copy)]
struct Build {
    has_mpi: bool,
    library: Option<Library>,
}

/// Writes, prints or submits the script.
///
/// # Errors
///
/// Those of the study, and about options that cannot be.
pub fn command(arguments: &SlurmArguments) -> Result<(), Error> {
    let study = read_study(&arguments.study, &Team::solo(1)?)?;
    let profile = Profile::find(arguments.profile.as_deref())?;
    let built =
        Build { has_mpi: cluster::build_features().contains("mpi"), library: Library::loaded() };
    let run = run_folder(arguments.run.as_deref(), &study.file.name);
    let program = std::env::current_exe()
        .map_err(|reason| Error::disk("find the path of", "parstock", &reason))?;
    let paths = [absolute(&program)?, absolute(&arguments.study)?, absolute(&run)?];
    let script = job(arguments, profile, built, paths, &study.file.name)?.script()?;

    let path = match &arguments.output {
        Some(path) => absolute(path)?.into(),
        None if !arguments.submit => return print(&script),
        None => submit::place(&PathBuf::from(absolute(&arguments.study)?), &run),
    };
    submit::write(&path, &script)?;
    tell(format_args!("wrote {}", path.display()));
    if arguments.submit {
        let number = submit::submit(&path)?;
        tell(format_args!("submitted; see squeue --job {number}, and parstock-{number}*.out here"));
        print(&format!("{number}\n"))?;
    }
    Ok(())
}

/// The job that flags and profile ask for; flags win.
fn job(
    arguments: &SlurmArguments,
    profile: Profile,
    built: Build,
    [program, study, run]: [String; 3],
    name: &str,
) -> Result<Job, Error> {
    let or = |flag: &Option<String>, profile: Option<String>| flag.clone().or(profile);
    let mpi = match (arguments.mpi, &profile.mpi) {
        (Some(mpi), _) => mpi,
        (None, Some(name)) => Mpi::named(name)?,
        (None, None) => Mpi::Auto,
    };
    let modules =
        if arguments.modules.is_empty() { profile.modules } else { arguments.modules.clone() };
    Ok(Job {
        program,
        study,
        run,
        name: arguments.job_name.clone().unwrap_or_else(|| name.to_owned()),
        layout: layout(arguments, mpi, built)?,
        cpus_per_rank: arguments.cpus_per_rank.or(profile.cpus_per_rank),
        time: arguments.time,
        memory: or(&arguments.memory, profile.memory),
        partition: or(&arguments.partition, profile.partition),
        account: or(&arguments.account, profile.account),
        qos: or(&arguments.qos, profile.qos),
        extra_sbatch: profile.extra_sbatch,
        modules,
        setup: profile.setup,
    })
}

fn layout(arguments: &SlurmArguments, mpi: Mpi, built: Build) -> Result<Layout, Error> {
    let (nodes, per_node) = (arguments.nodes, arguments.ranks_per_node);
    if let Some(elements) = arguments.array {
        return array(arguments, elements);
    }
    let ranks = u64::from(nodes) * u64::from(per_node);
    if ranks > 1 && !built.has_mpi {
        return Err(Error::Usage(format!(
            "{ranks} ranks need MPI, which this program was built without; build it with --features \
             mpi, or ask for --array {ranks}"
        )));
    }
    let kind = match (mpi.kind(), built.library) {
        (Some("none"), _) if ranks > 1 => {
            return Err(Error::Usage(format!(
                "--mpi none starts {ranks} ranks that do not know of each other; leave it out, or \
                 ask for one rank or for --array {ranks}"
            )));
        }
        (Some(kind), _) => kind,
        // Decided here, not on the compute node: this program is the one that the job starts.
        (None, _) if !built.has_mpi => "none",
        (None, Some(library)) => library.kind(),
        (None, None) => {
            return Err(Error::Usage(
                "--mpi auto cannot tell which MPI this program is linked with; say --mpi pmix for \
                 Open MPI, --mpi pmi2 for MPICH"
                    .to_owned(),
            ));
        }
    };
    Ok(Layout::Ranks { nodes, per_node, mpi: kind })
}

fn array(arguments: &SlurmArguments, elements: Option<u32>) -> Result<Layout, Error> {
    let (nodes, per_node) = (arguments.nodes, arguments.ranks_per_node);
    if per_node != 1 {
        return Err(Error::Usage(format!(
            "--array has one process an element, so --ranks-per-node {per_node} cannot be; leave it \
             out, and give threads with --cpus-per-rank"
        )));
    }
    if arguments.mpi.is_some_and(|mpi| !matches!(mpi, Mpi::None | Mpi::Auto)) {
        return Err(Error::Usage(
            "--array works without MPI; leave --mpi out, or leave --array out".to_owned(),
        ));
    }
    match elements {
        Some(elements) if nodes != 1 && nodes != elements => Err(Error::Usage(format!(
            "--array {elements} has one node an element, so --nodes {nodes} cannot be; leave it out"
        ))),
        elements => Ok(Layout::Array { elements: elements.unwrap_or(nodes) }),
    }
}

/// `path` from the root, as text; links stay as they are, because shared folders are often links.
fn absolute(path: &Path) -> Result<String, Error> {
    let path = std::path::absolute(path).map_err(|reason| Error::disk("find", path, &reason))?;
    path.into_os_string().into_string().map_err(|path| {
        Error::Usage(format!(
            "`{}` is not UTF-8, which a job script has to be; rename it",
            path.display()
        ))
    })
}

/// More than any cluster has would only be a slip.
fn count() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(1..=100_000)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::command::{Command, CommandLine};

    const WITHOUT: Build = Build { has_mpi: false, library: None };
    const OPEN_MPI: Build = Build { has_mpi: true, library: Some(Library::OpenMpi) };

    fn asked(line: &str, profile: &str, built: Build) -> Result<Job, Error> {
        let words = format!("parstock slurm s.toml {line}");
        let command = CommandLine::try_parse_from(words.split_whitespace()).unwrap().command;
        let Command::Slurm(arguments) = command else { panic!("{words}") };
        let profile = Profile::parse(profile, "site.toml").unwrap();
        job(&arguments, profile, built, ["/p", "/s", "/r"].map(String::from), "shop")
    }

    fn refusal(line: &str, profile: &str, built: Build) -> String {
        let error = asked(line, profile, built).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        error.to_string()
    }

    #[test]
    fn flags_win_over_the_profile() {
        let site = "[site]\nqos = \"low\"\naccount = \"a\"\nmodules = [\"gcc\"]\nmpi = \"pmi2\"\n\
                    cpus_per_rank = 4";
        let job = asked("--qos high --module one --module two --nodes 2", site, OPEN_MPI).unwrap();
        assert_eq!(job.qos.as_deref(), Some("high"));
        assert_eq!(job.account.as_deref(), Some("a"));
        assert_eq!(job.modules, ["one", "two"]);
        assert_eq!(job.cpus_per_rank, Some(4));
        assert_eq!(job.layout, Layout::Ranks { nodes: 2, per_node: 1, mpi: "pmi2" });
        let job = asked("--mpi auto", site, OPEN_MPI).unwrap();
        assert_eq!(job.layout, Layout::Ranks { nodes: 1, per_node: 1, mpi: "pmix" });
    }

    #[test]
    fn ranks_that_would_not_meet_are_refused() {
        let message = refusal("--nodes 2 --ranks-per-node 2", "", WITHOUT);
        assert!(message.contains("--features mpi, or ask for --array 4"), "{message}");
        assert!(
            refusal("--nodes 2 --mpi none", "", OPEN_MPI).contains("do not know of each other")
        );
        let unknown = Build { has_mpi: true, library: None };
        assert!(refusal("--nodes 2", "", unknown).contains("--mpi pmix"));
        let message = refusal("", "[site]\nmpi = \"pmx\"", OPEN_MPI);
        assert!(message.contains("did you mean `pmix`?"), "{message}");
    }

    #[test]
    fn one_rank_needs_no_mpi() {
        let layout = asked("", "", WITHOUT).unwrap().layout;
        assert_eq!(layout, Layout::Ranks { nodes: 1, per_node: 1, mpi: "none" });
    }

    #[test]
    fn an_array_has_a_node_an_element() {
        let elements = |line: &str| asked(line, "", WITHOUT).map(|job| job.layout);
        assert_eq!(elements("--array 8").unwrap(), Layout::Array { elements: 8 });
        assert_eq!(elements("--nodes 4 --array").unwrap(), Layout::Array { elements: 4 });
        for line in ["--array 8 --nodes 4", "--array 2 --ranks-per-node 2", "--array 2 --mpi pmix"]
        {
            assert_eq!(elements(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }
}
