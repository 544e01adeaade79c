//! What ranks tell each other beside tables.

use crate::error::{Failure, TeamError};
use crate::team::Team;

impl Team {
    /// Checks that every rank runs the build called `fingerprint`.
    ///
    /// # Errors
    ///
    /// [`TeamError::Differs`] on every rank, naming the first that differs.
    pub fn agree(&self, fingerprint: &str) -> Result<(), TeamError> {
        let remedy = "start the same file on every node";
        self.agree_on(fingerprint.as_bytes(), "runs another build", remedy)
    }

    /// Checks that every rank has the same `bytes`, of what is called `differs` where it has not.
    ///
    /// # Errors
    ///
    /// [`TeamError::Differs`] on every rank, naming the first that differs.
    pub fn agree_on(
        &self,
        bytes: &[u8],
        differs: &'static str,
        remedy: &'static str,
    ) -> Result<(), TeamError> {
        let root = self.share_bytes(bytes.to_vec());
        match self.first_failed(root != bytes) {
            Some(rank) => Err(TeamError::Differs { rank, differs, remedy }),
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
        if let Some(wire) = self.wire() {
            wire.meet();
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

    /// Gives the other ranks each of the `pieces` that rank 0 passes, none of them empty, in their order: for
    /// what is too large to be in memory twice.
    pub fn tell(&self, mut pieces: impl Iterator<Item = Vec<u8>>, mut hear: impl FnMut(&[u8])) {
        let Some(wire) = self.wire() else { return };
        loop {
            let piece = if self.is_root() { pieces.next().unwrap_or_default() } else { Vec::new() };
            let piece = wire.broadcast(piece);
            if piece.is_empty() {
                return;
            }
            if !self.is_root() {
                hear(&piece);
            }
        }
    }

    fn share_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.wire() {
            None => bytes,
            Some(wire) => wire.broadcast(bytes),
        }
    }

    pub(crate) fn first_failed(&self, failed: bool) -> Option<usize> {
        match self.wire() {
            None => failed.then_some(0),
            Some(wire) => {
                let mine = if failed { wire.rank() as u64 } else { u64::MAX };
                Some(wire.least(&[mine])[0])
                    .filter(|rank| *rank < u64::MAX)
                    .map(|rank| rank as usize)
            }
        }
    }
}
