//! What the launcher says about this process: to notice a launch that went wrong.

/// A launcher's word on how many processes it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    /// The environment variable that says so.
    pub(crate) variable: &'static str,
    /// Number of processes.
    pub(crate) size: usize,
}

/// What to do where processes were started that do not reach each other.
pub(crate) const REMEDY: &str = if cfg!(feature = "mpi") {
    "start it with the launcher of the MPI it was built with \
     (`srun --mpi=pmix` for Open MPI, `srun --mpi=pmi2` for MPICH, or that MPI's mpirun)"
} else {
    "this program was built without MPI; build it with `--features mpi`"
};

/// What `mpirun` or `srun` said, if one of them started this process.
pub(crate) fn launch() -> Option<Launch> {
    launch_by(|name| std::env::var(name).ok())
}

/// Number of processes that a launcher says it started, this one among them, by its environment variables.
pub fn processes_started(variable: impl Fn(&str) -> Option<String>) -> Option<usize> {
    launch_by(variable).map(|launch| launch.size)
}

fn launch_by(variable: impl Fn(&str) -> Option<String>) -> Option<Launch> {
    const SIZES: [&str; 4] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE", "MPI_LOCALNRANKS"];
    let size = |name| variable(name)?.parse().ok();
    let mpi = SIZES.into_iter().find_map(|name| Some(Launch { variable: name, size: size(name)? }));
    // Inside a batch script, outside any step, the variables of the job are set as well.
    mpi.or_else(|| {
        variable("SLURM_STEP_ID")?;
        let name = "SLURM_STEP_NUM_TASKS";
        Some(Launch { variable: name, size: size(name)? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_counts_and_a_batch_script_does_not() {
        let with = |set: &'static [(&str, &str)]| {
            launch_by(|name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "4")]), None);
        let step = with(&[("SLURM_STEP_NUM_TASKS", "4"), ("SLURM_STEP_ID", "0")]);
        assert_eq!(step, Some(Launch { variable: "SLURM_STEP_NUM_TASKS", size: 4 }));
        assert_eq!(with(&[("PMI_SIZE", "2")]).unwrap().size, 2);
        assert_eq!(with(&[]), None);
    }
}
