use super::*;

fn job() -> Job {
    Job {
        program: "/opt/parstock".into(),
        study: "/home/a b/study.toml".into(),
        run: "/scratch/run".into(),
        name: "corner shop".into(),
        layout: Layout::Ranks { nodes: 2, per_node: 1, mpi: "pmix" },
        cpus_per_rank: None,
        time: Some(Duration::from_secs(7200)),
        memory: None,
        partition: None,
        account: None,
        qos: None,
        extra_sbatch: Vec::new(),
        modules: Vec::new(),
        setup: Vec::new(),
    }
}

fn has(script: &str, line: &str) -> bool {
    script.lines().any(|other| other == line)
}

#[test]
fn whole_nodes_are_asked_for_unless_cpus_are_given() {
    let script = job().script().unwrap();
    for line in ["#SBATCH --exclusive", "#SBATCH --mem=0", "#SBATCH --time=02:00:00"] {
        assert!(has(&script, line), "{line}\n{script}");
    }
    let script = Job { cpus_per_rank: Some(8), ..job() }.script().unwrap();
    assert!(has(&script, "#SBATCH --cpus-per-task=8"), "{script}");
    assert!(!script.contains("--exclusive") && !script.contains("--mem"), "{script}");
    assert!(!script.contains("SLURM_JOB_CPUS_PER_NODE"), "{script}");
}

#[test]
fn notice_is_two_minutes_and_less_for_short_jobs() {
    for (seconds, notice) in [(7200, 120), (600, 120), (60, 12)] {
        let job = Job { time: Some(Duration::from_secs(seconds)), ..job() };
        let line = format!("#SBATCH --signal=B:USR1@{notice}");
        assert!(has(&job.script().unwrap(), &line), "{line}");
    }
}

#[test]
fn directives_come_before_the_first_command() {
    let job = Job { modules: vec!["gcc".into()], setup: vec!["export A=1".into()], ..job() };
    let script = job.script().unwrap();
    let first = script.lines().position(|l| !l.is_empty() && !l.starts_with('#')).unwrap();
    let last = script.lines().filter(|line| line.starts_with("#SBATCH")).count() + 2;
    assert!(first >= last, "{script}");
    assert!(script.lines().skip(first).all(|line| !line.starts_with("#SBATCH")));
}

#[test]
fn an_array_has_no_srun() {
    let script = Job { layout: Layout::Array { elements: 4 }, ..job() }.script().unwrap();
    assert!(has(&script, "#SBATCH --array=1-4"), "{script}");
    let starts = |line: &str| line.trim_start().starts_with("exec srun ");
    assert!(!script.lines().any(starts), "{script}");
    assert!(script.contains("--part \"$SLURM_ARRAY_TASK_ID/$elements\""), "{script}");
}

#[test]
fn no_value_can_break_a_line() {
    let bad = || Some("a\nb".to_owned());
    let broken = [
        Job { program: "a\nb".into(), ..job() },
        Job { study: "a\nb".into(), ..job() },
        Job { run: "a\nb".into(), ..job() },
        Job { name: "a\nb".into(), ..job() },
        Job { memory: bad(), ..job() },
        Job { partition: bad(), ..job() },
        Job { account: bad(), ..job() },
        Job { qos: bad(), ..job() },
        Job { extra_sbatch: vec!["--constraint=a\nb".into()], ..job() },
        Job { extra_sbatch: vec!["--hold\nb".into()], ..job() },
        Job { modules: vec!["a\nb".into()], ..job() },
        Job { setup: vec!["a\nb".into()], ..job() },
    ];
    for job in broken {
        assert_eq!(job.script().map_err(|error| error.exit_code()), Err(2), "{job:?}");
    }
}

#[test]
fn memory_is_as_slurm_reads_it() {
    for good in ["4G", "512M", "1t", "2000"] {
        assert_eq!(memory(good).as_deref(), Ok(good));
    }
    for bad in ["", "G", "4 G", "4GB", "-1", "4.5G", "4G\n"] {
        assert!(memory(bad).is_err(), "{bad:?}");
    }
}
