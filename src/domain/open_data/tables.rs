//! From the figures of a year to the populations that are published of it.

use super::{Counted, Cross, Divided, Margin, Population, Value, Variable};
use crate::domain::figures::{Figures, Level, OPEN, PeriodFigures, Question, Row, TableName};
use crate::error::{Error, Result};

/// Where cases stand: what every population is divided by.
const PLACES: [Variable; 6] =
    [Variable::Month, Variable::Channel, Variable::Kind, Variable::Category, Variable::Unit, Variable::SpeedClass];

/// What else closed cases are crossed with their limit by. The speed class is crossed with the days used instead, which say
/// nearly the same of it.
const BY_LIMIT: [Variable; 8] = [
    Variable::Month,
    Variable::Channel,
    Variable::Kind,
    Variable::Category,
    Variable::Unit,
    Variable::CloseCode,
    Variable::Extension,
    Variable::Reassignment,
];

/// The populations of a year.
///
/// # Errors
/// `Internal` when the figures do not add up: what is made of them could not be proven to hide anything.
pub fn counted(figures: &PeriodFigures) -> Result<Vec<Counted>> {
    let all = vec![received(figures)?, closed(figures)?, ratings(figures)?];
    match all.iter().find_map(|counted| wrong(counted).map(|what| (counted.population, what))) {
        Some((population, what)) => {
            Err(Error::internal(format!("the figures of {} do not add up: {population} by {what}", figures.period)))
        }
        None => Ok(all),
    }
}

fn received(figures: &PeriodFigures) -> Result<Counted> {
    let total = &figures.total;
    let mut margins = vec![fixed(Variable::Entry, &[("new", total.received_new), ("reopened", total.reopened)])];
    margins.extend(PLACES.iter().filter_map(|of| margin(figures, *of, |f| f.received)));
    let crosses = channel_month(figures, &margins)?.into_iter().collect();
    Ok(Divided { population: Population::Received, total: total.received, margins, crosses, withheld: Vec::new() })
}

fn closed(figures: &PeriodFigures) -> Result<Counted> {
    let total = &figures.total;
    let limit = |f: &Figures| vec![f.closed_on_time, f.closed_late];
    // Cases whose days nothing is known of are not listed where there are none.
    let known = bands(total)?.last() == Some(&0);
    let days = |f: &Figures| bands(f).map(|counts| counts.into_iter().take(BANDS.len() - usize::from(known)).collect());
    let mut margins = vec![
        fixed(Variable::Timeliness, &[("on_time", total.closed_on_time), ("late", total.closed_late)]),
        Margin { variable: Variable::Days, values: BANDS.into_iter().zip(days(total)?).map(value).collect() },
        survey(total)?,
    ];
    let places = PLACES.iter().chain(&[Variable::CloseCode, Variable::Extension, Variable::Reassignment]);
    margins.extend(places.filter_map(|of| margin(figures, *of, |f| f.closed)));
    let mut crosses: Vec<Cross<u64>> = BY_LIMIT
        .iter()
        .filter_map(|of| cross(figures, *of, Variable::Timeliness, &|f| Ok(limit(f))).transpose())
        .collect::<Result<_>>()?;
    crosses.extend(cross(figures, Variable::SpeedClass, Variable::Days, &days)?);
    Ok(Divided { population: Population::Closed, total: total.closed, margins, crosses, withheld: Vec::new() })
}

fn ratings(figures: &PeriodFigures) -> Result<Counted> {
    let total = &figures.total;
    let mut margins = Vec::new();
    for (question, variable) in QUESTIONS {
        let codes = Level::ALL.iter().map(|level| level.code());
        margins.push(Margin { variable, values: codes.zip(levels(total, question)).map(value).collect() });
    }
    let mut crosses = Vec::new();
    for of in PLACES {
        margins.extend(margin(figures, of, |f| f.ratings.number));
        crosses.extend(cross(figures, of, Variable::RatedOverall, &|f| Ok(levels(f, Question::Overall)))?);
    }
    Ok(Divided { population: Population::Ratings, total: total.ratings.number, margins, crosses, withheld: Vec::new() })
}

/// The questions, each with the variable that its levels are.
const QUESTIONS: [(Question, Variable); 5] = [
    (Question::Result, Variable::RatedResult),
    (Question::Clarity, Variable::RatedClarity),
    (Question::Speed, Variable::RatedSpeed),
    (Question::Attitude, Variable::RatedAttitude),
    (Question::Overall, Variable::RatedOverall),
];

/// The bands of days used; the last are cases whose days nothing is known of.
const BANDS: [&str; 6] = ["up_to_3", "up_to_6", "up_to_15", "up_to_30", "over_30", "unknown"];

