//! The program `parstock`.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use cluster::{Team, TeamError};
use parstock::command::{self, Command, CommandLine};
use parstock::error::Error;
use parstock::progress::Progress;

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Init { template, folder, force } => init(&template, folder, force),
        Command::Check { study, table, format } => {
            command::check::check(&study, table, format).and_then(|found| command::print(&found))
        }
        Command::Run(arguments) => {
            let work = |team: &Team| command::run::command(&arguments, team);
            return match arguments.part {
                None => together(arguments.threads, work),
                Some((part, parts)) => {
                    let threads = command::run::threads(arguments.threads);
                    with(Team::part(part - 1, parts, threads), work)
                }
            };
        }
        Command::Plan(arguments) => command::plan::command(&arguments),
        Command::Status(arguments) => {
            return command::status::command(&arguments)
                .map_or_else(|error| complain(&error), ExitCode::from);
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
    with(Team::launched(command::run::threads(threads)), work)
}

fn with(team: Result<Team, TeamError>, work: impl Fn(&Team) -> Result<(), Error>) -> ExitCode {
    let team = match team {
        Ok(team) => team,
        Err(error) => return complain(&Error::Team(error)),
    };
    team.watched_by(Progress::default());
    match work(&team) {
        Ok(()) => ExitCode::SUCCESS,
        // Another part has written the results.
        Err(Error::Team(TeamError::Finished)) => {
            command::tell(format_args!("another part has finished the run"));
            ExitCode::SUCCESS
        }
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
