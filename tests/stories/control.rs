//! Control: warnings that come once and are told in the morning, deputies, reminders with their explanation, the control
//! officer's page and the weekly list. The case of these stories is received on Friday 18 September 2026 at 17:30 and due
//! on Wednesday 30 September; Friday 25 and Monday 28 September are off.

use std::thread;

use chenqing::acts::absence::{self, Leave};
use chenqing::acts::{Office, digest, watch, weekly_list, withdraw};
use chenqing::domain::closure::{Closure, WHOLE_DAY};
use chenqing::domain::letter::Letter;
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::store::letters::LetterRow;
use chenqing::store::{closures, reference};

use super::desk::{complain_of, id_of, in_progress, open, petition, received, sign_in};
use super::site::Site;
use crate::support::on_both;

/// Two working days before the last day, half past eight in Taipei.
const BEFORE: &str = "2026-09-24T00:30:00Z";
const LAST_DAY: &str = "2026-09-30T00:30:00Z";
/// The first working day after it.
const AFTER: &str = "2026-10-01T00:30:00Z";

pub fn go_to(site: &Site, text: &str) {
    site.app.clock.set(Moment::from_jiff(text.parse().unwrap()));
}

/// A site with one case in the hands of `d.handler`; its number.
pub async fn at_work(db: &crate::support::TestDb) -> (Site, String) {
    let site = open(db);
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    (site, number)
}

/// Runs a job on several nodes at the same time; what they did together.
fn nodes(site: &Site, job: fn(&Office, Moment) -> Result<usize>) -> usize {
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let (office, now) = (site.office().clone(), site.now());
            thread::spawn(move || job(&office, now).unwrap())
        })
        .collect();
    runs.into_iter().map(|run| run.join().unwrap()).sum()
}

/// Who a letter of a kind went to, by user name.
fn readers(site: &Site, kind: &str) -> Vec<String> {
    let name = |row: &LetterRow| {
        let id = row.staff_id.unwrap();
        site.read(|db| Ok(chenqing::store::staff::get(db, id)?.username))
    };
    let mut names: Vec<String> = site.letters(kind).iter().map(name).collect();
    names.sort();
    names
}

fn on_leave(site: &Site, who: &str, deputy: Option<&str>, (from, to): (&str, &str)) {
    let person = site.person(who);
    let leave = Leave {
        staff_id: person.id,
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        deputy_id: deputy.map(|name| site.person(name).id),
    };
    absence::enter(site.office(), site.now(), &person, &leave).unwrap();
}

on_both!(a_warning_comes_once_and_is_told_in_one_letter_a_morning, async |db| {
    let (site, number) = at_work(db).await;
    go_to(&site, "2026-09-24T00:29:59Z");
    assert_eq!((nodes(&site, watch::watch), nodes(&site, digest::digest)), (0, 0));
    go_to(&site, BEFORE);
    assert_eq!(nodes(&site, watch::watch), 1, "four nodes, one warning");
    assert_eq!(site.count("warnings"), 3);
    assert!(site.letters("digest").is_empty() && site.letters("due_soon").is_empty(), "nothing one by one");
    assert_eq!(nodes(&site, digest::digest), 3, "four nodes, one letter a person");
    assert_eq!(readers(&site, "digest"), ["d.handler", "d.supervisor", "supervisor"]);
    let Letter::Digest { overdue, today, soon, more } = site.letters("digest")[0].letter().unwrap() else { panic!() };
    assert_eq!((overdue.len(), today.len(), soon.len(), more), (0, 0, 1, 0));
    assert_eq!((soon[0].number.as_str(), soon[0].days, soon[0].handler.as_deref()), (&*number, 2, Some("王範例")));
    assert_eq!((soon[0].due_on.to_string().as_str(), soon[0].purpose.code()), ("2026-09-30", "reply"));

    // Urgent on the last day: at once, to the handler alone.
    go_to(&site, LAST_DAY);
    assert_eq!(nodes(&site, watch::watch), 1);
    assert_eq!(readers(&site, "due_soon"), ["d.handler"]);
    assert_eq!(nodes(&site, digest::digest), 0);
    go_to(&site, AFTER);
    assert_eq!(nodes(&site, digest::digest), 4, "it sweeps by itself");
    assert_eq!(site.letters("digest").len(), 7);
    let newest = site.letters("digest").pop().unwrap().letter().unwrap();
    assert!(matches!(newest, Letter::Digest { overdue, .. } if overdue.len() == 1 && overdue[0].days == 1));
    // Three days over the same people again, five days over the head as well.
    go_to(&site, "2026-10-05T00:30:00Z");
    assert_eq!(nodes(&site, digest::digest), 4);
    go_to(&site, "2026-10-07T06:00:00Z");
    assert_eq!(nodes(&site, digest::digest), 5);
    assert!(readers(&site, "digest").contains(&"d.manager".to_owned()));
    let page = sign_in(&site, "d.control").await.case(&number).await;
    page.is(200).has("已逾期（回復期限，逾期第5個工作天）").has("即將到期（回復期限，到期當天）");
});

