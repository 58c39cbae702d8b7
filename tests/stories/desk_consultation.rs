//! Another unit is asked for its part: it sees the matter and not the person, has its own list and clock, and its answer
//! comes back to the handler.

use chenqing::domain::asking::ConsultationState;
use chenqing::domain::case::State;
use chenqing::domain::policy::ClockPurpose;
use chenqing::store::{clocks, consultations};

use super::desk::{CLASS, id_of, in_progress, open, petition, received, reply, sign_in, unit};
use crate::support::on_both;

on_both!(asked_seen_answered, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let (foreign, head) = (sign_in(&site, "d.foreign").await, sign_in(&site, "d.foreign.supervisor").await);
    let colleague = sign_in(&site, "d.handler2").await;
    in_progress(&site, &number, &registrar).await;
    foreign.case(&number).await.is(404);
    let (north, patrol) = (unit(&site, "north"), unit(&site, "patrol"));
    let own = unit(&site, "logistics_ships");
    for (unit, question, wrong) in [
        ("", "請提供巡查紀錄。", "consult-unit_id"),
        (own.as_str(), "請提供巡查紀錄。", "consult-unit_id"),
        (north.as_str(), " ", "consult-question"),
    ] {
        let seen = handler.act(&site, &number, "consult", &[("unit_id", unit), ("question", question)]).await;
        assert_eq!(seen.is(422).wrong_fields(), [wrong]);
    }
    let ask = |unit: &str| {
        vec![("unit_id".to_owned(), unit.to_owned()), ("question".into(), "請提供北堤的巡查紀錄。".into())]
    };
    for unit in [&north, &patrol] {
        let fields = ask(unit);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        handler.must(&site, &number, "consult", &fields).await.has("會辦中").has("請提供北堤的巡查紀錄。");
    }
    let fields = [("unit_id", north.as_str()), ("question", "再問一次。")];
    assert_eq!(handler.act(&site, &number, "consult", &fields).await.is(422).wrong_fields(), ["consult-unit_id"]);

    // Two working days for a normal case; the head of the unit is told.
    let case = site.case(&number);
    let asked = site.read(|db| consultations::open(db, case.id));
    let clock = site.read(|db| clocks::get(db, asked[0].clock_id));
    assert_eq!((clock.purpose, clock.unit_id), (ClockPurpose::CoHandling, Some(asked[0].unit_id)));
    assert_eq!(clock.due_at.to_string(), "2026-09-22T16:00:00Z");
    let told = site.letters("consultation_asked");
    assert!(told.iter().any(|letter| letter.staff_id == Some(site.person("d.foreign.supervisor").id)));

    // Its people see the matter in a list of their own, never the person; and do nothing else to it.
    foreign.get("/desk?queue=co-handling").await.is(200).has(&number).has("115/09/22");
    foreign.get("/desk?queue=unit").await.is(200).has_not(&number);
    let page = foreign.case(&number).await;
    page.is(200).has("請提供北堤的巡查紀錄。").has("送出會辦意見").has_not("林示範");
    foreign.act(&site, &number, "identity", &[("reason", "x")]).await.is(403);
    let id = asked[0].id.to_string();
    let mut all = fields.to_vec();
    all.extend([("note", "註記"), ("until", "2026-10-07"), ("reason", "x"), ("consultation_id", &id)]);
    for act in ["note", "consult", "withdraw_consultation", "extend", "ask_extension", "ask_supplement", "draft"] {
        foreign.act(&site, &number, act, &all).await.is(403);
    }
    // Submitted before all have answered it is not, by whoever it is.
    handler.write(&site, &number, "submit_reply", reply()).await.is(403).has("會辦中");
    handler.write(&site, &number, "draft", reply()).await.is(303);

    let other = asked[1].id.to_string();
    let answer = [("consultation_id", id.as_str()), ("answer", "近一個月巡查12次。")];
    for worker in [&handler, &colleague, &registrar] {
        worker.act(&site, &number, "answer_consultation", &answer).await.is(403);
    }
    foreign.act(&site, &number, "answer_consultation", &[("consultation_id", &other), ("answer", "x")]).await.is(403);
    let empty = [("consultation_id", id.as_str()), ("answer", "")];
    let seen = foreign.act(&site, &number, "answer_consultation", &empty).await;
    assert_eq!(seen.is(422).wrong_fields(), ["answer_consultation-answer"]);
    foreign.must(&site, &number, "answer_consultation", &answer).await.has("近一個月巡查12次。");
    assert_eq!(site.case(&number).state, State::Consulting);
    let letter = site.letters("consultation_answered").pop().unwrap();
    assert_eq!(letter.staff_id, Some(site.person("d.handler").id));
    foreign.act(&site, &number, "answer_consultation", &answer).await.is(403);
    foreign.get("/desk?queue=co-handling").await.is(200).has_not(&number);
    // What was asked once is still seen.
    head.case(&number).await.is(200).has_not("林示範");

    handler.act(&site, &number, "withdraw_consultation", &[("consultation_id", &id)]).await.is(422);
    handler.must(&site, &number, "withdraw_consultation", &[("consultation_id", &other)]).await.has("辦理中");
    let rows = site.read(|db| consultations::of_case(db, case.id));
    let states: Vec<ConsultationState> = rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [ConsultationState::Answered, ConsultationState::Withdrawn]);
    for row in rows {
        assert_eq!(site.read(|db| clocks::get(db, row.clock_id)).finished_at, Some(site.now()));
    }
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
});

