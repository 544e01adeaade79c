//! Tables of sales and items that are wrong, and tables that are odd.

use std::io::Write as _;

use super::Change::{Append, Folder, Remove, Swap, Turn, Write};
use super::{Case, ITEMS, SALES, STUDY};

const fn case(name: &'static str, exit: i32, changes: &'static [super::Change]) -> Case {
    Case { name, exit, changes }
}

pub(super) const CASES: &[Case] = &[
    // Files.
    case("sales_absent", 4, &[Remove(SALES)]),
    case("sales_named_with_escapes", 4, &[Swap(STUDY, "sales.csv", "\\u001b[31m\\u202esales")]),
    case("sales_is_a_folder", 4, &[Folder(SALES)]),
    case("sales_is_a_device", 4, &[Swap(STUDY, "\"sales.csv\"", "\"/dev/zero\"")]),
    case(
        "variable_absent",
        2,
        &[Swap(STUDY, "\"sales.csv\"", "\"${PARSTOCK_NO_SUCH_VARIABLE}/sales.csv\"")],
    ),
    case("variable_without_an_end", 2, &[Swap(STUDY, "\"sales.csv\"", "\"${HOME/sales.csv\"")]),
    case("home_as_a_tilde", 2, &[Swap(STUDY, "\"sales.csv\"", "\"~/sales.csv\"")]),
    case("sales_empty", 3, &[Write(SALES, b"")]),
    case("sales_without_rows", 3, &[Write(SALES, b"date,item,units\n")]),
    case(
        "tables_without_a_header",
        3,
        &[Swap(SALES, "date,item,units\n", ""), Swap(ITEMS, "item,unit_cost,price\n", "")],
    ),
    case("gzip_cut_off", 3, &[Turn(SALES, |text| packed(text, |bytes| bytes.truncate(60)))]),
    case("gzip_damaged", 3, &[Turn(SALES, |text| packed(text, |bytes| bytes[40] ^= 0x55))]),
    case("sales_is_a_workbook", 3, &[Write(SALES, b"PK\x03\x04\x14\x00\x06\x00")]),
    // Text.
    case(
        "latin_1",
        3,
        &[Turn(ITEMS, |text| text.iter().map(|&b| if b == b'l' { 0xe9 } else { b }).collect())],
    ),
    case("utf_16", 3, &[Turn(SALES, utf_16)]),
    case(
        "control_characters",
        3,
        &[
            Swap(SALES, "2024-02-26,lamp", "2024-02-26,la\0mp"),
            Swap(SALES, "2024-02-27,rope", "2024-02-27,\u{1b}[31mrope"),
            Swap(ITEMS, "rope", "\"ro\npe\""),
        ],
    ),
    case("quote_never_closed", 3, &[Swap(SALES, "27,lamp", "27,\"lamp")]),
    case("quote_closed_early", 3, &[Swap(ITEMS, "lamp", "\"lamp\" 5\"")]),
    case(
        "row_of_two_mebibytes",
        3,
        &[Turn(SALES, |text| [text, b"2024-03-03,", &b"x".repeat(2 << 20)].concat())],
    ),
    case("sales_is_no_text", 3, &[Turn(SALES, |_| (0..=255).cycle().skip(1).take(9999).collect())]),
    // Columns.
    case(
        "columns_too_many",
        3,
        &[Turn(SALES, |_| ["date", &",x".repeat(10_000), "\n"].concat().into_bytes())],
    ),
    case(
        "delimiter_semicolon",
        3,
        &[
            Turn(SALES, |text| text.iter().map(|&b| if b == b',' { b';' } else { b }).collect()),
            Turn(ITEMS, |text| text.iter().map(|&b| if b == b',' { b'\t' } else { b }).collect()),
        ],
    ),
    case("column_twice", 3, &[Write(SALES, b"date,item,units,units\n2024-02-26,lamp,3,4\n")]),
    case(
        "column_absent",
        3,
        &[Swap(SALES, "date,item,units", "date,item,quantity"), Swap(ITEMS, "item,", "Item,")],
    ),
    case(
        "one_column_a_date",
        3,
        &[Write(SALES, b"item,2024-02-26,2024-02-27\nlamp,3,1\nrope,2,6\n")],
    ),
    case(
        "rows_ragged",
        3,
        &[
            Swap(SALES, "2024-02-27,lamp,1", "2024-02-27,lamp"),
            Swap(SALES, "2024-02-28,lamp,4", "2024-02-28,lamp, small,4"),
        ],
    ),
    // Numbers.
    case(
        "units_no_numbers",
        3,
        &[
            Swap(SALES, "2024-02-26,lamp,3", "2024-02-26,lamp,nan"),
            Swap(SALES, "2024-02-27,lamp,1", "2024-02-27,lamp,-inf"),
            Swap(SALES, "2024-02-28,lamp,4", "2024-02-28,lamp,1e400"),
            Swap(SALES, "2024-02-29,lamp,1", "2024-02-29,lamp,1e-400"),
            Swap(SALES, "2024-03-01,lamp,5", "2024-03-01,lamp,5 pcs"),
            Swap(SALES, "2024-03-02,lamp,9", "2024-03-02,lamp,"),
        ],
    ),
    case(
        "decimal_comma",
        3,
        &[
            Swap(SALES, "2024-02-26,lamp,3", "2024-02-26,lamp,\"3,5\""),
            Swap(ITEMS, "6.00", "\"1.006,00\""),
        ],
    ),
    case("units_negative", 3, &[Swap(SALES, "lamp,3", "lamp,-3")]),
    case("units_enormous", 3, &[Swap(SALES, "lamp,3", "lamp,1e12")]),
    case(
        "item_values_wrong",
        3,
        &[Write(
            ITEMS,
            b"item,unit_cost,price,lead_time_periods,order_multiple,\
                       holding_rate_per_year\n\
                       lamp,-6.00,inf,2.5,0,25\nrope,1.50,2.50,-1,12,25%\n",
        )],
    ),
    case(
        "item_holding_given_twice",
        3,
        &[Write(
            ITEMS,
            b"item,unit_cost,price,holding_rate_per_year,holding_cost_per_unit_period\n\
                       lamp,6.00,10.00,0.25,0.01\nrope,1.50,2.50,0.25,\n",
        )],
    ),
    // Dates.
    case(
        "date_does_not_exist",
        3,
        &[
            Swap(SALES, "2024-02-29,lamp", "2024-02-30,lamp"),
            Swap(SALES, "2024-03-01,lamp", "2024-13-01,lamp"),
        ],
    ),
    case(
        "date_in_another_order",
        3,
        &[
            Swap(SALES, "2024-03-01,lamp", "01/03/2024,lamp"),
            Swap(SALES, "2024-02-29,rope", "29.02.2024,rope"),
        ],
    ),
    case("date_as_a_serial_number", 3, &[Swap(SALES, "2024-03-01,lamp", "45352,lamp")]),
    case(
        "date_with_a_time",
        3,
        &[
            Swap(SALES, "2024-02-29,lamp", "2024-02-29 00:00:00,lamp"),
            Swap(SALES, "2024-03-01,lamp", "2024-03-01T23:00:00Z,lamp"),
        ],
    ),
    case("date_of_another_century", 3, &[Swap(SALES, "2024-03-01,lamp", "0024-03-01,lamp")]),
    // Rows.
    case("rows_twice", 3, &[Append(SALES, "2024-03-01,lamp,5\n2024-03-01,lamp,6\n")]),
    case(
        "days_without_a_row",
        3,
        &[
            Swap(SALES, "2024-02-28,lamp,4\n2024-02-29,lamp,1\n", ""),
            Swap(SALES, "2024-03-01,rope,5\n", ""),
        ],
    ),
    case(
        "sales_on_a_closed_day",
        3,
        &[Swap(STUDY, "period = \"day\"", "closed = [\"saturday\", \"2024-02-29\"]")],
    ),
    case("item_twice", 3, &[Append(ITEMS, "lamp,5.00,9.00\n")]),
    case(
        "forty_problems",
        3,
        &[Turn(SALES, |_| {
            let rows = (1..=40).map(|row| format!("2024-02-01,item {row},many\n"));
            ("date,item,units\n".to_owned() + &rows.collect::<String>()).into_bytes()
        })],
    ),
    // Both tables.
    case("items_without_sales", 3, &[Append(ITEMS, "nail,0.10,0.20\n")]),
    case("sales_without_an_item", 3, &[Swap(ITEMS, "rope,1.50,2.50\n", "")]),
    case(
        "names_almost_equal",
        3,
        &[
            Swap(ITEMS, "rope", "Rope "),
            Turn(SALES, |text| String::from_utf8_lossy(text).replace("lamp", "00123").into_bytes()),
            Swap(ITEMS, "lamp", "123"),
        ],
    ),
    case(
        "no_item_in_both",
        3,
        &[
            Swap(STUDY, "file = \"items.csv\"", "file = \"items.csv\"\nunmatched = \"warn\""),
            Write(ITEMS, b"item,unit_cost,price\nnail,0.10,0.20\n"),
        ],
    ),
    case(
        "costs_absent",
        3,
        &[
            Swap(
                STUDY,
                "lead_time_periods = 2\norder_cost = 5.0\nholding_rate_per_year = 0.25\n",
                "",
            ),
            Write(
                ITEMS,
                b"item,unit_cost,order_cost,holding_rate_per_year\n\
                       lamp,,5,\nrope,1.50,5,0.25\n",
            ),
        ],
    ),
    case("shortage_cost_of_backorders_absent", 3, &[Swap(STUDY, "\"lost\"", "\"backorder\"")]),
    case("price_below_unit_cost", 3, &[Swap(ITEMS, "6.00,10.00", "16.00,10.00")]),
];

