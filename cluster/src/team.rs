//! The team: who computes which row.

use std::fmt::Display;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytemuck::Pod;
use rayon::prelude::*;

use crate::launcher::launch;
#[cfg(feature = "mpi")]
use crate::mpi::World;
use crate::sums::Sums;

/// The processes and threads that work on a study together.
pub struct Team {
    ranks: Ranks,
    threads: rayon::ThreadPool,
}

enum Ranks {
    Solo,
    #[cfg(feature = "mpi")]
    Mpi(World),
}

/// Why a team could not be formed or could not finish a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TeamError {
    /// The thread pool could not start.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// This is one of several processes, but they cannot reach each other.
    #[error(
        "{variable} says that {says} processes were started, but this one sees {sees}; {remedy}"
    )]
    Launch {
        /// The variable the launcher set.
        variable: &'static str,
        /// Number of processes according to it.
        says: usize,
        /// Number of processes this one can reach.
        sees: usize,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Ranks do not run the same program.
    #[error("rank {rank} runs another build than rank 0; start the same file on every node")]
    Build {
        /// The first rank that differs.
        rank: usize,
    },
    /// A row failed on this rank.
    #[error("row {row}: {reason}")]
    Row {
        /// Index of the row.
        row: usize,
        /// What went wrong.
        reason: String,
    },
    /// A row failed on another rank, which reports it.
    #[error("rank {rank} failed; see its message")]
    Peer {
        /// The rank that failed.
        rank: usize,
    },
    /// What only rank 0 does failed there.
    #[error("{0}")]
    Root(Failure),
}

/// What failed on rank 0, as every rank learns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code it deserves.
    pub exit_code: u8,
    /// What to tell the user.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// What this build can do, for `--version`.
pub fn build_features() -> &'static str {
    if cfg!(feature = "mpi") { "mpi" } else { "threads only" }
}

impl Team {
    /// One process with `threads` threads; 0 means as many as it may use.
    ///
    /// # Errors
    ///
    /// [`TeamError::Threads`] if the system refuses the threads.
    pub fn solo(threads: usize) -> Result<Team, TeamError> {
        Ok(Team { ranks: Ranks::Solo, threads: pool(threads)? })
    }

    /// The team this process was launched in, by `mpirun` or `srun` or alone.
    ///
    /// From here on a panic in any thread of any rank ends the whole job: with MPI, a rank
    /// that merely left would be waited for, for ever.
    ///
    /// # Errors
    ///
    /// [`TeamError::Launch`] if it was launched as one of several processes and cannot reach
    /// them: better to stop than to run the study several times over.
    pub fn launched(threads: usize) -> Result<Team, TeamError> {
        #[cfg(feature = "mpi")]
        let ranks = Ranks::Mpi(World::join());
        #[cfg(not(feature = "mpi"))]
        let ranks = Ranks::Solo;
        let threads = match pool(threads) {
            #[cfg(feature = "mpi")]
            Err(error) => {
                // The others would wait for this rank, and it has nothing to offer them.
                eprintln!("error: {error}");
                World::abort(crate::EXIT_FATAL);
            }
            pool => pool?,
        };
        let team = Team { ranks, threads };
        team.end_together();
        if let Some(launch) = launch()
            && launch.size > 1
            && team.size() == 1
        {
            return Err(TeamError::Launch {
                variable: launch.variable,
                says: launch.size,
                sees: 1,
                remedy: if cfg!(feature = "mpi") {
                    "start it with the launcher of the MPI it was built with \
                     (`srun --mpi=pmix` or that MPI's mpirun)"
                } else {
                    "this program was built without MPI; build it with `--features mpi`"
                },
            });
        }
        Ok(team)
    }

    /// This process's number, from 0.
    pub fn rank(&self) -> usize {
        match &self.ranks {
            Ranks::Solo => 0,
            #[cfg(feature = "mpi")]
            Ranks::Mpi(world) => world.rank(),
        }
    }

    /// Number of processes.
    pub fn size(&self) -> usize {
        match &self.ranks {
            Ranks::Solo => 1,
            #[cfg(feature = "mpi")]
            Ranks::Mpi(world) => world.size(),
        }
    }

