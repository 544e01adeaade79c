//! Which `srun --mpi` suits the MPI this program is linked with.

/// The MPI libraries that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// Open MPI.
    OpenMpi,
    /// MPICH, or one with its binary interface: Intel MPI, MVAPICH.
    Mpich,
    /// The MPICH of Cray.
    Cray,
}

impl Library {
    /// The library this process has loaded, if it has one that is known.
    pub fn loaded() -> Option<Library> {
        Library::among(&std::fs::read_to_string("/proc/self/maps").unwrap_or_default())
    }

    /// The library among the files of a `/proc/*/maps`.
    pub(crate) fn among(maps: &str) -> Option<Library> {
        let files = || maps.lines().filter_map(|line| line.rsplit('/').next());
        // In this order: Open MPI's own name is libmpi.so too, with other numbers than MPICH's 12.
        let known =
            |names: &[&str]| files().any(|file| names.iter().any(|name| file.starts_with(name)));
        if known(&["libmpi_cray.so", "libmpi_gnu", "libmpi_intel"]) {
            Some(Library::Cray)
        } else if known(&["libmpich.so", "libmpi.so.12", "libmpifort.so.12"]) {
            Some(Library::Mpich)
        } else if known(&["libmpi.so", "libopen-pal.so", "libopen-rte.so"]) {
            Some(Library::OpenMpi)
        } else {
            None
        }
    }

    /// Its `srun --mpi`.
    pub fn kind(self) -> &'static str {
        match self {
            Library::OpenMpi => "pmix",
            Library::Mpich => "pmi2",
            Library::Cray => "cray_shasta",
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Library::OpenMpi => "Open MPI",
            Library::Mpich => "MPICH",
            Library::Cray => "Cray MPICH",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_known_by_its_file() {
        let maps = |file: &str| {
            format!(
                "7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/libc.so.6\n7f02-7f03 r-xp 0 08:01 7 /opt/my mpi/{file}\n"
            )
        };
        for (file, library) in [
            ("libmpi.so.40.30.4", Some(Library::OpenMpi)),
            ("libmpich.so.12.2.2", Some(Library::Mpich)),
            ("libmpi.so.12", Some(Library::Mpich)),
            ("libmpi_cray.so.12", Some(Library::Cray)),
            ("libm.so.6", None),
        ] {
            assert_eq!(Library::among(&maps(file)), library, "{file}");
        }
        assert_eq!(Library::among(""), None);
    }
}