/// Tables that are read, with a note.
pub(super) const ODD: &[Case] = &[
    case(
        "odd_columns_not_read",
        0,
        &[Write(ITEMS, b"item,unit_cost,price,colour\nlamp,6.00,10.00,red\nrope,1.50,2.50,\n")],
    ),
    case(
        "odd_names",
        0,
        &[
            Write(
                SALES,
                b"date,item,units\n2024-02-26,Lamp,3\n2024-02-26,lamp,3\n\
                       2024-02-26,rope ,2\n2024-02-26,1.2E+05,2\n",
            ),
            Write(
                ITEMS,
                b"item,unit_cost,price\nLamp,6.00,10.00\nlamp,6.00,10.00\nrope ,1.5,2.5\n\
                       1.2E+05,1,2\n",
            ),
        ],
    ),
    case(
        "odd_values",
        0,
        &[
            // Long enough for the lead time, which is odd and not impossible.
            Swap(STUDY, "periods = 28", "periods = 600"),
            Write(
                ITEMS,
                b"item,unit_cost,price,lead_time_periods,holding_rate_per_year,\
                           shortage_cost_per_unit\n\
                           lamp,6.00,5.00,500,,1\nrope,1.50,2.50,,2.5,\n",
            ),
        ],
    ),
    case(
        "odd_one_left_out",
        0,
        &[
            Swap(STUDY, "file = \"items.csv\"", "file = \"items.csv\"\nunmatched = \"warn\""),
            Append(ITEMS, "nail,0.10,0.20\n"),
        ],
    ),
    case(
        "odd_rows_mended",
        0,
        &[
            Swap(
                STUDY,
                "file = \"sales.csv\"",
                "file = \"sales.csv\"\ngaps = \"zero\"\n\
                                             duplicates = \"sum\"\nreturns = \"drop\"",
            ),
            Swap(SALES, "2024-02-28,lamp,4\n", ""),
            Append(SALES, "2024-03-01,lamp,5\n2024-03-01,rope,-2\n"),
        ],
    ),
    case(
        "odd_byte_order_mark",
        0,
        &[
            Turn(SALES, |text| [b"\xef\xbb\xbf", text].concat()),
            Turn(ITEMS, |text| [b"\xef\xbb\xbf", text].concat()),
            Turn(STUDY, |text| [b"\xef\xbb\xbf", text].concat()),
        ],
    ),
];

/// The text in UTF-16, as Windows saves `Unicode text`.
pub(super) fn utf_16(text: &[u8]) -> Vec<u8> {
    let wide = text.iter().flat_map(|&byte| [byte, 0]);
    [0xff, 0xfe].into_iter().chain(wide).collect()
}

/// The text as a gzip file, with something done to it.
fn packed(text: &[u8], damage: fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).expect("memory takes everything");
    let mut bytes = packer.finish().expect("memory takes everything");
    damage(&mut bytes);
    bytes
}
