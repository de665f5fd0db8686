//! Tables for a terminal, straight also where characters are two columns wide.

use unicode_width::UnicodeWidthStr;

const GAP: &str = "  ";

/// Lays rows out in columns, the first row being the heading. Trailing blanks are left out.
#[must_use]
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width));
        let line: Vec<String> = cells.collect();
        text.push_str(GAP);
        text.push_str(line.join(GAP).trim_end());
        text.push('\n');
    }
    text
}

fn pad(cell: &str, width: usize) -> String {
    let blanks = width.saturating_sub(cell.width());
    format!("{cell}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_stand_under_each_other_by_width_and_not_by_number_of_characters() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = columns(&[row(["番号", "結果"]), row(["1", "完了"]), row(["12", "破壊待ち"])]);
        assert_eq!(text, "  番号  結果\n  1     完了\n  12    破壊待ち\n");
    }
}