    /// Number of threads of this process.
    pub fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Whether this process speaks for the team: prints, writes files.
    pub fn is_root(&self) -> bool {
        self.rank() == 0
    }

    /// Checks that every rank runs the build called `fingerprint`.
    ///
    /// # Errors
    ///
    /// [`TeamError::Build`] on every rank, naming the first that differs.
    pub fn agree(&self, fingerprint: &str) -> Result<(), TeamError> {
        let root = self.share_bytes(fingerprint.as_bytes().to_vec());
        match self.first_failed(root != fingerprint.as_bytes()) {
            Some(rank) => Err(TeamError::Build { rank }),
            None => Ok(()),
        }
    }

    /// What `f` returns on rank 0, on every rank; `f` runs nowhere else.
    ///
    /// For what is read from disk, and for decisions that every rank must share.
    ///
    /// # Errors
    ///
    /// [`TeamError::Root`] on every rank, with the failure of `f`.
    pub fn from_root(
        &self,
        f: impl FnOnce() -> Result<Vec<u8>, Failure>,
    ) -> Result<Vec<u8>, TeamError> {
        let mut message = Vec::new();
        if self.is_root() {
            let (bytes, exit_code) = match f() {
                Ok(bytes) => (bytes, 0),
                Err(failure) => (failure.message.into_bytes(), failure.exit_code.max(1)),
            };
            message = bytes;
            message.push(exit_code);
        }
        let mut message = self.share_bytes(message);
        match message.pop() {
            None | Some(0) => Ok(message),
            Some(exit_code) => {
                let message = String::from_utf8_lossy(&message).into_owned();
                Err(TeamError::Root(Failure { exit_code, message }))
            }
        }
    }

    /// Computes a table of `rows × width` and returns it, in row order, on every rank.
    ///
    /// `work(row, cells, memory)` must depend on nothing but `row`. `make` gives each
    /// worker its own working memory; `finished` is called once a finished row.
    ///
    /// # Errors
    ///
    /// If any row fails on any rank, every rank returns an error; none waits
    /// for a rank that will not come.
    pub fn rows<T: Pod + Send, S, E: Display>(
        &self,
        rows: usize,
        width: usize,
        make: impl Fn() -> S + Sync + Send,
        finished: impl Fn() + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut S) -> Result<(), E> + Sync,
    ) -> Result<Vec<T>, TeamError> {
        let mine = share(rows, self.rank(), self.size());
        let mut cells = vec![T::zeroed(); mine.len() * width];
        let outcome = self.threads.install(|| {
            cells.par_chunks_mut(width.max(1)).zip(mine).with_max_len(1).try_for_each_init(
                make,
                |memory, (cells, row)| {
                    work(row, cells, memory)
                        .map_err(|error| TeamError::Row { row, reason: error.to_string() })?;
                    finished();
                    Ok(())
                },
            )
        });
        match &self.ranks {
            Ranks::Solo => outcome.map(|()| cells),
            #[cfg(feature = "mpi")]
            Ranks::Mpi(world) => world.gather(outcome, &cells, rows, width),
        }
    }

    /// The same as [`Team::rows`], and `sums` sums over all rows: `work` may add to any of them.
    ///
    /// They are kept once a thread, not once a row, and are the same bits on any number of both.
    ///
    /// # Errors
    ///
    /// As [`Team::rows`].
    pub fn rows_and_sums<T: Pod + Send, S, E: Display>(
        &self,
        (rows, width, sums): (usize, usize, usize),
        make: impl Fn() -> S + Sync + Send,
        finished: impl Fn() + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E> + Sync,
    ) -> Result<(Vec<T>, Sums), TeamError> {
        let parts: Vec<Mutex<Sums>> =
            (0..self.threads()).map(|_| Mutex::new(Sums::new(sums))).collect();
        let table = self.rows(rows, width, make, finished, |row, cells, memory| {
            // Each thread has its own: nobody waits.
            let own = rayon::current_thread_index().unwrap_or(0);
            let mut part = parts[own].lock().unwrap_or_else(PoisonError::into_inner);
            work(row, cells, &mut part, memory)
        })?;
        let mut total = Sums::new(sums);
        for part in parts {
            total.merge(part.into_inner().unwrap_or_else(PoisonError::into_inner).steps());
        }
        #[cfg(feature = "mpi")]
        if let Ranks::Mpi(world) = &self.ranks {
            let all = world.sum(total.steps());
            total = Sums::new(sums);
            total.merge(&all);
        }
        Ok((table, total))
    }

    /// Number of rows of a table of `rows` that this rank computes.
    pub fn rows_here(&self, rows: usize) -> usize {
        share(rows, self.rank(), self.size()).len()
    }

    fn share_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.ranks {
            Ranks::Solo => bytes,
            #[cfg(feature = "mpi")]
            Ranks::Mpi(world) => world.broadcast(bytes),
        }
    }

    fn first_failed(&self, failed: bool) -> Option<usize> {
        match &self.ranks {
            Ranks::Solo => failed.then_some(0),
            #[cfg(feature = "mpi")]
            Ranks::Mpi(world) => world.first_failed(failed),
        }
    }

    /// Makes a panic anywhere end the job, with a word on where it happened.
    fn end_together(&self) {
        let (rank, size) = (self.rank(), self.size());
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            eprintln!("fatal: internal error on rank {rank} of {size}; please report it");
            usual(panic);
            #[cfg(feature = "mpi")]
            World::abort(crate::EXIT_FATAL);
            #[cfg(not(feature = "mpi"))]
            std::process::exit(1);
        }));
    }
}

