//! Paper letters other than replies: printed, posted, and marked so by whoever may; and what the history says of letters
//! and notices.

use chenqing::acts::watch;
use chenqing::domain::case::{Channel, ReplyBy};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::event::acts;
use chenqing::domain::time::{DAY, HOUR};
use chenqing::store::{events, letters};

use super::desk::{in_progress, open, petition, received, reply, sign_in};
use super::site::Site;
use crate::support::on_both;

/// A case in progress of somebody who is written to on paper; its number.
async fn on_paper(site: &Site) -> String {
    use chenqing::acts::enter::{Entry, enter};
    let mut petition = petition();
    (petition.channel, petition.reply_by) = (Channel::Letter, ReplyBy::Letter);
    (petition.email, petition.address) = (String::new(), "示範市示範路1號".into());
    let entry = Entry {
        petition,
        received_at: site.now(),
        incoming_ref: None,
        referring_agency: None,
        respondent_unit_id: None,
    };
    let registrar = site.person("d.registrar");
    let key = super::browser::key();
    let number = enter(site.office(), site.now(), &registrar, entry, &[], &key).unwrap().number;
    in_progress(site, &number, &sign_in(site, "d.registrar").await).await;
    number
}

on_both!(a_paper_letter_is_marked_as_posted, async |db| {
    let site = open(db);
    let number = on_paper(&site).await;
    let waiting: Vec<i64> = ["receipt", "assigned"].iter().map(|kind| site.letters(kind)[0].id).collect();
    let path = |id: i64| format!("/desk/letters/{id}/posted");
    // Offered to those who may, on the list and on the page of the case.
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    registrar.get("/desk/letters?state=to_post").await.is(200).has(&path(waiting[0])).has(&path(waiting[1]));
    handler.case(&number).await.is(200).has(&path(waiting[0])).has("登記已寄出");
    for username in ["d.handler2", "d.control", "d.auditor"] {
        let other = sign_in(&site, username).await;
        other.case(&number).await.is(200).has_not(&path(waiting[0]));
        other.post(&path(waiting[0]), &[]).await.is(403);
    }
    let control = sign_in(&site, "d.control").await;
    control.get("/desk/letters?state=to_post").await.is(200).has(&number).has_not("/posted\"");
    sign_in(&site, "d.foreign").await.post(&path(waiting[0]), &[]).await.is(404);
    assert_eq!(site.read(|db| letters::get(db, waiting[0])).state, LetterState::ToPost);

    // From the page of the case and from the list, back to where it was.
    site.wait(3600);
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let seen = handler.post(&path(waiting[0]), &[("back", "case")]).await;
    assert_eq!(seen.is(303).location, format!("/desk/cases/{number}"));
    handler.get(&seen.location).await.is(200).has("已登記寄出").has("信件寄出：收件通知").has_not(&path(waiting[0]));
    let seen = registrar.post(&path(waiting[1]), &[("back", "https://example.org/")]).await;
    assert_eq!(seen.is(303).location, "/desk/letters?state=to_post");
    registrar.get("/desk/letters?state=to_post").await.is(200).has("這裡沒有信件");
    for id in waiting {
        let letter = site.read(|db| letters::get(db, id));
        assert_eq!((letter.state, letter.sent_at), (LetterState::Posted, Some(site.now())));
        handler.post(&path(id), &[]).await.is(409);
    }
    let case = site.case(&number);
    let history = site.read(|db| events::of_case(db, case.id));
    assert_eq!(history.iter().filter(|event| event.act == acts::LETTER_SENT).count(), 2);
});

on_both!(a_paper_reply_is_posted_with_its_case, async |db| {
    let site = open(db);
    let number = on_paper(&site).await;
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
    supervisor.must(&site, &number, "approve", &[("result", "answered")]).await;
    let letter = site.letters("reply")[0].id;
    let path = format!("/desk/letters/{letter}/posted");
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.get("/desk/letters?state=to_post").await.is(200).has_not(&path).has("到案件頁登記寄出");
    registrar.post(&path, &[]).await.is(403).has("回復要在案件頁面登記寄出");
    assert_eq!(site.read(|db| letters::get(db, letter)).state, LetterState::ToPost);
    // It is not told by telephone.
    let told = [("told_how", "phone"), ("told_on", "2026-09-18"), ("record", "已告知。")];
    handler.act(&site, &number, "record_told", &told).await.is(403).has("以信件回復");
});

on_both!(the_history_says_which_notice_it_was, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    // Due Wednesday 30 September.
    site.wait(11 * DAY - 8 * HOUR);
    watch::watch(site.office(), site.now()).unwrap();
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.case(&number).await.is(200).has("時限通知：即將到期（回復期限").has_not("時限通知：已逾期");
    site.wait(6 * DAY);
    watch::watch(site.office(), site.now()).unwrap();
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.case(&number).await.is(200).has("時限通知：即將到期（回復期限").has("時限通知：已逾期（回復期限");
    registrar.get("/desk/locale/en").await.is(303);
    registrar
        .case(&number)
        .await
        .is(200)
        .has("Time limit notice: due soon (reply")
        .has("Time limit notice: overdue (reply");
});
