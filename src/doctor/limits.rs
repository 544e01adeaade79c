//! Limits of this process that a run could meet.

use super::Finding;

/// What `/proc/self/limits` calls a limit, below which value it is too low, and how to raise it.
const LIMITS: [(&str, u64, &str); 3] = [
    ("Max open files", 256, "ulimit -n 4096"),
    ("Max file size", 1 << 30, "ulimit -f unlimited"),
    ("Max cpu time", 3600, "ulimit -t unlimited, or run it in a job: this is usual on login nodes"),
];

/// Limits that are too low, or one word that none is.
pub(super) fn check(limits: Option<&str>) -> Vec<Finding> {
    let check = "limits";
    let Some(limits) = limits else {
        return vec![Finding::note(check, "this system does not say which there are")];
    };
    let low: Vec<Finding> = LIMITS
        .iter()
        .filter_map(|&(name, least, remedy)| {
            let soft = soft(limits, name)?;
            let found = || format!("{} is {soft}", name.to_lowercase());
            (soft < least).then(|| Finding::warning(check, found(), format!("raise it: {remedy}")))
        })
        .collect();
    if !low.is_empty() {
        return low;
    }
    let files = soft(limits, LIMITS[0].0).map_or("any number of".to_owned(), |n| n.to_string());
    vec![Finding::ok(check, format!("{files} open files"))]
}

/// The soft limit called `name`; nothing if it is unlimited.
fn soft(limits: &str, name: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn low_limits_are_named_one_by_one() {
        let text = |files: &str, time: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max cpu time              {time}            unlimited            seconds   \n\
                 Max file size             unlimited            unlimited            bytes     \n\
                 Max open files            {files}              1048576              files     \n"
            )
        };
        let found = check(Some(&text("1024", "unlimited")));
        assert_eq!(found, [Finding::ok("limits", "1024 open files")]);
        let found = check(Some(&text("64", "600")));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.state == State::Warning), "{found:?}");
        assert_eq!(found[0].found, "max open files is 64");
        assert_eq!(check(None)[0].state, State::Note);
    }
}