on_both!(nothing_is_said_at_night_on_days_off_or_while_the_office_is_shut, async |db| {
    let (site, _) = at_work(db).await;
    // The program was away in the morning of the 24th; that night, on the holiday and at the weekend it says nothing.
    for quiet in ["2026-09-24T14:00:00Z", "2026-09-25T02:00:00Z", "2026-09-26T02:00:00Z", "2026-09-28T03:00:00Z"] {
        go_to(&site, quiet);
        let said = nodes(&site, watch::watch) + nodes(&site, digest::digest) + nodes(&site, weekly_list::weekly_list);
        assert_eq!(said, 0, "{quiet}");
    }
    // On Tuesday the office opens at eight; the letters are the morning's, at half past.
    go_to(&site, "2026-09-29T00:00:00Z");
    assert_eq!((nodes(&site, watch::watch), nodes(&site, digest::digest)), (1, 0));
    // A typhoon shuts the office from nine on.
    let day = "2026-09-29".parse().unwrap();
    site.office()
        .store
        .write(move |db| {
            let shut = Closure {
                region: String::new(),
                date: day,
                from_minute: 9 * 60,
                to_minute: WHOLE_DAY,
                reason: "颱風".into(),
            };
            closures::insert(db, &shut, 0, None, Moment(0))?;
            reference::touch(db)
        })
        .unwrap();
    go_to(&site, "2026-09-29T01:00:00Z");
    assert_eq!(nodes(&site, digest::digest), 0);
    // The next morning it is told, as what it is by then: the last day.
    go_to(&site, LAST_DAY);
    assert_eq!(nodes(&site, digest::digest), 3);
    let Letter::Digest { today, soon, .. } = site.letters("digest")[0].letter().unwrap() else { panic!() };
    assert_eq!((today.len(), soon.len()), (1, 0));
});

on_both!(what_was_finished_or_moved_before_the_morning_is_not_told, async |db| {
    let (site, moved) = at_work(db).await;
    let registrar = sign_in(&site, "d.registrar").await;
    let done = received(&site, petition());
    in_progress(&site, &done, &registrar).await;
    go_to(&site, BEFORE);
    assert_eq!(nodes(&site, watch::watch), 2);
    let (case, who) = (site.case(&done), site.person("d.registrar"));
    withdraw::by_staff(site.office(), site.now(), &who, case.id, case.version, "陳情人來電撤回").unwrap();
    let supervisor = sign_in(&site, "d.supervisor").await;
    supervisor.must(&site, &moved, "extend", &[("until", "2026-10-07"), ("reason", "等候材料")]).await;
    assert_eq!(nodes(&site, digest::digest), 0);
    // What it is due on now warns anew, two working days before.
    go_to(&site, "2026-10-05T00:30:00Z");
    assert_eq!(nodes(&site, digest::digest), 3);
    let Letter::Digest { soon, .. } = site.letters("digest")[0].letter().unwrap() else { panic!() };
    assert_eq!((soon.len(), soon[0].number.as_str()), (1, &*moved));
});

