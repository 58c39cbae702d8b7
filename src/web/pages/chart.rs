//! The coordinates of a chart by month: bars for what came in, a line for what was closed, on one axis from zero.
//! The template `parts/chart` draws what this computes.

use serde_json::{Value, json};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 262.0;

/// One month of the chart: its label, how many cases were received in it and how many closed.
pub struct Month {
    /// As the axis says it, for example "9".
    pub label: String,
    /// Received, drawn as a bar.
    pub received: u64,
    /// Closed, drawn as a line.
    pub closed: u64,
}

/// The data of `parts/chart`; `title` is a message (`{"key": …, "args": …}`), `as_of` RFC 3339 text.
#[must_use]
pub fn by_month(title: &Value, as_of: &str, months: &[Month]) -> Value {
    let highest = months.iter().map(|m| m.received.max(m.closed)).max().unwrap_or(0);
    let step = step_for(highest);
    let top = step * (highest.div_ceil(step)).max(1);
    let y = |value: u64| BOTTOM - (BOTTOM - TOP) * ratio(value, top);
    let slot = (RIGHT - LEFT) / f64::from(u32::try_from(months.len().max(1)).unwrap_or(u32::MAX));
    let mut centre = LEFT - slot / 2.0;
    let (mut bars, mut dots, mut ticks) = (Vec::new(), Vec::new(), Vec::new());
    for month in months {
        centre += slot;
        let height = BOTTOM - y(month.received);
        bars.push(json!({
            "series": "received", "name_key": "figure-received", "label": month.label, "value": month.received,
            "x": tidy(centre - slot * 0.3), "y": tidy(y(month.received)), "width": tidy(slot * 0.6), "height": tidy(height),
        }));
        dots.push(json!({ "x": tidy(centre), "y": tidy(y(month.closed)) }));
        ticks.push(json!({ "x": tidy(centre), "label": month.label }));
    }
    let points: Vec<String> = dots.iter().map(|d| format!("{},{}", d["x"], d["y"])).collect();
    let y_ticks: Vec<Value> = (0..=top / step)
        .map(|n| n * step)
        .map(|value| json!({ "y": tidy(y(value)), "text_y": tidy(y(value) + 4.0), "label": value }))
        .collect();
    json!({
        "title": title, "as_of": as_of, "width": WIDTH, "height": HEIGHT,
        "plot": { "left": LEFT, "right": RIGHT, "label_x": LEFT - 8.0, "tick_y": BOTTOM + 22.0 },
        "y_ticks": y_ticks, "x_ticks": ticks, "bars": bars,
        "lines": [{ "series": "closed", "points": points.join(" "), "dots": dots }],
        "names": names(months.last().map_or((BOTTOM, BOTTOM), |m| (y(m.received), y(m.closed)))),
    })
}

/// Both names beside the last month, at least a line apart.
fn names((received, closed): (f64, f64)) -> Value {
    let (mut first, mut second) = (received + 4.0, closed + 4.0);
    if (first - second).abs() < 18.0 {
        let shift = (18.0 - (first - second).abs()) / 2.0;
        let sign = if first <= second { 1.0 } else { -1.0 };
        (first, second) = (first - sign * shift, second + sign * shift);
    }
    json!([
        { "series": "received", "name_key": "figure-received", "x": RIGHT + 10.0, "y": tidy(first) },
        { "series": "closed", "name_key": "figure-closed", "x": RIGHT + 10.0, "y": tidy(second) },
    ])
}

/// A step of 1, 2 or 5 times a power of ten that gives at most five lines.
fn step_for(highest: u64) -> u64 {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if highest <= 5 * step {
                return step;
            }
        }
        match power.checked_mul(10) {
            Some(next) if next <= u64::MAX / 50 => power = next,
            _ => return highest,
        }
    }
}

/// Counts are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn ratio(value: u64, whole: u64) -> f64 {
    value as f64 / whole as f64
}

/// One decimal is finer than a screen shows.
fn tidy(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(received: u64, closed: u64) -> Month {
        Month { label: "1".into(), received, closed }
    }

    #[test]
    fn the_axis_starts_at_zero_and_holds_the_highest_value() {
        for (highest, step) in [(0, 1), (5, 1), (6, 2), (11, 5), (49, 10), (51, 20), (1_234_567, 500_000)] {
            assert_eq!(step_for(highest), step, "{highest}");
        }
        let chart = by_month(&json!({}), "", &[month(42, 7), month(0, 40)]);
        let labels: Vec<u64> =
            chart["y_ticks"].as_array().unwrap().iter().map(|t| t["label"].as_u64().unwrap()).collect();
        assert_eq!(labels, [0, 10, 20, 30, 40, 50]);
        assert_eq!(chart["bars"][1]["height"], 0.0);
        assert_eq!(chart["y_ticks"][0]["y"], BOTTOM);
        assert_eq!(chart["y_ticks"][5]["y"], TOP);
    }

    #[test]
    fn a_year_without_cases_can_be_drawn() {
        let chart = by_month(&json!({}), "", &[month(0, 0)]);
        assert_eq!(chart["lines"][0]["dots"][0]["y"], BOTTOM);
        assert_eq!(by_month(&json!({}), "", &[])["bars"], json!([]));
    }

    #[test]
    fn the_two_names_never_overlap() {
        for (received, closed) in [(10, 10), (10, 11), (11, 10), (3, 40)] {
            let chart = by_month(&json!({}), "", &[month(received, closed)]);
            let at = |n: usize| chart["names"][n]["y"].as_f64().unwrap();
            assert!((at(0) - at(1)).abs() >= 17.9, "{received} {closed}");
        }
    }
}
