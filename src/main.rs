//! The program `parstock`.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use cluster::Team;
use parstock::command::{self, Command, CommandLine};
use parstock::error::Error;

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Init { template, folder, force } => init(&template, folder, force),
        Command::Check { study, table, format } => {
            command::check::check(&study, table, format).and_then(|found| command::print(&found))
        }
        Command::Run(arguments) => {
            return together(arguments.threads, |team| command::run::command(&arguments, team));
        }
        Command::Fit(arguments) => {
            return together(arguments.threads, |team| command::fit::command(&arguments, team));
        }
        Command::Replay(arguments) => {
            return together(arguments.threads, |team| command::replay::command(&arguments, team));
        }
        Command::Report { run, format, table } => {
            command::report::report(&run, format, &table).and_then(|text| command::print(&text))
        }
        Command::Compare { first, second, format, table } => {
            command::compare::command(&first, &second, table, format)
                .and_then(|text| command::print(&text))
        }
        Command::Verify { table, threads, format } => {
            return together(threads, |team| {
                command::verify::command(table.as_deref(), format, team)
            });
        }
        Command::Slurm(arguments) => command::slurm::command(&arguments),
        Command::Doctor(arguments) => command::doctor::command(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = CommandLine::command();
            clap_complete::generate(shell, &mut command, "parstock", &mut script);
            command::print(&String::from_utf8_lossy(&script))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

/// Does what a team does; the team, and with it MPI, ends after the last word is spoken.
fn together(threads: Option<usize>, work: impl Fn(&Team) -> Result<(), Error>) -> ExitCode {
    let team = match Team::launched(command::run::threads(threads)) {
        Ok(team) => team,
        Err(error) => return complain(&Error::Team(error)),
    };
    match work(&team) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if command::run::speaks(&error, &team) => complain(&error),
        Err(error) => ExitCode::from(error.exit_code()),
    }
}

fn init(template: &str, folder: Option<std::path::PathBuf>, force: bool) -> Result<(), Error> {
    let folder = folder.unwrap_or_else(|| template.into());
    let written = command::init::retail(&folder, force)?;
    for path in &written {
        command::tell(format_args!("wrote {}", path.display()));
    }
    let study = folder.join("study.toml");
    command::tell(format_args!("next: parstock run {}", study.display()));
    Ok(())
}

fn complain(error: &Error) -> ExitCode {
    command::tell(format_args!("error: {error}"));
    ExitCode::from(error.exit_code())
}