on_both!(who_stands_in_is_told_and_for_whom, async |db| {
    let site = open(db);
    on_leave(&site, "d.handler", Some("d.handler2"), ("2026-09-18", "2026-09-30"));
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    // What is given to somebody stays theirs: the deputy hears of it as well.
    assert_eq!(readers(&site, "case_for_unit"), ["d.handler", "d.handler2"]);
    let whom = |row: &LetterRow| match row.letter().unwrap() {
        Letter::CaseForUnit { for_whom, .. } | Letter::DueSoon { for_whom, .. } => for_whom,
        _ => panic!("another letter"),
    };
    let told: Vec<_> = site.letters("case_for_unit").iter().map(whom).collect();
    assert_eq!(told, [None, Some("王範例".to_owned())]);

    go_to(&site, BEFORE);
    assert_eq!(nodes(&site, digest::digest), 3);
    assert_eq!(readers(&site, "digest"), ["d.handler2", "d.supervisor", "supervisor"]);
    let lines: Vec<_> = site.letters("digest").iter().map(|row| row.letter().unwrap()).collect();
    let stands_in = |letter: &Letter| matches!(letter, Letter::Digest { soon, .. } if soon[0].for_whom.as_deref() == Some("王範例"));
    assert_eq!(lines.iter().filter(|letter| stands_in(letter)).count(), 1);
    // Urgent: the letter of its own says it too.
    go_to(&site, LAST_DAY);
    nodes(&site, watch::watch);
    assert_eq!(readers(&site, "due_soon"), ["d.handler2"]);
    assert_eq!(whom(&site.letters("due_soon")[0]).as_deref(), Some("王範例"));
    // Back at work.
    go_to(&site, AFTER);
    nodes(&site, digest::digest);
    assert_eq!(readers(&site, "digest").iter().filter(|name| *name == "d.handler").count(), 1);
});

on_both!(a_ring_of_deputies_or_none_leads_to_the_supervisors, async |db| {
    let (site, _) = at_work(db).await;
    let days = ("2026-09-18", "2026-09-30");
    on_leave(&site, "d.handler", Some("d.handler2"), days);
    on_leave(&site, "d.handler2", Some("d.handler"), days);
    on_leave(&site, "d.supervisor", None, days);
    go_to(&site, LAST_DAY);
    // Urgent and for the handler alone: the one supervisor who is there stands in.
    nodes(&site, watch::watch);
    assert_eq!(readers(&site, "due_soon"), ["supervisor"]);
    // Somebody falls ill between the sweep and the letters: what waits goes on to the supervisor, once.
    go_to(&site, AFTER);
    assert_eq!(nodes(&site, watch::watch), 1);
    on_leave(&site, "d.handler", None, ("2026-10-01", "2026-10-01"));
    assert_eq!(nodes(&site, digest::digest), 3);
    assert_eq!(readers(&site, "digest"), ["d.control", "d.supervisor", "supervisor"]);
});

on_both!(leave_is_entered_for_oneself_or_by_a_supervisor, async |db| {
    let site = open(db);
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    let foreign = sign_in(&site, "d.foreign.supervisor").await;
    let (me, deputy) = (id_of(&site, "d.handler"), id_of(&site, "d.handler2"));
    handler.get("/desk/absences").await.is(200).has("沒有登記中的請假").has_not("李外人");
    let own = [("from", "2026-09-21"), ("to", "2026-09-22"), ("deputy_id", &*deputy)];
    let seen = handler.post("/desk/absences", &own).await;
    handler.get(&seen.is(303).location).await.is(200).has("由趙範例代理").has("取消請假");
    supervisor.get("/desk/absences").await.is(200).has("由趙範例代理");
    foreign.get("/desk/absences").await.is(200).has_not("趙範例代理");
    // Nobody enters another's leave but their supervisor; nobody ends it but those two.
    for (worker, status) in [(&supervisor, 303), (&foreign, 403)] {
        let of_handler = [("staff_id", &*me), ("from", "2026-10-12"), ("to", "2026-10-12")];
        worker.post("/desk/absences", &of_handler).await.is(status);
    }
    let other = id_of(&site, "d.supervisor");
    handler
        .post("/desk/absences", &[("staff_id", &*other), ("from", "2026-10-12"), ("to", "2026-10-12")])
        .await
        .is(403);
    foreign.post("/desk/absences/1/end", &[]).await.is(403);
    for (fields, said) in [
        ([("from", ""), ("to", "2026-09-22")], "請填寫正確的日期"),
        ([("from", "2026-09-22"), ("to", "2026-09-21")], "最後一天不能早於第一天"),
        ([("from", "2026-09-01"), ("to", "2026-09-02")], "最後一天已經過去"),
        ([("from", "2026-09-21"), ("to", "2028-09-21")], "請假期間太長"),
    ] {
        handler.post("/desk/absences", &fields).await.is(422).has(said);
    }
    let stranger = id_of(&site, "d.foreign");
    let wrong = [("from", "2026-09-21"), ("to", "2026-09-22"), ("deputy_id", &*stranger)];
    handler.post("/desk/absences", &wrong).await.is(422).has("請選擇同一分署或單位");
    assert_eq!(site.count("absences"), 2);
    // Ended on the second day: from today on the person is there again.
    go_to(&site, "2026-09-22T01:00:00Z");
    let handler = sign_in(&site, "d.handler").await;
    handler.post("/desk/absences/1/end", &[]).await.is(303);
    assert_eq!(
        site.read(|db| Ok(crate::support::rows::number(
            db,
            "SELECT CAST(to_day AS BIGINT) AS n FROM absences WHERE id = 1"
        ))),
        20_260_921
    );
    handler.post("/desk/absences/1/end", &[]).await.is(404);
    handler.post("/desk/absences/2/end", &[]).await.is(303);
    assert_eq!(site.count("absences"), 1);
});

