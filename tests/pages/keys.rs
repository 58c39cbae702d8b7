//! Message keys: both locales have the same ones with the same arguments; whatever templates, samples and sources
//! name exists, and whatever exists is named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chenqing::domain::case::{Channel, CloseCode, Kind, ReplyBy, State, Verb};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::figures::{Age, DayList, Side, Stage, TableName, Watched};
use chenqing::domain::incoming::{Automatic, DecisionKind, LeftOutWhy, MessageState, Reason, ReportKind, Sign};
use chenqing::domain::measure::MeasureState;
use chenqing::domain::open_data::{IndicatorName, Population, Variable};
use chenqing::domain::policy::{ClockPurpose, Recipient, StartEvent};
use chenqing::domain::reply::Telling;
use chenqing::domain::saved_report::{RunOutcome, SavedFormat, SavedPeriod};
use chenqing::domain::staff::Role;
use chenqing::domain::submission::SubmissionState;
use chenqing::web::pages::LOCALES;

use super::{root, samples};

/// Key and message of a locale.
fn messages(locale: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (path, text) in files(&root("locales").join(locale), "ftl") {
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{path}: {line}"));
                key = name.to_owned();
                assert!(all.insert(key.clone(), value.to_owned()).is_none(), "{path}: {key} stands twice");
            } else if let Some(message) = all.get_mut(&key) {
                message.push_str(line);
            }
        }
    }
    all
}

/// Path and text of all files below a folder.
fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// What stands between `before` and the next quotation mark.
fn after(text: &str, before: &str) -> Vec<String> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn arguments(message: &str) -> BTreeSet<&str> {
    let names = message.split('$').skip(1);
    names.filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()).collect()
}

