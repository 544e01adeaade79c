//! Where a script is kept, and how it is handed to Slurm.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::TITLE;
use crate::error::Error;
use crate::table::shown;

/// Where the script of a run is kept: in its folder, once that is a run's. Before, it stays beside
/// the study, because `run` refuses a folder that is neither empty nor a run's.
pub fn place(study: &Path, run: &Path) -> PathBuf {
    if run.join("manifest.json").is_file() {
        return run.join("job.sh");
    }
    let mut name = study.file_stem().unwrap_or_default().to_owned();
    name.push(".job.sh");
    study.with_file_name(name)
}

/// Writes `script` at `path`, unless that would replace a file that is no such script.
///
/// # Errors
///
/// [`Error::Usage`] if another file is there, [`Error::Disk`] if it cannot be written.
pub fn write(path: &Path, script: &str) -> Result<(), Error> {
    let taken = match std::fs::read(path) {
        Ok(bytes) => !String::from_utf8_lossy(&bytes).lines().take(3).any(|l| l.starts_with(TITLE)),
        Err(reason) => reason.kind() != ErrorKind::NotFound,
    };
    if taken {
        let message = format!(
            "`{}` is there already and was not written by this command; name another file with \
             --output",
            path.display()
        );
        return Err(Error::Usage(message));
    }
    crate::folder::replace(path, script.as_bytes())
}

/// Hands the script at `path` to Slurm and returns the job's number.
///
/// # Errors
///
/// [`Error::Disk`] if there is no `sbatch`, [`Error::Usage`] with what it said if it refuses.
pub fn submit(path: &Path) -> Result<String, Error> {
    let output = Command::new("sbatch")
        .arg("--parsable")
        .arg(path)
        .output()
        .map_err(|reason| Error::disk("run", "sbatch", &reason))?;
    if output.status.success() {
        // Number, and after a semicolon the cluster if there are several.
        let said = String::from_utf8_lossy(&output.stdout);
        return Ok(said.trim().split(';').next().unwrap_or_default().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<String> = said.lines().map(shown).collect();
    Err(Error::Usage(format!(
        "sbatch refuses `{}`:\n  {}\nchange the options, or the site profile",
        path.display(),
        lines.join("\n  ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_no_run_yet_is_left_empty() {
        let folder = tempfile::tempdir().unwrap();
        let (study, run) = (folder.path().join("my.study.toml"), folder.path().join("run"));
        assert_eq!(place(&study, &run), folder.path().join("my.study.job.sh"));
        std::fs::create_dir(&run).unwrap();
        assert_eq!(place(&study, &run), folder.path().join("my.study.job.sh"));
        std::fs::write(run.join("manifest.json"), "{}").unwrap();
        assert_eq!(place(&study, &run), run.join("job.sh"));
    }

    #[test]
    fn only_scripts_of_this_command_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.sh");
        let script = format!("#!/bin/bash\n{TITLE}\n");
        write(&path, &script).unwrap();
        write(&path, &script).unwrap();
        std::fs::write(&path, "#!/bin/bash\n# mine\n").unwrap();
        assert_eq!(write(&path, &script).unwrap_err().exit_code(), 2);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "#!/bin/bash\n# mine\n");
    }
}
