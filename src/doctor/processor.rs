//! The processor, and how much of it this process may use.

use super::Finding;

/// Features of x86-64-v3 that this program is built for, as `/proc/cpuinfo` calls them.
const NEEDED: [&str; 4] = ["avx2", "fma", "bmi2", "movbe"];

/// Whether the processor knows the instructions this program is built of.
pub(super) fn instructions(architecture: &str, cpuinfo: Option<&str>) -> Finding {
    let check = "processor";
    if architecture != "x86_64" {
        return Finding::note(check, format!("{architecture}, built for it"));
    }
    let field = |name: &str| {
        let line =
            cpuinfo?.lines().find(|line| line.split(':').next().unwrap_or("").trim() == name)?;
        line.split_once(':').map(|(_, value)| value.trim())
    };
    let Some(flags) = field("flags") else {
        return Finding::note(check, "this system does not say which instructions it knows");
    };
    let name = field("model name").unwrap_or("unnamed");
    let has = |wanted: &str| flags.split_whitespace().any(|flag| flag == wanted);
    let missing: Vec<&str> = NEEDED.into_iter().filter(|flag| !has(flag)).collect();
    if missing.is_empty() {
        let best = if has("avx512f") { "AVX-512" } else { "AVX2" };
        return Finding::ok(check, format!("{name}, {best}"));
    }
    Finding::problem(
        check,
        format!("{name} lacks {}", missing.join(", ")),
        "run on nodes with AVX2 (for example with sbatch --constraint), or build for this processor \
         with RUSTFLAGS=-Ctarget-cpu=native",
    )
}

/// Numbers of CPUs.
#[derive(Clone, Debug, Default)]
pub(super) struct Cpus {
    /// Those this process may use.
    pub(super) usable: Option<usize>,
    /// Those of the machine.
    pub(super) machine: Option<usize>,
    /// `SLURM_CPUS_PER_TASK`.
    pub(super) scheduled: Option<usize>,
    /// Whether `mpirun` of Open MPI started this process.
    pub(super) under_open_mpi: bool,
}

impl Cpus {
    pub(super) fn here(cpuinfo: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Cpus {
        Cpus {
            usable: std::thread::available_parallelism().ok().map(Into::into),
            machine: cpuinfo
                .map(|text| text.lines().filter(|line| line.starts_with("processor")).count())
                .filter(|count| *count > 0),
            scheduled: variable("SLURM_CPUS_PER_TASK").and_then(|text| text.parse().ok()),
            under_open_mpi: variable("OMPI_COMM_WORLD_SIZE").is_some(),
        }
    }
}

/// Whether as many CPUs can be used as were asked for.
pub(super) fn cpus(cpus: &Cpus) -> Finding {
    let check = "CPUs";
    let Some(usable) = cpus.usable else {
        return Finding::note(check, "this system does not say how many this process may use");
    };
    let of_machine = cpus.machine.map_or(String::new(), |all| format!(" of {all}"));
    let found = format!("this process may use {usable}{of_machine}");
    match cpus.scheduled {
        Some(scheduled) if usable < scheduled => Finding::warning(
            check,
            format!("{found}, but SLURM_CPUS_PER_TASK is {scheduled}: threads share CPUs"),
            "start it with srun --cpus-per-task=$SLURM_CPUS_PER_TASK, which srun does not take from \
             sbatch, or with mpirun --bind-to none",
        ),
        _ if usable == 1 && cpus.under_open_mpi && cpus.machine.is_some_and(|all| all > 1) => {
            Finding::warning(
                check,
                format!("{found}: mpirun binds each rank to one"),
                "use mpirun --bind-to none or --map-by slot:PE=8 with --threads 8, or one rank a CPU \
                 with --threads 1",
            )
        }
        Some(scheduled) => {
            Finding::ok(check, format!("{found}; SLURM_CPUS_PER_TASK is {scheduled}"))
        }
        None if cpus.machine.is_some_and(|all| usable < all) => {
            Finding::note(check, format!("{found}; threads are as many"))
        }
        None => Finding::ok(check, found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn instructions_that_lack_are_named() {
        let cpuinfo =
            |flags: &str| format!("processor\t: 0\nmodel name\t: Xeon\nflags\t\t: {flags}\n");
        let found = |flags: &str| instructions("x86_64", Some(&cpuinfo(flags)));
        assert_eq!(found("fpu avx2 fma bmi2 movbe"), Finding::ok("processor", "Xeon, AVX2"));
        assert_eq!(found("avx2 fma bmi2 movbe avx512f").found, "Xeon, AVX-512");
        let old = found("fpu avx fma");
        assert_eq!(
            (old.state, old.found.as_str()),
            (State::Problem, "Xeon lacks avx2, bmi2, movbe")
        );
        assert_eq!(instructions("x86_64", None).state, State::Note);
        assert_eq!(instructions("aarch64", None).state, State::Note);
    }

    #[test]
    fn a_process_that_is_bound_too_tightly_is_noticed() {
        let all = Cpus { usable: Some(8), machine: Some(8), ..Cpus::default() };
        assert_eq!(cpus(&all), Finding::ok("CPUs", "this process may use 8 of 8"));
        let bound = Cpus { usable: Some(1), under_open_mpi: true, ..all.clone() };
        assert!(cpus(&bound).advice.unwrap().contains("--bind-to none"));
        let step = Cpus { usable: Some(1), scheduled: Some(8), ..all.clone() };
        assert_eq!(cpus(&step).state, State::Warning);
        let step = Cpus { usable: Some(4), scheduled: Some(4), ..all.clone() };
        assert_eq!(cpus(&step).state, State::Ok);
        assert_eq!(cpus(&Cpus { usable: Some(2), ..all }).state, State::Note);
        assert_eq!(cpus(&Cpus::default()).state, State::Note);
    }
}
