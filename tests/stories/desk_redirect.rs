//! A letter that did not reach the petitioner goes to another address: by whom, to where, and what the history says.

use chenqing::domain::delivery::LetterState;
use chenqing::domain::event::acts;
use chenqing::post::deliver;
use chenqing::store::{events, letters, parties};

use super::browser::key;
use super::desk::{in_progress, open, petition, received, sign_in};
use super::site::Site;
use crate::support::on_both;

fn set(site: &Site, id: i64, to: LetterState) {
    let from = site.read(|db| letters::get(db, id)).state;
    site.office().store.write(move |db| letters::set_state(db, id, from, to, None, None)).unwrap();
}

fn email(site: &Site, number: &str) -> String {
    let case = site.case(number);
    site.read(|db| parties::open(db, &site.office().keys, case.party_id)).email
}

on_both!(a_failed_letter_goes_to_the_address_the_petitioner_told, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let id = site.letters("assigned")[0].id;
    set(&site, id, LetterState::Failed);
    let handler = sign_in(&site, "d.handler").await;
    let path = format!("/desk/letters/{id}");
    handler.case(&number).await.is(200).has(&path);
    let address = format!("{path}/address");
    handler.get(&path).await.is(200).has("寄不出去").has(&address).has("再寄一次").has_not("lin@example.org");

    // What is no address is told beside its field, and nothing is done. The key stays.
    let first = handler.get(&path).await.value("idempotency_key");
    let before = site.traces();
    let seen =
        handler.post(&address, &[("email", "new.lin@"), ("from_now_on", "true"), ("idempotency_key", &first)]).await;
    assert_eq!(seen.is(422).has("new.lin@").wrong_fields(), ["email"]);
    assert_eq!((site.traces(), seen.value("idempotency_key")), (before, first.clone()));

    let fields = [("email", " New.Lin@example.org "), ("from_now_on", "true"), ("idempotency_key", &first)];
    let seen = handler.post(&address, &fields).await;
    let new = site.letters("assigned")[1].id;
    assert_eq!(seen.is(303).location, format!("/desk/letters/{new}"));
    handler.get(&seen.location).await.is(200).has("信件會立刻寄到新的信箱").has("等候寄出").has_not("New.Lin");
    assert_eq!(email(&site, &number), "New.Lin@example.org");
    let [old, copy] = [id, new].map(|id| site.read(|db| letters::get(db, id)));
    assert_eq!(
        (old.state, copy.state, copy.next_try_at),
        (LetterState::Cancelled, LetterState::Waiting, Some(site.now()))
    );
    assert!(copy.to_sealed.is_none() && copy.data == old.data && copy.message_id != old.message_id);
    handler.post(&address, &[("email", "other@example.org"), ("idempotency_key", &key())]).await.is(409);
    handler.post(&address, &[("email", "other@example.org"), ("idempotency_key", &first)]).await.is(422);
    handler.post(&address, &[("email", "other@example.org")]).await.is(422);

    let case = site.case(&number);
    let history = site.read(|db| events::of_case(db, case.id));
    let event = history.iter().find(|event| event.act == acts::LETTER_REDIRECTED).unwrap();
    assert!(event.staff_id.is_some() && !event.facts.to_lowercase().contains("lin@"), "{}", event.facts);
    assert!(event.facts.contains(&format!("\"new_letter\":{new}")), "{}", event.facts);
    handler.case(&number).await.has("信件改寄到其他信箱：分案通知");
    deliver(&site.app.post, &site.app.clock).unwrap();
    assert_eq!(site.read(|db| letters::get(db, new)).state, LetterState::Sent);
});

on_both!(one_letter_alone_goes_elsewhere, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let id = site.letters("receipt")[0].id;
    set(&site, id, LetterState::Sent);
    let registrar = sign_in(&site, "d.registrar").await;
    let address = format!("/desk/letters/{id}/address");
    let form = registrar.get(&format!("/desk/letters/{id}")).await.value("idempotency_key");
    let fields = [("email", "friend@example.org"), ("idempotency_key", form.as_str())];
    let seen = registrar.post(&address, &fields).await;
    // Sent once more by an impatient hand, the form leads to the same letter.
    let case = site.case(&number);
    let redirected = || {
        let history = site.read(|db| events::of_case(db, case.id));
        history.iter().filter(|event| event.act == acts::LETTER_REDIRECTED).count()
    };
    assert_eq!((site.letters("receipt").len(), redirected()), (2, 1));
    let again = registrar.post(&address, &fields).await;
    assert_eq!(again.is(303).location, seen.location);
    assert_eq!((site.letters("receipt").len(), redirected()), (2, 1));
    registrar.get(&seen.is(303).location).await.is(200).has("只有這封信寄到另外指定的信箱").has_not("friend");
    assert_eq!(email(&site, &number), "lin@example.org", "other letters go where they went");
    let copy = site.letters("receipt").pop().unwrap();
    assert_eq!(copy.own_address(&site.office().keys).unwrap().as_deref(), Some("friend@example.org"));
    assert_eq!(site.read(|db| letters::get(db, id)).state, LetterState::Sent, "what was sent was sent");
});

on_both!(letters_without_a_petitioner_s_case_go_nowhere_else, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let registrar = sign_in(&site, "d.registrar").await;
    let for_staff = site.letters("case_for_unit")[0].id;
    let confirm = site.letters("confirm")[0].id;
    for id in [for_staff, confirm, 9999] {
        registrar.post(&format!("/desk/letters/{id}/address"), &[("email", "lin@example.org")]).await.is(404);
    }
    // One that is being sent at this moment is waited for.
    let id = site.letters("assigned")[0].id;
    set(&site, id, LetterState::Sending);
    registrar.get(&format!("/desk/letters/{id}")).await.is(200).has_not("/address");
    let fields = [("email", "lin@example.org"), ("idempotency_key", &*key())];
    registrar.post(&format!("/desk/letters/{id}/address"), &fields).await.is(409);
    assert_eq!(site.letters("assigned").len(), 1);
});
