//! Memory that this process may use.

use std::path::Path;

use super::{Finding, read, size};

/// What is known of memory \[B\].
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// What the machine could give without swapping.
    pub(crate) available: Option<u64>,
    /// The limit of the tightest control group above this process.
    pub(crate) limit: Option<u64>,
}

impl Memory {
    pub(crate) fn here() -> Memory {
        let groups = read("/proc/self/cgroup");
        Memory {
            available: read("/proc/meminfo").as_deref().and_then(available),
            limit: groups.as_deref().and_then(|text| limit(text, |path| read(path))),
        }
    }
}

/// `MemAvailable` of `/proc/meminfo` \[B\].
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The least limit of the groups in `/proc/self/cgroup` and of those above them \[B\].
fn limit(groups: &str, file: impl Fn(&Path) -> Option<String>) -> Option<u64> {
    let mut least = None;
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        // The second version of control groups has one tree and no names of controllers.
        let (tree, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        for group in Path::new(path.trim_start_matches('/')).ancestors() {
            let text = file(&Path::new(tree).join(group).join(name));
            let bytes = text.and_then(|text| text.trim().parse::<u64>().ok());
            // The first version says "no limit" as the largest number of pages there is.
            least = bytes.filter(|bytes| *bytes < 1 << 60).into_iter().chain(least).min();
        }
    }
    least
}

/// Whether there is enough for a study of some thousand items.
pub(super) fn free(memory: &Memory) -> Finding {
    const LITTLE: u64 = 1 << 30;
    let check = "memory";
    let limited = |limit: u64| format!("a control group limits this process to {}", size(limit));
    let (least, found) = match (memory.available, memory.limit) {
        (None, None) => return Finding::note(check, "this system does not say how much there is"),
        (Some(free), None) => (free, format!("{} available", size(free))),
        (None, Some(limit)) => (limit, limited(limit)),
        (Some(free), Some(limit)) => {
            (free.min(limit), format!("{} available; {}", size(free), limited(limit)))
        }
    };
    if least < LITTLE {
        let advice =
            "ask for more, for example with parstock slurm --memory 4G, or use fewer threads";
        return Finding::warning(check, found, advice);
    }
    Finding::ok(check, found)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn memory_is_read_and_little_of_it_is_noticed() {
        let text = "MemTotal:  8 kB\nMemAvailable:    3145728 kB\n";
        assert_eq!(available(text), Some(3 << 30));
        assert_eq!(available("MemAvailable: much"), None);
        let memory = |available, limit| free(&Memory { available, limit });
        assert_eq!(memory(Some(3 << 30), None), Finding::ok("memory", "3 GiB available"));
        assert_eq!(memory(Some(3 << 30), Some(512 << 20)).state, State::Warning);
        assert_eq!(memory(Some(1 << 20), None).state, State::Warning);
        assert_eq!(memory(None, None).state, State::Note);
    }

    #[test]
    fn the_tightest_group_counts() {
        let file = |path: &Path| match path.to_str()? {
            "/sys/fs/cgroup/slurm/job_1/step_0/memory.max" => Some("max\n".to_owned()),
            "/sys/fs/cgroup/slurm/job_1/memory.max" => Some("4096\n".to_owned()),
            "/sys/fs/cgroup/slurm/memory.max" => Some("8192\n".to_owned()),
            "/sys/fs/cgroup/memory/a/memory.limit_in_bytes" => Some("2048".to_owned()),
            "/sys/fs/cgroup/memory/memory.limit_in_bytes" => Some((i64::MAX - 4095).to_string()),
            _ => None,
        };
        assert_eq!(limit("0::/slurm/job_1/step_0\n", file), Some(4096));
        assert_eq!(limit("5:memory:/a\n1:cpu:/a\n", file), Some(2048));
        assert_eq!(limit("5:memory:/b\n", file), None);
        assert_eq!(limit("nonsense\n", file), None);
    }
}
