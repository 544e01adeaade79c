//! What can start ranks here, and whether it suits this build.

use super::Finding;
use super::outside::said;
use crate::slurm::launcher::Library;

/// What is known of launchers.
#[derive(Clone, Debug, Default)]
pub(super) struct Launchers {
    /// Whether this build has MPI.
    pub(super) has_mpi: bool,
    /// The MPI it is linked with.
    pub(super) library: Option<Library>,
    /// What `mpirun --version` says.
    pub(super) mpirun: Option<String>,
    /// What `srun --version` says.
    pub(super) srun: Option<String>,
    /// What `srun --mpi=list` says.
    pub(super) kinds: Option<String>,
    /// Processes that a launcher started, this one among them.
    pub(super) processes: Option<usize>,
}

impl Launchers {
    pub(super) fn here(variable: impl Fn(&str) -> Option<String>) -> Launchers {
        let srun = said("srun", &["--version"]);
        Launchers {
            has_mpi: cluster::build_features().contains("mpi"),
            library: Library::loaded(),
            mpirun: said("mpirun", &["--version"]),
            kinds: srun.as_ref().and_then(|_| said("srun", &["--mpi=list"])),
            srun,
            processes: cluster::processes_started(variable),
        }
    }
}

/// The build, then `mpirun`, then `srun`.
pub(super) fn check(launchers: &Launchers) -> Vec<Finding> {
    vec![build(launchers), mpirun(launchers), srun(launchers)]
}

fn build(launchers: &Launchers) -> Finding {
    let check = "build";
    match (launchers.has_mpi, launchers.processes) {
        (false, Some(processes)) if processes > 1 => Finding::problem(
            check,
            format!("without MPI, but {processes} processes were started"),
            "build it with --features mpi, or start one process; parstock slurm --array needs no MPI",
        ),
        (false, _) => Finding::note(check, "without MPI: one process, or parstock slurm --array"),
        (true, _) => {
            let library = launchers.library.map_or("of a kind not known here", Library::name);
            Finding::ok(check, format!("with MPI, {library}"))
        }
    }
}

fn mpirun(launchers: &Launchers) -> Finding {
    let check = "mpirun";
    let Some(version) = &launchers.mpirun else {
        return Finding::note(check, "not on the PATH");
    };
    let first = first_line(version);
    let open = version.contains("Open MPI") || version.contains("OpenRTE");
    let wrong = launchers.has_mpi
        && launchers.library.is_some_and(|library| (library == Library::OpenMpi) != open);
    if wrong {
        let library = launchers.library.map_or("another MPI", Library::name);
        return Finding::warning(
            check,
            format!("{first}, but this program is linked with {library}"),
            format!("start it with the mpirun of {library}, or load its module"),
        );
    }
    Finding::ok(check, first)
}

fn srun(launchers: &Launchers) -> Finding {
    let check = "srun";
    let Some(version) = &launchers.srun else {
        return Finding::note(check, "not on the PATH, or no controller answers");
    };
    let first = first_line(version);
    let Some(kinds) = &launchers.kinds else {
        return Finding::warning(
            check,
            format!("{first}, but srun --mpi=list says nothing"),
            "ask where Slurm is configured, such as on a login node",
        );
    };
    let has = |kind: &str| words(kinds).any(|word| word == kind);
    match launchers.library.filter(|_| launchers.has_mpi).map(Library::kind) {
        Some(kind) if !has(kind) => Finding::warning(
            check,
            format!("{first}, without --mpi={kind}, which this program's MPI needs"),
            "use mpirun inside the job, build with an MPI that this Slurm suits, or parstock slurm \
             --array",
        ),
        Some(kind) => Finding::ok(check, format!("{first}; use --mpi={kind}")),
        None => Finding::ok(check, first),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

fn first_line(text: &str) -> String {
    crate::table::shown(text.lines().next().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    const LIST: &str =
        "MPI plugin types are...\n\tnone\n\tpmix\nspecific pmix plugin versions: pmix_v4\n";

    fn suited() -> Launchers {
        Launchers {
            has_mpi: true,
            library: Some(Library::OpenMpi),
            mpirun: Some("mpirun (Open MPI) 4.1.4\n\nReport bugs".into()),
            srun: Some("slurm-wlm 22.05.8\n".into()),
            kinds: Some(LIST.into()),
            processes: None,
        }
    }

    #[test]
    fn what_suits_is_fine() {
        let found = check(&suited());
        assert!(found.iter().all(|finding| finding.state == State::Ok), "{found:?}");
        assert_eq!(found[2].found, "slurm-wlm 22.05.8; use --mpi=pmix");
    }

    #[test]
    fn an_mpi_that_does_not_suit_is_noticed() {
        let found = check(&Launchers { library: Some(Library::Mpich), ..suited() });
        let states: Vec<State> = found.iter().map(|finding| finding.state).collect();
        assert_eq!(states, [State::Ok, State::Warning, State::Warning]);
        assert!(found[2].found.contains("without --mpi=pmi2"), "{found:?}");
    }

    #[test]
    fn many_processes_without_mpi_are_a_problem() {
        let alone = Launchers { has_mpi: false, library: None, ..suited() };
        assert_eq!(build(&alone).state, State::Note);
        assert_eq!(build(&Launchers { processes: Some(1), ..alone.clone() }).state, State::Note);
        assert_eq!(build(&Launchers { processes: Some(4), ..alone }).state, State::Problem);
    }

    #[test]
    fn a_machine_without_launchers_is_no_problem() {
        let found = check(&Launchers::default());
        assert!(found.iter().all(|finding| finding.state == State::Note), "{found:?}");
    }

    #[test]
    fn a_batch_script_is_no_step() {
        let with = |set: &'static [(&str, &str)]| {
            cluster::processes_started(|name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned())
            })
        };
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "4")]), None);
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "4"), ("SLURM_STEP_ID", "0")]), Some(4));
        assert_eq!(with(&[("PMI_SIZE", "2")]), Some(2));
    }
}