/// Keys made of a prefix and a code: `{{term "status" state}}`.
fn closed_lists() -> BTreeMap<String, Vec<String>> {
    macro_rules! all {
        ($($list:ty),*) => { [$(<$list>::ALL.iter().map(|c| c.code()).collect::<Vec<_>>()),*] };
    }
    let [states, kinds, channels, reply_by, close, verbs, roles, letters, submissions, tellings] =
        all!(State, Kind, Channel, ReplyBy, CloseCode, Verb, Role, LetterState, SubmissionState, Telling);
    let [purposes, recipients, starts] = all!(ClockPurpose, Recipient, StartEvent);
    let [mail_decisions, mail_reasons, mail_signs, mail_kinds, mail_reports, mail_states, left_out] =
        all!(DecisionKind, Reason, Sign, Automatic, ReportKind, MessageState, LeftOutWhy);
    let acts = "confirmed entered accepted policy_changed letter_sent letter_failed notice letter_retried identity_viewed \
         calendar_moved calendar_kept letter_redirected file_fetched mail_joined mail_noted mail_fetched \
         mail_layout_viewed mail_file_fetched";
    let queues = "new mine unit co_handling review due_soon overdue to_post all";
    let figures = "received closed open_at_end on_time_rate mean_days satisfaction";
    let tables: Vec<&str> = TableName::ALL.iter().map(|table| table.code()).collect();
    let acts_on_desk = "register classify assign take note draft submit_reply return_reply approve mark_posted record_told extend \
                        transfer no_action withdraw reopen keep_closed remind_handler explain_delay ask_supplement \
                        supplement_given supplement_missing wait end_wait consult answer_consultation \
                        withdraw_consultation ask_extension decline_extension";
    let letter_kinds = "confirm confirm_reminder receipt assigned case_for_unit reply_for_approval reply_returned reply \
                        transferred extended no_action withdrawn reopened due_soon overdue digest reminder weekly_list review_task \
                        year_package measure_yours unusual_figures saved_report supplement_asked supplement_given consultation_asked consultation_answered \
                        extension_asked extension_declined due_moved calendar_missing mail_joined mail_waiting fetch_overdue";
    let messages = "link_expired link_invalid link_replaced not_confirmed rating_expired withdrawn already_finished not_accepted too_many too_large \
                    bad_request key_reused forbidden not_found refused unavailable error";
    let references = "incoming_ref referring_agency referring_due_at document_in document_out transferred_to \
                      respondent_unit respondent_staff";
    let reasons = "start counted weekend holiday make_up closure paused extended moved_on moved_to_noon given skipped";
    let shown = "worked make_up weekend holiday closure partly";
    let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let open_states = states.clone();
    let mut event_acts = verbs;
    event_acts.extend(words(acts));
    let button_acts: Vec<&str> = words(acts_on_desk).into_iter().filter(|a| *a != "draft").collect();
    let mut status = states;
    status.push("unconfirmed");
    let lists: Vec<(&str, Vec<&str>)> = vec![
        ("status", status),
        ("status-plain", open_states),
        ("status-step", words("received assigned handled replied")),
        ("kind", kinds.clone()),
        ("kind-hint", kinds),
        ("channel", channels),
        ("reply-by", reply_by.clone()),
        ("act-approve-text", reply_by.clone()),
        ("preview-hint", reply_by),
        ("telling", tellings),
        ("close", close),
        ("event", event_acts),
        ("role", roles),
        ("letter-state", letters),
        ("letter-kind", letter_kinds.split_whitespace().collect()),
        ("submitted-title", submissions),
        ("submission-state", words("unconfirmed bounced expired")),
        ("due", words("none later soon today overdue finished")),
        ("count", words(reasons)),
        ("question", words("result clarity speed attitude overall")),
        ("level", words("1 2 3 4 5")),
        ("control-state", words("overdue soon")),
        ("control-clock", words("registration assignment acceptance co_handling reply ceiling supplement")),
        (
            "queue",
            words(
                "new mine unit co_handling review due_soon overdue to_post all submissions mail tasks extensions moves letters",
            ),
        ),
        ("badge", words("confidential extended reopened low changed")),
        (
            "entry",
            words(
                "note reply draft rating told_phone told_interview reminder explanation supplement_asked supplement_given consult_asked \
                 consult_answered extension_asked extension_declined mail",
            ),
        ),
        ("clock", purposes.clone()),
        ("reply-state", words("draft in_review returned approved")),
        ("reference", words(references)),
        ("act", words(acts_on_desk)),
        ("act-what", words(acts_on_desk)),
        ("act-button", button_acts),
        ("recipient", words("petitioner staff")),
        ("actor", words("petitioner staff system")),
        ("figure", words(figures)),
        ("unusual", Side::ALL.iter().map(|side| side.code()).collect()),
        ("unusual-of", Watched::ALL.iter().map(|watched| watched.code()).collect()),
        ("age", Age::ALL.iter().map(|age| age.code()).collect()),
        ("day", DayList::ALL.iter().map(|list| list.code()).collect()),
        ("day-means", DayList::ALL.iter().map(|list| list.code()).collect()),
        ("stage", Stage::ALL.iter().map(|stage| stage.code()).collect()),
        ("unit", words("cases percent days of_five")),
        ("table", tables.clone()),
        ("table-row", tables),
        ("list", words("endings days more")),
        ("list-row", words("endings days more")),
        ("row-extension", words("extended not_extended")),
        ("row-reassignment", words("0 1 2 3_or_more")),
        ("csv", words("period section code name month level parent")),
        ("ratings", words("number")),
        (
            "job",
            words(
                "outbox fetch fetch_overdue deadlines digest weekly_list standing recompute calendar_missing expiry closing policies seal year_package fold_months unusual saved_reports cleaning files incoming mail_check",
            ),
        ),
        ("saved-period", SavedPeriod::MOVING.iter().map(|(_, code)| *code).collect()),
        ("saved-outcome", RunOutcome::ALL.iter().map(|outcome| outcome.code()).collect()),
        ("saved-format", SavedFormat::ALL.iter().map(|format| format.code()).collect()),
        ("saved-rhythm", words("never week month quarter year")),
        ("saved-weekday", words("1 2 3 4 5 6 7")),
        ("measure-state", MeasureState::ALL.iter().map(|state| state.code()).collect()),
        ("mail-decision", mail_decisions),
        ("mail-reason", mail_reasons),
        ("mail-sign", mail_signs),
        ("mail-automatic", mail_kinds),
        ("mail-report", mail_reports),
        ("mail-state", mail_states),
        ("left-out", left_out),
        ("mail-source", words("pipe folder imap other")),
        ("mail-part", words("new quoted signature")),
        ("policy-state", words("in_force later past replaced")),
        ("policy-clock", purposes.clone()),
        ("policy-clock-what", purposes.clone()),
        ("policy-to", recipients),
        ("policy-start", starts),
        ("policy-basis", words("working calendar")),
        ("policy-unit", words("working_days days office_hours office_minutes")),
        ("policy-when-choice", words("before used on_day after")),
        ("move-clock", purposes.clone()),
        ("move-line", purposes),
        ("shown", words(shown)),
        ("shown-sign", words(shown)),
        ("closure-span", words("day morning afternoon")),
        ("calendar-change", words("import close reopen")),
        ("calendar-do", words("import close reopen")),
        ("month", words("1 2 3 4 5 6 7 8 9 10 11 12")),
        ("account", words("active locked disabled must_change")),
        ("message-title", words(messages)),
        ("message-text", words(messages)),
        ("message-todo", words(messages)),
    ];
    let key = |prefix: &str, code: &str| format!("{prefix}-{}", code.replace('_', "-"));
    let mut keys: BTreeMap<String, Vec<String>> = lists
        .into_iter()
        .map(|(prefix, codes)| (prefix.to_owned(), codes.iter().map(|c| key(prefix, c)).collect()))
        .collect();
    // The dictionary of the open data: each entry with what it means.
    let fields = "year status table population row_variable row_code row_name_zh row_name_en column_variable column_code \
                  column_name_zh column_name_en count suppressed indicator question cases value";
    let [populations, variables, indicators] = all!(Population, Variable, IndicatorName);
    for (prefix, codes) in [
        ("open-population", populations),
        ("open-by", variables),
        ("open-indicator", indicators),
        ("open-field", words(fields)),
    ] {
        let of = codes.iter().flat_map(|code| [key(prefix, code), format!("{}-means", key(prefix, code))]);
        keys.insert(prefix.into(), of.collect());
    }
    keys.insert("queue-empty".into(), words(queues).iter().map(|q| format!("{}-empty", key("queue", q))).collect());
    keys
}

