//! Which file system a folder lies on.

use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::Finding;

/// The type of the file system at `path`, from `/proc/self/mountinfo`.
///
/// See proc(5): the fifth field is where it is mounted, the first after ` - ` its type.
pub(super) fn kind<'a>(mountinfo: &'a str, path: &Path) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in mountinfo.lines() {
        let Some((place, after)) = line.split_once(" - ") else { continue };
        let Some(point) = place.split(' ').nth(4).map(unescaped) else { continue };
        let depth = point.components().count();
        // Of two at the same place, the later one hides the earlier.
        if path.starts_with(&point) && best.is_none_or(|(other, _)| depth >= other) {
            best = Some((depth, after.split(' ').next().unwrap_or_default()));
        }
    }
    best.map(|(_, kind)| kind)
}

/// A path of `mountinfo`, where blanks are written as `\040`.
fn unescaped(text: &str) -> PathBuf {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let octal = text.get(at + 1..at + 4).and_then(|code| u8::from_str_radix(code, 8).ok());
        match (bytes[at], octal) {
            (b'\\', Some(byte)) => {
                plain.push(byte);
                at += 4;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    std::ffi::OsString::from_vec(plain).into()
}

/// What follows from the type of the file system that runs are written to.
pub(super) fn file_system(kind: Option<&str>) -> Finding {
    const SHARED: [&str; 14] = [
        "nfs",
        "nfs4",
        "lustre",
        "gpfs",
        "beegfs",
        "ceph",
        "cifs",
        "smb3",
        "glusterfs",
        "panfs",
        "wekafs",
        "9p",
        "afs",
        "pvfs2",
    ];
    let check = "file system";
    match kind {
        None => Finding::note(check, "this system does not say of which type it is"),
        Some(kind @ ("tmpfs" | "ramfs")) => Finding::warning(
            check,
            format!("{kind}: it is lost when the machine restarts, and other nodes do not see it"),
            "write runs to a disk that all nodes share",
        ),
        Some(kind) if SHARED.contains(&kind) || kind.starts_with("fuse.") => Finding::note(
            check,
            format!("{kind}, a network file system: other nodes may see changes seconds later"),
        ),
        Some(kind) => Finding::note(
            check,
            format!("{kind}: other nodes see it only if it is exported to them"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:5 / /home rw - nfs4 server:/home rw,vers=4.2
24 22 0:6 / /home/my\\040data rw shared:2 master:3 - lustre mds:/data rw
25 22 0:7 / /home rw - beegfs x rw
broken line
";

    #[test]
    fn the_deepest_and_latest_mount_counts() {
        let kind = |path: &str| kind(MOUNTS, Path::new(path));
        assert_eq!(kind("/var/runs"), Some("ext4"));
        assert_eq!(kind("/home/me"), Some("beegfs"));
        assert_eq!(kind("/homes"), Some("ext4"));
        assert_eq!(kind("/home/my data/runs"), Some("lustre"));
        assert_eq!(super::kind("", Path::new("/")), None);
    }

    #[test]
    fn memory_is_no_place_for_runs() {
        assert_eq!(file_system(Some("tmpfs")).state, State::Warning);
        for kind in [Some("lustre"), Some("fuse.sshfs"), Some("ext4"), None] {
            assert_eq!(file_system(kind).state, State::Note, "{kind:?}");
        }
        assert!(file_system(Some("nfs4")).found.contains("network"));
    }
}
