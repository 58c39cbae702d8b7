//! The worked examples from the official calendar: six receipts, each with its limits.

use rstest::rstest;

use super::support::{calendar, due_of, last_day};

#[rstest]
#[case::around_the_mid_autumn_days_off("2026-09-18", ["2026-09-21", "2026-09-23", "2026-09-30", "2026-10-06", "2026-11-05"], "2026-10-18", "2026-10-19")]
#[case::the_day_before_four_days_off("2026-09-24", ["2026-09-29", "2026-10-01", "2026-10-06", "2026-10-13", "2026-11-11"], "2026-10-24", "2026-10-27")]
#[case::new_year_and_a_saturday_worked("2025-01-24", ["2025-02-03", "2025-02-05", "2025-02-08", "2025-02-13", "2025-03-14"], "2025-02-23", "2025-02-24")]
#[case::nine_days_off("2026-02-13", ["2026-02-23", "2026-02-25", "2026-03-03", "2026-03-09", "2026-04-08"], "2026-03-15", "2026-03-16")]
#[case::over_the_turn_of_the_year("2026-11-20", ["2026-11-23", "2026-11-25", "2026-11-30", "2026-12-04", "2027-01-05"], "2026-12-20", "2026-12-21")]
#[case::received_on_a_sunday("2026-09-20", ["2026-09-21", "2026-09-23", "2026-09-30", "2026-10-06", "2026-11-05"], "2026-10-20", "2026-10-20")]
fn worked_examples(#[case] received: &str, #[case] working: [&str; 5], #[case] thirtieth: &str, #[case] due_by: &str) {
    let calendar = calendar();
    for time in ["00:00", "12:00", "17:30", "23:59:59.999999"] {
        let received = format!("{received}T{time}");
        for (days, expected) in [1, 3, 6, 10, 30].into_iter().zip(working) {
            let limit = format!("{days} working days");
            assert_eq!(last_day(&received, &limit, &calendar, &[]), expected, "{received} {limit}");
            assert!(!due_of(&received, &limit, &calendar, &[]).uncovered);
        }
        assert_eq!(last_day(&received, "30 days", &calendar, &[]), due_by, "{received} 30 days");
    }
    let start: jiff::civil::Date = received.parse().unwrap();
    assert_eq!(start.checked_add(jiff::Span::new().days(30)).unwrap().to_string(), thirtieth);
}
