//! The published tables, one line for each count, with its total lines: what a program reads without knowing the table.

use serde::Serialize;
use serde_json::json;

use super::both;
use crate::domain::figures::{Figures, Names, Row};
use crate::domain::open_data::{Cross, Indicator, Margin, Population, Published, Value, Variable};
use crate::error::{Error, Result};
use crate::reports::{Words, label};

/// The code of what is added up.
pub const TOTAL: &str = "total";

/// A published table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its code: `closed-unit-timeliness`.
    pub code: String,
    /// What it shows.
    pub title: Names,
    /// What is counted.
    pub population: Population,
    /// The variable of the rows.
    pub rows: Variable,
    /// The variable of the columns, if there are any but the total.
    pub columns: Option<Variable>,
    /// Its counts, row by row, the totals last.
    pub cells: Vec<Cell>,
}

/// A count of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The code of the row, or `total`.
    pub row_code: String,
    /// What the row is called in Chinese.
    pub row_name_zh: String,
    /// In English.
    pub row_name_en: String,
    /// The code of the column, or `total`.
    pub column_code: String,
    /// What the column is called in Chinese.
    pub column_name_zh: String,
    /// In English.
    pub column_name_en: String,
    /// How many; none where it is suppressed.
    pub count: Option<u64>,
    /// Whether it is suppressed.
    pub suppressed: bool,
}

/// The tables of a population: each cross with its totals, and each margin that no cross has.
pub fn tables(published: &Published, words: &dyn Words) -> Result<Vec<Table>> {
    let population = published.population;
    let mut tables = Vec::new();
    for margin in &published.margins {
        let crosses: Vec<&Cross<Option<u64>>> =
            published.crosses.iter().filter(|cross| cross.rows == margin.variable).collect();
        for cross in &crosses {
            let columns = published.margin(cross.columns);
            let columns = columns.ok_or_else(|| Error::internal(format!("{} has no margin", cross.columns)))?;
            tables.push(table(population, published.total, (margin, Some((columns, cross))), words)?);
        }
        let is_column = published.crosses.iter().any(|cross| cross.columns == margin.variable);
        if crosses.is_empty() && !is_column {
            tables.push(table(population, published.total, (margin, None), words)?);
        }
    }
    Ok(tables)
}

type Shown = Option<u64>;
type Columns<'a> = (&'a Margin<Shown>, &'a Cross<Shown>);

