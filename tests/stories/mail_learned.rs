//! Message-IDs that a relay rewrote: learned from what proves by a signature of ours which letter or case it is about, and
//! from nothing else; afterwards answers join by them, from whoever fits.

use chenqing::domain::delivery::LetterState;
use chenqing::domain::incoming::{MessageState as S, Reason};
use chenqing::domain::time::DAY;
use chenqing::post::address::mark;
use chenqing::store::letters;

use super::desk::{in_progress, petition, received, sign_in};
use super::mail_post::{VOUCHED, mail, mail_site, report};
use super::site::Site;
use crate::support::{TestDb, on_both};

const MAILBOX: &str = "mailbox@agency.example.tw";
const JOINED: [Reason; 2] = [Reason::AnswersLetter, Reason::SenderFits];

async fn at_work(db: &TestDb) -> (Site, String) {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    (site, number)
}

/// An answer to a Message-ID that came to the plain mailbox; what became of it, and why.
fn answer(site: &Site, id: &str) -> (S, Vec<Reason>) {
    let row = site.arrives(&mail(&format!("In-Reply-To: <{id}>\n"), MAILBOX, "Re: x", "還是不亮。"));
    (row.state, row.reasons())
}

on_both!(a_report_to_the_return_address_teaches_the_letter_s_id, async |db| {
    let (site, number) = at_work(db).await;
    let (letter, _) = site.sent("assigned");
    assert_eq!(answer(&site, "assigned@relay.example.org").0, S::Pen, "nobody knows it yet");
    let to = site.app.post.addresses().returns_to(&site.office().keys, letter.id).unwrap().unwrap();
    let row = site.arrives(&report(&to, "delayed", "4.4.1", "<assigned@relay.example.org>"));
    assert_eq!((row.state, row.letter_id), (S::Noted, Some(letter.id)));
    assert_eq!(answer(&site, "assigned@relay.example.org"), (S::Appended, JOINED.to_vec()));
    // A person who does not fit joins by it no more than by an id of ours.
    let stranger = mail("References: <x@y.example> <assigned@relay.example.org>\n", MAILBOX, "Re: x", "我也是。");
    let row = site.arrives(&stranger.replace("lin@example.org", "other@example.org"));
    assert_eq!((row.state, row.reasons()), (S::Pen, vec![Reason::AnswersLetter, Reason::SenderDoesNotFit]));
    assert_eq!(row.suggested_case_id, Some(site.case(&number).id));
    // And a report that names only this id is about that letter.
    site.arrives(&report(MAILBOX, "failed", "5.1.1", "<assigned@relay.example.org>"));
    assert_eq!(site.read(|db| letters::get(db, letter.id)).state, LetterState::Failed);
});

on_both!(our_mark_in_what_came_back_teaches, async |db| {
    let (site, _) = at_work(db).await;
    let (letter, _) = site.sent("assigned");
    let mark = mark(&site.office().keys, letter.id).unwrap();
    let returned =
        |mark: &str, id: &str| report(MAILBOX, "delayed", "4.4.1", &format!("<{id}>\nX-Chenqing-Letter: {mark}"));
    let row = site.arrives(&returned(&mark, "marked@relay.example.org"));
    assert_eq!((row.state, row.letter_id), (S::Noted, Some(letter.id)));
    assert_eq!(answer(&site, "marked@relay.example.org").0, S::Appended);
    let forged = format!("{}{mark}", if mark.starts_with('a') { 'b' } else { 'a' });
    site.arrives(&returned(&forged, "forged@relay.example.org"));
    assert_eq!(answer(&site, "forged@relay.example.org").0, S::Pen);
});

on_both!(an_answer_to_the_signed_address_teaches, async |db| {
    let (site, number) = at_work(db).await;
    let (to, headers) = (site.reply_address(&number), "In-Reply-To: <answered@relay.example.org>\n");
    assert_eq!(site.arrives(&mail(headers, &to, "Re: x", "編號是 A-17。")).state, S::Appended);
    assert_eq!(answer(&site, "answered@relay.example.org"), (S::Appended, JOINED.to_vec()));
    // Without In-Reply-To it is the last of the references that is answered.
    let headers = "References: <older@relay.example.org> <last@relay.example.org>\n";
    site.arrives(&mail(headers, &to, "Re: x", "又及。"));
    assert_eq!(answer(&site, "last@relay.example.org").0, S::Appended);
    assert_eq!(answer(&site, "older@relay.example.org").0, S::Pen);
});

on_both!(nothing_else_teaches, async |db| {
    let (site, number) = at_work(db).await;
    let (_, ours) = site.sent("assigned");
    let to = site.reply_address(&number);
    let with = |id: &str, more: &str, to: &str| {
        mail(&format!("{more}In-Reply-To: <{id}@relay.example.org>\n"), to, "Re: x", "我寫的。")
    };
    // A stranger, a forged sender, a made-up address; an answer by one of our ids, which no signature proves.
    site.arrives(&with("stranger", "", &to).replace("lin@example.org", "other@example.org"));
    site.arrives(&with("forged", &VOUCHED.replace("dmarc=pass", "dmarc=fail"), &to));
    site.arrives(&with("made-up", "", &to.replace("+c.", "+c.a")));
    let beside = format!("In-Reply-To: {ours} <beside@relay.example.org>\n");
    assert_eq!(site.arrives(&mail(&beside, MAILBOX, "Re: x", "兩封。")).state, S::Appended);
    site.arrives(&report(MAILBOX, "delayed", "4.4.1", "<unsigned@relay.example.org>"));
    assert_eq!(site.count("learned_ids"), 0);
    for id in ["stranger", "forged", "made-up", "beside", "unsigned"] {
        assert_eq!(answer(&site, &format!("{id}@relay.example.org")).0, S::Pen, "{id}");
    }
    // Who was first stands: the id of this case does not lead to another one.
    site.arrives(&with("first", "", &to));
    let other = received(&site, petition());
    site.arrives(&with("first", "", &site.reply_address(&other)));
    let row = site.arrives(&mail("In-Reply-To: <first@relay.example.org>\n", MAILBOX, "Re: x", "哪一件？"));
    assert_eq!((row.state, row.case_id), (S::Appended, Some(site.case(&number).id)));
});

on_both!(what_was_learned_of_a_submission_does_not_keep_it, async |db| {
    let site = mail_site(db, |_| {});
    site.arrives(&mail(VOUCHED, MAILBOX, "路燈", "不亮"));
    let (letter, _) = site.sent("confirm");
    let to = site.app.post.addresses().returns_to(&site.office().keys, letter.id).unwrap().unwrap();
    site.arrives(&report(&to, "failed", "5.1.1", "<confirm@relay.example.org>"));
    assert_eq!(site.count("learned_ids"), 1);
    site.wait(40 * DAY);
    chenqing::acts::clean::clean(site.office(), site.now(), 30).unwrap();
    assert_eq!((site.count("submissions"), site.count("learned_ids")), (0, 0));
});