#[test]
fn both_locales_have_the_same_messages_with_the_same_arguments() {
    let [zh, en] = LOCALES.map(messages);
    let names = |m: &BTreeMap<String, String>| m.keys().cloned().collect::<BTreeSet<_>>();
    let only: Vec<String> = names(&zh).symmetric_difference(&names(&en)).cloned().collect();
    assert!(only.is_empty(), "in one locale only: {only:?}");
    for (key, message) in &zh {
        assert_eq!(arguments(message), arguments(&en[key]), "{key}");
    }
}

#[test]
fn whatever_is_named_exists() {
    let exists = messages("zh-TW");
    let mut named: Vec<(String, String)> = Vec::new();
    for (path, text) in files(&root("pages"), "hbs") {
        named.extend(["{{t \"", "(t \""].iter().flat_map(|b| after(&text, b)).map(|key| (path.clone(), key)));
        for prefix in ["{{term \"", "(term \""].iter().flat_map(|before| after(&text, before)) {
            assert!(closed_lists().contains_key(&prefix), "{path}: the list of {prefix} is not known");
        }
    }
    for (path, text) in files(&root("src"), "rs").into_iter().filter(|(path, _)| !path.ends_with("/tests.rs")) {
        for before in ["Message::new(\"", "refused(\"", " message = \""] {
            named.extend(after(&text, before).into_iter().map(|key| (path.clone(), key)));
        }
        for prefix in ["refused", "error", "notice", "login", "password"] {
            let literal = format!("\"{prefix}-");
            let codes = after(&text, &literal)
                .into_iter()
                .filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            named.extend(codes.map(|code| (path.clone(), format!("{prefix}-{code}"))));
        }
        let calls = text.split("FieldError::new(\"").skip(1).chain(text.split("Error::invalid(\"").skip(1));
        for call in calls {
            named.extend(call.split('"').nth(2).map(|key| (path.clone(), key.to_owned())));
        }
    }
    for (list, keys) in closed_lists() {
        named.extend(keys.into_iter().map(|key| (format!("list {list}"), key)));
    }
    let missing: Vec<_> = named.iter().filter(|(_, key)| !exists.contains_key(key)).collect();
    assert!(missing.is_empty(), "no such message: {missing:#?}");
}

#[test]
fn whatever_exists_is_named() {
    let mut named: BTreeSet<String> = closed_lists().into_values().flatten().collect();
    for (_, text) in files(&root("pages"), "hbs") {
        named.extend(["{{t \"", "(t \""].iter().flat_map(|before| after(&text, before)));
    }
    for sample in samples() {
        let text = sample.data.to_string();
        named.extend(["\"key\":\"", "_key\":\""].iter().flat_map(|before| after(&text, before)));
    }
    for (_, text) in files(&root("src"), "rs") {
        named.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        named.extend(after(&text, "\""));
    }
    let unused: Vec<String> = messages("zh-TW").into_keys().filter(|key| !named.contains(key)).collect();
    assert!(unused.is_empty(), "named nowhere: {unused:#?}");
}