fn table(
    population: Population,
    total: Shown,
    (rows, columns): (&Margin<Shown>, Option<Columns<'_>>),
    words: &dyn Words,
) -> Result<Table> {
    let of_columns = columns.map(|(margin, _)| named(margin, words)).transpose()?.unwrap_or_default();
    let all = Line { code: TOTAL.to_owned(), names: both("open-total", words)? };
    let mut cells = Vec::new();
    for (at, (row, value)) in named(rows, words)?.iter().zip(&rows.values).enumerate() {
        let counts = columns.and_then(|(_, cross)| cross.cells.get(at)).map_or(&[][..], Vec::as_slice);
        cells.extend(of_columns.iter().zip(counts).map(|(column, count)| cell(row, column, *count)));
        cells.push(cell(row, &all, value.count));
    }
    let sums = columns.map_or(&[][..], |(margin, _)| margin.values.as_slice());
    cells.extend(of_columns.iter().zip(sums).map(|(column, value)| cell(&all, column, value.count)));
    cells.push(cell(&all, &all, total));
    let columns = columns.map(|(margin, _)| margin.variable);
    let code = [Some(population.code()), Some(rows.variable.code()), columns.map(Variable::code)];
    Ok(Table {
        code: code.into_iter().flatten().collect::<Vec<_>>().join("-").replace('_', "-"),
        title: Names {
            name_zh: title(population, rows.variable, columns, "zh-TW", words)?,
            name_en: title(population, rows.variable, columns, "en", words)?,
        },
        population,
        rows: rows.variable,
        columns,
        cells,
    })
}

/// A row or a column.
struct Line {
    code: String,
    names: Names,
}

fn named(margin: &Margin<Shown>, words: &dyn Words) -> Result<Vec<Line>> {
    let one = |value: &Value<Shown>| {
        let name = |locale| value_name(margin.variable, value, locale, words);
        Ok(Line { code: value.code.clone(), names: Names { name_zh: name("zh-TW")?, name_en: name("en")? } })
    };
    margin.values.iter().map(one).collect()
}

fn cell(row: &Line, column: &Line, count: Shown) -> Cell {
    Cell {
        row_code: row.code.clone(),
        row_name_zh: row.names.name_zh.clone(),
        row_name_en: row.names.name_en.clone(),
        column_code: column.code.clone(),
        column_name_zh: column.names.name_zh.clone(),
        column_name_en: column.names.name_en.clone(),
        count,
        suppressed: count.is_none(),
    }
}

/// What a table is called.
pub fn title(
    population: Population,
    rows: Variable,
    columns: Option<Variable>,
    locale: &str,
    words: &dyn Words,
) -> Result<String> {
    let (population, rows) = (population_name(population, locale, words)?, variable_name(rows, locale, words)?);
    match columns {
        Some(columns) => {
            let columns = variable_name(columns, locale, words)?;
            let names = json!({ "population": population, "rows": rows, "columns": columns });
            words.text(locale, "open-table-cross", &names)
        }
        None => words.text(locale, "open-table", &json!({ "population": population, "rows": rows })),
    }
}

/// What a population is called.
pub fn population_name(population: Population, locale: &str, words: &dyn Words) -> Result<String> {
    words.text(locale, &format!("open-population-{}", population.code()), &json!({}))
}

/// What a variable is called.
pub fn variable_name(variable: Variable, locale: &str, words: &dyn Words) -> Result<String> {
    words.text(locale, &format!("open-by-{}", variable.code().replace('_', "-")), &json!({}))
}

/// What a value is called: by the agency, or by the program.
pub fn value_name<C>(variable: Variable, value: &Value<C>, locale: &str, words: &dyn Words) -> Result<String> {
    if let Some(table) = variable.table() {
        return label(table, &Row::new(&value.code, value.names.clone(), Figures::default()), locale, words);
    }
    let key = match value.code.as_str() {
        "new" => "figure-received-new",
        "reopened" => "figure-reopened",
        "on_time" => "figure-closed-on-time",
        "late" => "figure-closed-late",
        "up_to_3" => "days-up-to-3",
        "up_to_6" => "days-up-to-6",
        "up_to_15" => "days-up-to-15",
        "up_to_30" => "days-up-to-30",
        "over_30" => "days-over-30",
        "unknown" => "open-days-unknown",
        "answered" => "open-answered",
        "unanswered" => "open-unanswered",
        "not_asked" => "open-not-asked",
        "1" => "level-1",
        "2" => "level-2",
        "3" => "level-3",
        "4" => "level-4",
        "5" => "level-5",
        other => return Err(Error::internal(format!("{variable} has no value {other}"))),
    };
    words.text(locale, key, &json!({}))
}

/// The name of the row that a share or a mean stands for.
pub fn row_name(published: &Published, indicator: &Indicator, words: &dyn Words) -> Result<Names> {
    let (Some(variable), Some(code)) = (indicator.variable, indicator.code.as_deref()) else {
        return both("open-total", words);
    };
    let values = published.margin(variable).map_or(&[][..], |margin| margin.values.as_slice());
    let value = values.iter().find(|value| value.code == code);
    let value = value.ok_or_else(|| Error::internal(format!("{variable} has no value {code}")))?;
    let name = |locale| value_name(variable, value, locale, words);
    Ok(Names { name_zh: name("zh-TW")?, name_en: name("en")? })
}
