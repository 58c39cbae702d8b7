//! The sample agency's files fit each other and the program's own types.

use std::collections::HashSet;

use chenqing::domain::limit::Limit;
use chenqing::domain::office_hours::OfficeHours;
use chenqing::domain::policy::{ClockPurpose, Policies};
use toml::{Table, Value};

fn file(name: &str) -> Table {
    let path = format!("{}/config/agency/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn rows(name: &str, table: &str) -> Vec<Table> {
    file(name)[table].clone().try_into().unwrap()
}

fn text<'a>(row: &'a Table, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The codes of a file, each well-formed and only once; every row has both names.
fn codes(rows: &[Table]) -> HashSet<String> {
    let codes: HashSet<String> = rows.iter().map(|row| text(row, "code").to_owned()).collect();
    assert_eq!(codes.len(), rows.len());
    let is_code = |code: &String| {
        !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    assert!(codes.iter().all(is_code), "{codes:?}");
    assert!(rows.iter().all(|row| !text(row, "name_zh").is_empty() && !text(row, "name_en").is_empty()));
    codes
}

#[test]
fn units_are_one_tree_and_categories_and_mailboxes_name_its_units() {
    let units = rows("units", "unit");
    let known = codes(&units);
    let mut above = HashSet::new();
    for unit in &units {
        assert!(above.is_empty() || above.contains(text(unit, "parent")), "{unit}");
        above.insert(text(unit, "code"));
    }
    let categories = rows("categories", "category");
    let groups: HashSet<&str> = categories.iter().filter_map(|c| c.get("group")?.as_str()).collect();
    let listed = codes(&categories);
    assert!(groups.iter().all(|group| listed.contains(*group)) && (listed.len(), groups.len()) == (19, 4));
    // A group leads to no unit: nothing stands in it itself.
    let mut in_use = categories.iter().filter(|category| !groups.contains(text(category, "code")));
    assert!(in_use.all(|category| known.contains(text(category, "unit"))));
    for mailbox in rows("agency", "mailbox") {
        assert!(known.contains(text(&mailbox, "root_unit")) && known.contains(text(&mailbox, "registry_unit")));
    }
}

#[test]
fn limits_are_limits_and_none_is_above_the_ceiling() {
    let classes = rows("speed_classes", "speed_class");
    let known = codes(&classes);
    let all = file("speed_classes");
    assert!(known.contains(all["default"].as_str().unwrap()));
    let limit = |text: &str| -> Limit { text.parse().unwrap() };
    let policies: Policies = file("policies").try_into().unwrap();
    let general = policies.list.iter().find(|policy| policy.matches.weight() == 0).unwrap();
    let Some(Limit::WorkingDays(ceiling)) = general.limits.ceiling else { panic!("working days") };
    for limit in classes.iter().map(|class| limit(text(class, "limit"))) {
        assert!(matches!(limit, Limit::WorkingDays(days) if (1..=ceiling).contains(&days)), "{limit}");
    }
    for purpose in ClockPurpose::ALL.iter().filter(|purpose| **purpose != ClockPurpose::Reply) {
        assert!(general.limits.of(*purpose).is_some(), "{purpose}");
    }
    for (code, days) in [("most_urgent", 1), ("urgent", 3), ("normal", 6)] {
        let class = classes.iter().find(|class| text(class, "code") == code).unwrap();
        assert_eq!(limit(text(class, "limit")), Limit::WorkingDays(days));
    }
}

#[test]
fn office_hours_and_closing_codes_are_read() {
    let hours: OfficeHours = file("agency")["office_hours"].clone().try_into().unwrap();
    assert_eq!(hours.of_worked(5).to_string(), "08:00–12:00, 13:00–17:00");
    assert!(hours.sat.is_closed());
    let closing = rows("closing", "closing");
    codes(&closing);
    let acts = ["reply", "transfer", "no_action", "merge", "withdraw"];
    assert!(closing.iter().all(|ground| acts.contains(&text(ground, "ends_by"))));
}
