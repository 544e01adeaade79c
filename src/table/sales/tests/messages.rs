//! What a user is told, word for word.

use super::*;

#[test]
fn a_value_that_is_no_number_is_named_with_its_place() {
    let message = refusal(
        "2024-01-01,A,nan\n2024-01-02,A,inf\n2024-01-03,A,1e400\n2024-01-04,A,\n\
         2024-01-05,A,1e12\n\"2024-01-06\",A,\"1,5\"\n",
        &options(),
    );
    let expected = "sales.csv:2:units: `nan` is not a finite number; write 0 or remove the row\n\
                    sales.csv:3:units: `inf` is not a finite number; write 0 or remove the row\n\
                    sales.csv:4:units: `1e400` is too large to be a finite number; is it \
                    mistyped?\n\
                    sales.csv:5:units: a number is missing; write 0 or remove the row\n\
                    sales.csv:6:units: `1e12` is more than 1000000000 units in one row; is it \
                    mistyped?\n\
                    sales.csv:7:units: `1,5` has a decimal comma; set `decimal = \",\"`, or write \
                    `1.5`";
    assert_eq!(message, expected);
}

#[test]
fn all_problems_of_a_row_and_of_a_table_are_found_in_one_pass() {
    let table = "Datum,item,units,price,in_stock\n2024-02-30,,x,-1,maybe\n2024-01-01,A\n\
                 2024-01-01,A,1,1,1\n2024-01-01,A,1,1,1\n";
    let columns = [("date".to_string(), "Datum".to_string())].into();
    let message = read_with(table, &SalesOptions { columns, ..options() }).expect_err("refused");
    let expected = "sales.csv:2:item: is empty; a name is needed\n\
                    sales.csv:2:Datum: `2024-02-30` is no date: February 2024 has 29 days\n\
                    sales.csv:2:units: `x` is not a number; write it such as `12` or `12.5`\n\
                    sales.csv:2:price: `-1` is not a price of 0 to 1e12 per unit; leave it empty\n\
                    sales.csv:2:in_stock: `maybe` is neither yes nor no; write 1 or 0 (or true, \
                    false, yes, no)\n\
                    sales.csv:3: the row has 2 fields, but the header has 5; is the line cut off?\n\
                    sales.csv:5: `A` has another row on 2024-01-01, in line 4; set `duplicates \
                    = \"sum\"` or `duplicates = \"first\"`, or remove one";
    assert_eq!(message, expected);
    let message = refusal(&"2024-01-01,A,x\n".repeat(1000), &options());
    assert!(
        message.ends_with(
            "sales.csv:21:units: `x` is not a number; write it such as `12` or \
     `12.5`\nand 980 more problems"
        ),
        "{message}"
    );
}

#[test]
fn a_table_without_rows_is_refused() {
    let refused = |table| read_with(table, &options()).expect_err("refused");
    let empty = "sales.csv: is empty: no data rows, and no header such as `date,item,units`";
    assert_eq!(refused(""), empty);
    assert_eq!(refused("\n\n"), empty);
    assert_eq!(refused("\u{feff}"), empty);
    assert_eq!(refused("date,item,units\r\n"), "sales.csv: has a header but no data rows");
}

#[test]
fn misshapen_rows_are_named() {
    let message = refusal(
        "2024-01-01,A,1,5\n,,\n2024-01-02,\"5\" \
         nail\",1\n2024-01-03,\"A,1\n2024-01-04,B\",1,2\n2024-01-05,\"A,1\n",
        &options(),
    );
    let expected = "sales.csv:2: the row has 4 fields, but the header has 3; put a value that \
     holds the delimiter in quotes\n\
                    sales.csv:3: the row is empty; remove it\n\
                    sales.csv:4: text follows a closing quote; write a quote within quotes twice \
                    (\"\")\n\
                    sales.csv:5: the row has 4 fields, but the header has 3; it goes on to line \
                    6: is a quote left open?\n\
                    sales.csv:7: a quote opens on this line and is never closed; close it, or \
                    remove it";
    assert_eq!(message, expected);
}

#[test]
fn names_with_control_characters_are_refused_once_and_shown_escaped() {
    let message = refusal(
        "2024-01-01,\u{1b}[31mA\0,1\n2024-01-02,\u{1b}[31mA\0,1\n2024-01-03,,1\n2024-01-04,,1\n",
        &options(),
    );
    let expected = "sales.csv:2:item: `\\x1b[31mA\\x00` has a control character, which no name \
     may have; remove it\n\
                    sales.csv:4:item: is empty; a name is needed\n\
                    sales.csv:5:item: is empty; a name is needed";
    assert_eq!(message, expected);
}

#[test]
fn mistyped_years_do_not_fill_the_memory() {
    let zero = SalesOptions { gaps: Gaps::Zero, ..options() };
    let rows: Vec<_> = (0..4_000).map(|item| format!("1924-01-01,{item},1\n")).collect();
    let message = refusal(&(rows.concat() + "2199-01-01,A,1\n"), &zero);
    let expected = "sales.csv: 100444 periods of 4001 items from 1924-01-01 to 2199-01-01 are too \
     many for 4001 rows; is a date mistyped?";
    assert_eq!(message, expected);
}

#[test]
fn units_that_add_up_to_too_much_are_refused() {
    let sum = SalesOptions { duplicates: Duplicates::Sum, ..options() };
    let message = refusal("2024-01-01,A,1e9\n2024-01-01,A,1\n", &sum);
    assert_eq!(
        message,
        "sales.csv: `A` has more than 1000000000 units in the day of 2024-01-01; is a row mistyped?"
    );
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let refused = |options: &SalesOptions| refusal("2024-01-01,A,1\n", options);
    let format = SalesOptions { date_format: "dd.mm.yyyy".into(), ..options() };
    assert!(
        refused(&format).starts_with("sales.csv: `date_format = \"dd.mm.yyyy\"` must hold YYYY")
    );
    for delimiter in [b'"', b'\n', 0xe9] {
        let options = SalesOptions { delimiter, ..options() };
        assert!(refused(&options).contains("`delimiter` must be one ASCII character"));
    }
    assert!(refused(&SalesOptions { decimal: b';', ..options() }).contains("`decimal` must be"));
    let closed = Closed { weekdays: Weekday::ALL.to_vec(), ..Closed::default() };
    assert!(refused(&SalesOptions { closed, ..options() }).contains("lists every day of the week"));
}