fn value((code, count): (&str, u64)) -> Value<u64> {
    Value { code: code.to_owned(), names: None, count }
}

fn fixed(variable: Variable, values: &[(&str, u64)]) -> Margin<u64> {
    Margin { variable, values: values.iter().copied().map(value).collect() }
}

/// The rest of a whole that its parts leave.
fn rest(whole: u64, parts: &[u64]) -> Result<u64> {
    whole.checked_sub(parts.iter().sum()).ok_or_else(|| Error::internal("the parts of a figure are more than it"))
}

fn bands(f: &Figures) -> Result<Vec<u64>> {
    let mut counts = vec![f.days.up_to_3, f.days.up_to_6, f.days.up_to_15, f.days.up_to_30, f.days.over_30];
    counts.push(rest(f.closed, &counts)?);
    Ok(counts)
}

fn levels(f: &Figures, question: Question) -> Vec<u64> {
    let of = f.ratings.questions.get(&question);
    Level::ALL.iter().map(|level| of.and_then(|answers| answers.levels.get(level)).copied().unwrap_or(0)).collect()
}

/// Whether those whose case was closed were asked for a rating, and gave one.
fn survey(f: &Figures) -> Result<Margin<u64>> {
    let (answered, missing) = (f.ratings.answered, f.ratings.missing);
    let not_asked = rest(f.closed, &[answered, missing])?;
    Ok(fixed(Variable::Survey, &[("answered", answered), ("unanswered", missing), ("not_asked", not_asked)]))
}

/// The rows of the report that are the values of a variable. What is open stands in a row of how cases ended, and is none.
fn rows(figures: &PeriodFigures, variable: Variable) -> Vec<&Row> {
    let rows = variable.table().map_or(&[][..], |table| figures.tables.get(table));
    rows.iter().filter(|row| row.code != OPEN || row.figures.closed > 0).collect()
}

/// A margin; none where a report of an earlier version has no such table.
fn margin(figures: &PeriodFigures, variable: Variable, of: impl Fn(&Figures) -> u64) -> Option<Margin<u64>> {
    let rows = rows(figures, variable);
    let one = |row: &&Row| Value { code: row.code.clone(), names: row.names.clone(), count: of(&row.figures) };
    (!rows.is_empty()).then(|| Margin { variable, values: rows.iter().map(one).collect() })
}

fn cross(
    figures: &PeriodFigures,
    variable: Variable,
    columns: Variable,
    of: &dyn Fn(&Figures) -> Result<Vec<u64>>,
) -> Result<Option<Cross<u64>>> {
    let cells: Vec<Vec<u64>> = rows(figures, variable).iter().map(|row| of(&row.figures)).collect::<Result<_>>()?;
    Ok((!cells.is_empty()).then_some(Cross { rows: variable, columns, cells }))
}

/// Each channel month by month, in the order of both margins.
fn channel_month(figures: &PeriodFigures, margins: &[Margin<u64>]) -> Result<Option<Cross<u64>>> {
    let values = |variable| margins.iter().find(|margin| margin.variable == variable).map(|margin| &margin.values);
    let (Some(channels), Some(months)) = (values(Variable::Channel), values(Variable::Month)) else { return Ok(None) };
    let table = figures.tables.get(TableName::ChannelMonth);
    if table.is_empty() {
        return Ok(None);
    }
    let cell = |channel: &Value<u64>, month: &Value<u64>| {
        let found = table.iter().find(|row| row.code == channel.code && row.month.as_deref() == Some(&month.code));
        found.map_or(0, |row| row.figures.received)
    };
    let cells = channels.iter().map(|channel| months.iter().map(|month| cell(channel, month)).collect()).collect();
    Ok(Some(Cross { rows: Variable::Channel, columns: Variable::Month, cells }))
}

/// The first division that does not add up.
fn wrong(counted: &Counted) -> Option<String> {
    let counts = |margin: &Margin<u64>| margin.values.iter().map(|value| value.count).collect::<Vec<u64>>();
    for margin in &counted.margins {
        if counts(margin).iter().sum::<u64>() != counted.total {
            return Some(margin.variable.to_string());
        }
    }
    counted.crosses.iter().find_map(|cross| {
        let by_rows: Vec<u64> = cross.cells.iter().map(|row| row.iter().sum()).collect();
        let columns = counted.margin(cross.columns).map(counts).unwrap_or_default();
        let by_columns: Vec<u64> =
            (0..columns.len()).map(|at| cross.cells.iter().filter_map(|row| row.get(at)).sum()).collect();
        let whole = cross.cells.iter().all(|row| row.len() == columns.len());
        let fits = whole && counted.margin(cross.rows).map(counts) == Some(by_rows) && columns == by_columns;
        (!fits).then(|| format!("{} and {}", cross.rows, cross.columns))
    })
}
