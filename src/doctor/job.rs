//! The Slurm job around this process, if there is one.

use super::Finding;
use super::outside::said;

/// What is known of a job.
#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    /// Its number.
    pub(super) id: Option<String>,
    /// Its nodes.
    pub(super) nodes: Option<String>,
    /// Its tasks.
    pub(super) tasks: Option<String>,
    /// When it has to end \[seconds since 1970-01-01 UTC\].
    pub(super) end: Option<u64>,
    /// Whether Slurm starts it again after preemption or the loss of a node.
    pub(super) requeued: Option<bool>,
}

impl Job {
    pub(super) fn here(variable: impl Fn(&str) -> Option<String>) -> Job {
        let id = variable("SLURM_JOB_ID");
        let described = id.as_ref().and_then(|id| said("scontrol", &["show", "job", id]));
        Job {
            nodes: variable("SLURM_JOB_NUM_NODES"),
            tasks: variable("SLURM_NTASKS"),
            end: variable("SLURM_JOB_END_TIME").and_then(|text| text.parse().ok()),
            requeued: described.as_deref().and_then(requeued),
            id,
        }
    }
}

/// `Requeue=` of what `scontrol show job` says.
fn requeued(described: &str) -> Option<bool> {
    let word = described.split_whitespace().find_map(|word| word.strip_prefix("Requeue="))?;
    Some(word != "0")
}

/// What a job has left, and whether it survives.
pub(super) fn check(job: &Job, now: u64) -> Vec<Finding> {
    const SHORT_SECONDS: u64 = 300;
    let check = "job";
    let Some(id) = &job.id else { return vec![Finding::ok(check, "not inside a Slurm job")] };
    let number = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    let found = format!("{id}, nodes {}, tasks {}", number(&job.nodes), number(&job.tasks));
    let time = match job.end.map(|end| end.saturating_sub(now)) {
        None => Finding::note(
            check,
            format!(
                "{found}; SLURM_JOB_END_TIME is not set: scripts of parstock slurm set it, others \
                 need a --max-time other than auto"
            ),
        ),
        Some(left) if left < SHORT_SECONDS => Finding::warning(
            check,
            format!("{found}; {left} s left"),
            "too short for more than a few rows; ask for more with --time",
        ),
        Some(left) => Finding::ok(check, format!("{found}; {} min left", left / 60)),
    };
    let requeue = match job.requeued {
        Some(true) => Finding::ok("requeue", "Slurm starts this job again when a node is lost"),
        Some(false) => Finding::warning(
            "requeue",
            "Slurm does not start this job again after preemption or the loss of a node",
            "submit it with --requeue, as scripts of parstock slurm do",
        ),
        None => Finding::note("requeue", "scontrol does not say whether this job is started again"),
    };
    vec![time, requeue]
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_job_that_ends_soon_or_for_good_is_noticed() {
        assert_eq!(check(&Job::default(), 0), [Finding::ok("job", "not inside a Slurm job")]);
        let some = |text: &str| Some(text.to_owned());
        let job = Job {
            id: some("7"),
            nodes: some("2"),
            tasks: some("4"),
            end: Some(10_000),
            requeued: Some(true),
        };
        let found = check(&job, 4000);
        assert_eq!(found[0], Finding::ok("job", "7, nodes 2, tasks 4; 100 min left"));
        assert_eq!(found[1].state, State::Ok);
        assert_eq!(check(&job, 9999)[0].state, State::Warning);
        assert_eq!(check(&job, 20_000)[0].state, State::Warning);
        let job = Job { end: None, requeued: Some(false), ..job };
        let states: Vec<State> = check(&job, 0).iter().map(|finding| finding.state).collect();
        assert_eq!(states, [State::Note, State::Warning]);
    }

    #[test]
    fn scontrol_is_understood() {
        assert_eq!(requeued("JobId=7 JobName=a\n   Requeue=1 Restarts=0"), Some(true));
        assert_eq!(requeued("   Requeue=0 Restarts=0"), Some(false));
        assert_eq!(requeued("JobId=7"), None);
    }
}
