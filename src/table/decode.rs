//! From a file's bytes to text: unpacks gzip, and recognises what is no text at all.

use std::io::{self, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

/// A small file may unpack to this much, however well it is packed \[bytes\].
const UNPACKED: u64 = 1 << 30;

/// Beyond that, an honest table does not unpack to more than this many times its size.
const RATIO: u64 = 200;

/// The text in `bytes`, without its byte order mark.
///
/// # Errors
///
/// What the bytes are instead, and how to make them a table.
pub(super) fn text(bytes: &[u8]) -> Result<Box<dyn Read + '_>, String> {
    let mut source: Box<dyn Read + '_> = if bytes.starts_with(&[0x1f, 0x8b]) {
        let limit = UNPACKED.max(RATIO.saturating_mul(bytes.len() as u64));
        Box::new(Unpacked { source: MultiGzDecoder::new(bytes), left: limit, limit })
    } else {
        Box::new(bytes)
    };
    let mut start = Vec::new();
    source.by_ref().take(4).read_to_end(&mut start).map_err(|error| error.to_string())?;
    if let Some(reason) = foreign(&start) {
        return Err(reason.into());
    }
    let mark = if start.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    Ok(Box::new(Cursor::new(start.split_off(mark)).chain(source)))
}

/// What a file that starts so is, if it is no text in UTF-8.
fn foreign(start: &[u8]) -> Option<&'static str> {
    const UTF_16: &str = "is UTF-16, not UTF-8; convert it with `iconv -f UTF-16 -t UTF-8`, or \
        save it as `CSV UTF-8`";
    const BIG: &str = "is UTF-16 without a byte order mark, not UTF-8; convert it with \
        `iconv -f UTF-16BE -t UTF-8`";
    const LITTLE: &str = "is UTF-16 without a byte order mark, not UTF-8; convert it with \
        `iconv -f UTF-16LE -t UTF-8`";
    Some(match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => UTF_16,
        [b'P', b'K', 3 | 5, 4 | 6] => {
            "is a workbook or a zip file; save the sheet as `CSV UTF-8`, or unzip it"
        }
        b"PAR1" => "is a Parquet file; write it as CSV",
        [0xd0, 0xcf, 0x11, 0xe0] => "is an Excel workbook; save the sheet as `CSV UTF-8`",
        [0x28, 0xb5, 0x2f, 0xfd] => "is packed with zstd; unpack it with `zstd -d`, or use gzip",
        [0xfd, b'7', b'z', b'X'] => "is packed with xz; unpack it with `xz -d`, or use gzip",
        [b'B', b'Z', b'h', _] => "is packed with bzip2; unpack it with `bunzip2`, or use gzip",
        [0x1f, 0x8b, ..] => "is packed with gzip twice; unpack it once with `gunzip`",
        [0, high, 0, low] if *high != 0 && *low != 0 => BIG,
        [low, 0, high, 0] if *high != 0 && *low != 0 => LITTLE,
        _ => return None,
    })
}

/// A gzip stream that stops before it fills the memory.
struct Unpacked<R> {
    source: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer).map_err(|error| io::Error::other(damage(&error)))?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let limit = self.limit >> 20;
            io::Error::other(format!(
                "unpacks to more than {limit} MiB, over {RATIO} times its size, which no table \
                 does; if it is one, unpack it with `gunzip` first"
            ))
        })?;
        Ok(read)
    }
}

fn damage(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return "gzip data end too early; the file is incomplete: copy it again".into();
    }
    format!("gzip data are damaged ({error}); test it with `gzip -t` and copy it again")
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;

    pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).expect("memory takes everything");
        packer.finish().expect("memory takes everything")
    }

    fn read(bytes: &[u8]) -> Result<String, String> {
        let mut out = String::new();
        text(bytes)?.read_to_string(&mut out).map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[test]
    fn plain_and_packed_text_are_the_same() {
        for table in ["", "a", "a,b\n1,2\n", "a,b,c\n"] {
            assert_eq!(read(table.as_bytes()).as_deref(), Ok(table));
            assert_eq!(read(&packed(table.as_bytes())).as_deref(), Ok(table));
            let marked = format!("\u{feff}{table}");
            assert_eq!(read(marked.as_bytes()).as_deref(), Ok(table));
            assert_eq!(read(&packed(marked.as_bytes())).as_deref(), Ok(table));
        }
    }

    #[test]
    fn a_file_of_several_gzip_members_is_read_to_its_end() {
        let both = [packed(b"a,b\n"), packed(b"1,2\n")].concat();
        assert_eq!(read(&both).as_deref(), Ok("a,b\n1,2\n"));
    }

    #[test]
    fn what_is_no_text_is_recognised() {
        for (start, expected) in [
            (&b"\xff\xfea\0,\0"[..], "is UTF-16, not UTF-8; convert it with `iconv -f UTF-16 "),
            (b"\xfe\xff\0a\0,", "is UTF-16, not UTF-8"),
            (b"a\0,\0b\0", "`iconv -f UTF-16LE -t UTF-8`"),
            (b"\0a\0,\0b", "`iconv -f UTF-16BE -t UTF-8`"),
            (b"PK\x03\x04....", "is a workbook or a zip file; save the sheet as `CSV UTF-8`"),
            (b"PAR1....", "is a Parquet file"),
            (b"\x28\xb5\x2f\xfd....", "is packed with zstd"),
            (&packed(&packed(b"a,b\n")), "is packed with gzip twice"),
        ] {
            let error = read(start).expect_err("refused");
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn damaged_gzip_is_refused() {
        let whole = packed("item,units\n".repeat(1000).as_bytes());
        let error = read(&whole[..whole.len() - 9]).expect_err("refused");
        assert_eq!(error, "gzip data end too early; the file is incomplete: copy it again");
        let mut flipped = whole.clone();
        let middle = whole.len() / 2;
        flipped[middle] ^= 0x55;
        let error = read(&flipped).expect_err("refused");
        assert!(error.contains("gzip data "), "{error}");
        let trailing = [&whole[..], b"x"].concat();
        assert!(read(&trailing).is_err());
    }

    #[test]
    fn a_gzip_bomb_is_stopped() {
        let source = io::repeat(b'0');
        let mut bomb = Unpacked { source, left: 3 << 20, limit: 3 << 20 };
        let error = io::copy(&mut bomb, &mut io::sink()).expect_err("stopped");
        let expected = "unpacks to more than 3 MiB, over 200 times its size";
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