/// The rows of `0..rows` that `rank` of `size` computes: contiguous, even to within one.
pub(crate) fn share(rows: usize, rank: usize, size: usize) -> Range<usize> {
    rows * rank / size..rows * (rank + 1) / size
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, TeamError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| TeamError::Threads { threads, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn shares_cover_every_row_once() {
        for rows in 0..40 {
            for size in 1..9 {
                let rows_of = |rank| share(rows, rank, size);
                let all: Vec<usize> = (0..size).flat_map(rows_of).collect();
                assert!(all.iter().copied().eq(0..rows), "{rows} rows on {size} ranks");
            }
        }
    }

    #[test]
    fn the_table_does_not_depend_on_the_number_of_threads() {
        let table = |threads| {
            let done = AtomicUsize::new(0);
            let team = Team::solo(threads).unwrap();
            let finished = || {
                done.fetch_add(1, Ordering::Relaxed);
            };
            let work = |row: usize, cells: &mut [f64], (): &mut ()| {
                cells[0] = (row as f64).sqrt();
                cells[1] = 1.0 / (row as f64 + 1.0);
                Ok::<(), Infallible>(())
            };
            let table = team.rows(37, 2, || (), finished, work).unwrap();
            assert_eq!(done.into_inner(), 37);
            table
        };
        assert_eq!(table(1), table(2));
        assert_eq!(table(1), table(7));
    }

    #[test]
    fn sums_do_not_depend_on_the_number_of_threads() {
        let sums = |threads| {
            let team = Team::solo(threads).unwrap();
            let work = |row: usize, cells: &mut [f64], sums: &mut Sums, (): &mut ()| {
                cells[0] = 1.0 / (row as f64 + 1.0);
                sums.add(row % 3, cells[0]);
                Ok::<(), Infallible>(())
            };
            team.rows_and_sums((100, 1, 3), || (), || (), work).unwrap()
        };
        assert_eq!(sums(1), sums(2));
        assert_eq!(sums(1), sums(7));
    }

    #[test]
    fn a_failed_row_is_named() {
        let work =
            |row, _: &mut [f64], (): &mut ()| if row == 3 { Err("no demand") } else { Ok(()) };
        let table = Team::solo(2).unwrap().rows(5, 1, || (), || (), work);
        assert_eq!(table.unwrap_err().to_string(), "row 3: no demand");
    }

    #[test]
    fn what_the_root_says_or_fails_reaches_everyone() {
        let team = Team::solo(1).unwrap();
        assert_eq!(team.from_root(|| Ok(vec![1, 2])), Ok(vec![1, 2]));
        let failure = Failure { exit_code: 4, message: "no such file".into() };
        let failed = team.from_root(|| Err(failure.clone()));
        assert_eq!(failed, Err(TeamError::Root(failure)));
        assert_eq!(team.agree("0.1.0"), Ok(()));
    }
}