on_both!(the_unit_complained_of_is_not_asked_without_the_control_officer, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let control = sign_in(&site, "d.control").await;
    in_progress(&site, &number, &registrar).await;
    let north = unit(&site, "north");
    let mut class = CLASS.clone();
    class.push(("respondent_unit_id", &north));
    registrar.must(&site, &number, "classify", &class).await;
    let fields = [("unit_id", north.as_str()), ("question", "請說明。")];
    handler.act(&site, &number, "consult", &fields).await.is(403).has("被陳情的單位");
    sign_in(&site, "d.foreign").await.case(&number).await.is(404);
    control.must(&site, &number, "consult", &fields).await.has("會辦中");
    let foreign = sign_in(&site, "d.foreign").await;
    foreign.case(&number).await.is(200).has_not("林示範");
    foreign.act(&site, &number, "identity", &[("reason", "x")]).await.is(403);
});

on_both!(what_waits_ends_and_changes_hands_as_any_case, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    let north = unit(&site, "north");
    handler.must(&site, &number, "consult", &[("unit_id", &north), ("question", "請提供紀錄。")]).await;
    handler.must(&site, &number, "ask_supplement", &[("question", "請補充地點。")]).await.has("待補正");
    // Both at once: it waits for the petitioner first, then for the unit.
    let (ships, other) = (unit(&site, "logistics"), id_of(&site, "d.handler2"));
    registrar.must(&site, &number, "assign", &[("unit_id", &ships), ("handler_id", &other)]).await.has("待補正");
    let colleague = sign_in(&site, "d.handler2").await;
    colleague.must(&site, &number, "supplement_given", &[("answer", "北堤。")]).await.has("會辦中");
    assert_eq!(site.letters("supplement_given").pop().unwrap().staff_id, Some(site.person("d.handler2").id));
    registrar.must(&site, &number, "withdraw", &[("reason", "陳情人來電撤回。")]).await.has("結案");
    let case = site.case(&number);
    let asked = site.read(|db| consultations::of_case(db, case.id)).remove(0);
    assert_eq!(asked.state, ConsultationState::Withdrawn);
    assert!(site.read(|db| clocks::running(db, case.id)).is_empty());
    sign_in(&site, "d.foreign").await.get("/desk?queue=co-handling").await.has_not(&number);
});
