//! Values in a script: quoted for the shell, and quoted for `sbatch`, which reads otherwise.

use crate::error::Error;
use crate::table::shown;

/// `value` as one word of bash, whatever is in it. All of the script's values go through here.
///
/// # Errors
///
/// [`Error::Usage`] if it has a control character: a path with a line break could end a line.
pub(super) fn shell(what: &str, value: &str) -> Result<String, Error> {
    printable(what, value)?;
    Ok(format!("'{}'", value.replace('\'', r"'\''")))
}

/// A line `#SBATCH option=value`.
///
/// `sbatch` knows no `$` and no backtick. In double quotes it takes all but `\` and `"` as it is, even `#`;
/// outside of them a blank ends a value, even after a backslash.
///
/// # Errors
///
/// [`Error::Usage`] if the value is empty, which Slurm would take for another, or has a control
/// character.
pub(super) fn directive(option: &str, value: &str) -> Result<String, Error> {
    printable(option, value)?;
    if value.is_empty() {
        let message = format!("`{option}` is empty; give it a value or leave it out");
        return Err(Error::Usage(message));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:,=+@/%".contains(c);
    let value = if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', r"\\").replace('"', r#"\""#))
    };
    Ok(format!("#SBATCH {option}={value}\n"))
}

/// Refuses what could end a line, or a terminal's patience.
pub(super) fn printable(what: &str, value: &str) -> Result<(), Error> {
    match value.chars().find(|c| c.is_control()) {
        Some(_) => Err(Error::Usage(format!(
            "`{}` has a control character or a line break in it, which no job script can hold \
             ({what}); rename it",
            shown(value)
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_sees_one_word() {
        assert_eq!(shell("study", "a b").unwrap(), "'a b'");
        assert_eq!(shell("study", "it's $(x) `y` \\").unwrap(), r"'it'\''s $(x) `y` \'");
        assert_eq!(shell("study", "").unwrap(), "''");
    }

    #[test]
    fn sbatch_sees_one_value() {
        assert_eq!(directive("--qos", "high").unwrap(), "#SBATCH --qos=high\n");
        assert_eq!(
            directive("--qos", r#"a "b" \ #"#).unwrap(),
            "#SBATCH --qos=\"a \\\"b\\\" \\\\ #\"\n"
        );
    }

    #[test]
    fn lines_cannot_be_broken() {
        for value in ["a\nb", "a\r", "a\u{7f}", "\u{85}", "a\0"] {
            assert_eq!(shell("study", value).unwrap_err().exit_code(), 2, "{value:?}");
            let error = directive("--partition", value).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{value:?}");
            assert!(!error.to_string().contains(char::is_control), "{error}");
        }
        assert_eq!(directive("--qos", "").unwrap_err().exit_code(), 2);
    }
}