on_both!(the_control_officer_asks_and_the_handler_explains, async |db| {
    let (site, number) = at_work(db).await;
    go_to(&site, "2026-10-02T02:00:00Z");
    let control = sign_in(&site, "d.control").await;
    let page = control.get("/desk/control").await;
    page.is(200)
        .has(&number)
        .has("回復期限")
        .has("王範例")
        .has("已逾期2個工作天")
        .has(&format!("/desk/cases/{number}/remind_handler"));
    control.get("/desk/control?state=soon").await.is(200).has("沒有符合條件的期限");
    control.get("/desk/control?purpose=ceiling").await.is(200).has_not(&number);
    let (supervisor, manager) = (sign_in(&site, "d.supervisor").await, sign_in(&site, "d.manager").await);
    for worker in [&supervisor, &manager] {
        worker.get("/desk/control").await.is(200).has(&number).has_not("remind_handler");
    }
    sign_in(&site, "d.foreign.supervisor").await.get("/desk/control").await.is(200).has_not(&number);
    let handler = sign_in(&site, "d.handler").await;
    for worker in [&supervisor, &handler] {
        worker.act(&site, &number, "remind_handler", &[]).await.is(403).has("只有研考人員可以稽催");
    }
    handler
        .act(&site, &number, "explain_delay", &[("explanation", "等候會勘")])
        .await
        .is(403)
        .has("沒有等待說明的稽催");

    let seen =
        control.act(&site, &number, "remind_handler", &[("note", "陳情人來電詢問。"), ("back", "control")]).await;
    assert_eq!(seen.is(303).location, "/desk/control");
    control
        .get("/desk/control")
        .await
        .is(200)
        .has("已稽催，請於115/10/06前說明")
        .has_not(&format!("/desk/cases/{number}/remind_handler"));
    assert_eq!(readers(&site, "reminder"), ["d.handler", "d.supervisor", "supervisor"]);
    let Letter::Reminder { days_over, explain_by, note, asked_by, .. } = site.letters("reminder")[0].letter().unwrap()
    else {
        panic!()
    };
    assert_eq!(
        (days_over, explain_by.to_string().as_str(), &*note, &*asked_by),
        (2, "2026-10-06", "陳情人來電詢問。", "張研考")
    );
    // Once while an answer may still come; again when the days have passed.
    control.act(&site, &number, "remind_handler", &[]).await.is(403).has("已經稽催過");
    handler.case(&number).await.is(200).has("張研考稽催（回復期限），請於115/10/06前說明原因").has("陳情人來電詢問。");
    go_to(&site, "2026-10-07T02:00:00Z");
    let (control, handler) = (sign_in(&site, "d.control").await, sign_in(&site, "d.handler").await);
    control.must(&site, &number, "remind_handler", &[]).await;
    sign_in(&site, "d.handler2")
        .await
        .act(&site, &number, "explain_delay", &[("explanation", "不是我的")])
        .await
        .is(403);
    handler.act(&site, &number, "explain_delay", &[("explanation", " ")]).await.is(422).has("請填寫說明");
    let page =
        handler.must(&site, &number, "explain_delay", &[("explanation", "等候會勘，預定 10 月 12 日回復。")]).await;
    page.has("逾期說明").has("預定 10 月 12 日回復").has_not("請於115/10/12前說明原因");
    let page = control.get("/desk/control").await;
    page.is(200).has("王範例於115/10/07說明").has("預定 10 月 12 日回復").has("remind_handler");
    control.get("/desk/control/weekly").await.is(200).has("單位主管簽章").has("預定 10 月 12 日回復");
    let case = site.case(&number);
    let history = site.read(|db| chenqing::store::events::of_case(db, case.id));
    assert_eq!(history.iter().filter(|event| event.act == "remind_handler" || event.act == "explain_delay").count(), 3);
});

