//! How long a study's tables take until rows can be computed from them.
//!
//! ```text
//! cargo run --release -p benches --bin reading -- STUDY [ROUNDS]
//! ```
//!
//! Medians, on one thread and on all; then the parts of it on one thread, and the `csv` crate, which splits
//! the same sales into fields and turns none of them into a number.

use std::path::Path;
use std::time::Instant;

use cluster::Team;
use parstock::inputs::Inputs;
use parstock::study::Study;
use parstock::table::items::read_items;
use parstock::table::sales::read_sales;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first().map(Path::new) else {
        eprintln!("reading STUDY [ROUNDS]");
        std::process::exit(2);
    };
    let rounds = arguments.get(1).and_then(|word| word.parse().ok()).unwrap_or(5);
    let text = std::fs::read_to_string(path).expect("the study can be read");
    let study = Study::parse(&text, "study.toml").expect("the study is valid");
    let folder = path.parent().unwrap_or(Path::new("."));
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, all] {
        let team = Team::solo(threads).expect("threads");
        let seconds = median(rounds, || Inputs::read(&study, folder, &team).expect("valid tables"));
        println!("all tables, {threads} threads: {seconds:.3} s");
    }
    let team = Team::solo(1).expect("a thread");
    let [sales, items] =
        [&study.file.sales.file, &study.file.items.file].map(|file| folder.join(file));
    let bytes = |path: &Path| std::fs::read(path).expect("the table can be read");
    println!("bytes of sales: {:.3} s", median(rounds, || bytes(&sales)));
    let (sales, items) = (bytes(&sales), bytes(&items));
    let history = || read_sales("sales", &sales, &study.sales, &team).expect("valid sales");
    println!("history of sales: {:.3} s", median(rounds, history));
    let rows = || read_items("items", &items, &study.items).expect("valid items");
    println!("rows of items: {:.3} s", median(rounds, rows));
    let fields = || {
        let mut reader = csv::Reader::from_reader(&sales[..]);
        let mut record = csv::ByteRecord::new();
        let mut bytes = 0;
        while reader.read_byte_record(&mut record).expect("a record") {
            bytes += record.as_slice().len();
        }
        bytes
    };
    println!("fields of sales by the csv crate: {:.3} s", median(rounds, fields));
}

/// Seconds that `f` takes, the drop of its result apart.
fn median<T>(rounds: usize, mut f: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            let result = f();
            let seconds = start.elapsed().as_secs_f64();
            drop(result);
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[rounds / 2]
}