on_both!(whoever_stands_in_explains_while_the_handler_is_away, async |db| {
    let (site, number) = at_work(db).await;
    go_to(&site, "2026-10-02T02:00:00Z");
    let (control, deputy) = (sign_in(&site, "d.control").await, sign_in(&site, "d.handler2").await);
    control.must(&site, &number, "remind_handler", &[]).await;
    let (form, why) =
        (format!("/desk/cases/{number}/explain_delay"), [("explanation", "會勘改期，預定 10 月 7 日回復。")]);
    deputy.case(&number).await.is(200).has_not(&form);
    deputy.act(&site, &number, "explain_delay", &why).await.is(403);
    // Away without a deputy is no reason for a colleague; named as deputy, they are asked.
    on_leave(&site, "d.handler", None, ("2026-10-02", "2026-10-02"));
    deputy.act(&site, &number, "explain_delay", &why).await.is(403);
    on_leave(&site, "d.handler", Some("d.handler2"), ("2026-10-02", "2026-10-05"));
    deputy.case(&number).await.is(200).has(&form);
    deputy.must(&site, &number, "explain_delay", &why).await.has("會勘改期").has_not(&form);
    control.get("/desk/control").await.is(200).has("趙範例於115/10/02說明").has("會勘改期");
    // Back at work it is the handler's again.
    go_to(&site, "2026-10-07T02:00:00Z");
    let (control, deputy) = (sign_in(&site, "d.control").await, sign_in(&site, "d.handler2").await);
    control.must(&site, &number, "remind_handler", &[]).await;
    deputy.act(&site, &number, "explain_delay", &why).await.is(403);
});

on_both!(the_weekly_list_goes_out_once_on_the_first_office_morning, async |db| {
    let (site, number) = at_work(db).await;
    // Nobody registers a second one: due on Monday the 21st.
    let unread = received(&site, petition());
    go_to(&site, "2026-09-28T01:00:00Z");
    assert_eq!(nodes(&site, weekly_list::weekly_list), 0, "Monday is off");
    go_to(&site, "2026-09-29T00:29:00Z");
    assert_eq!(nodes(&site, weekly_list::weekly_list), 0, "not yet morning");
    go_to(&site, "2026-09-29T00:30:00Z");
    assert_eq!(nodes(&site, weekly_list::weekly_list), 1);
    assert_eq!(readers(&site, "weekly_list"), ["d.control"]);
    for later in ["2026-09-29T03:00:00Z", "2026-10-01T01:00:00Z"] {
        go_to(&site, later);
        assert_eq!(nodes(&site, weekly_list::weekly_list), 0, "{later}");
    }
    go_to(&site, "2026-10-05T00:30:00Z");
    assert_eq!(nodes(&site, weekly_list::weekly_list), 3);
    let (id, lists) = (site.person("d.supervisor").id, site.letters("weekly_list"));
    let theirs = lists.iter().find(|row| row.staff_id == Some(id)).unwrap();
    let Letter::WeeklyList { week_of, count, unexplained, units, .. } = theirs.letter().unwrap() else { panic!() };
    assert_eq!((week_of.to_string().as_str(), count, unexplained, units.len()), ("2026-10-05", 1, 0, 1));
    assert_eq!(units[0].lines[0].number, number);

    // Whoever is complained of in person never sees the case.
    complain_of(&site, &number, "d.supervisor");
    go_to(&site, "2026-10-12T00:30:00Z");
    assert_eq!(nodes(&site, weekly_list::weekly_list), 2);
    assert_eq!(site.letters("weekly_list").iter().filter(|row| row.staff_id == Some(id)).count(), 1);

    let control = sign_in(&site, "d.control").await;
    control.get("/desk/control/weekly").await.is(200).has(&number).has(&unread).has("登記期限");
    let file = control.get("/desk/control/weekly.csv").await;
    let text = file.is(200).text();
    assert!(text.starts_with('\u{feff}') && text.contains(&number) && text.contains("回復期限"), "{text}");
    let foreign = sign_in(&site, "d.foreign.supervisor").await.get("/desk/control/weekly.csv").await;
    assert_eq!(foreign.is(200).text().lines().count(), 1, "the heading alone");
});
