//! Incoming mail from its bytes to what the clerk sees: a new petition, an answer that joins its case, reports and
//! automatic mail noted on their letters, and what nothing comes of.

use chenqing::config::MailAccept;
use chenqing::domain::case::{Channel, State};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::incoming::{MessageState as S, Reason};
use chenqing::domain::submission::SubmissionState;
use chenqing::domain::time::DAY;
use chenqing::post::incoming::intake;
use chenqing::store::{attachments, events, letters, messages, submissions};

use super::browser::Browser;
use super::desk::{in_progress, petition, received, sign_in};
use super::mail_post::{VOUCHED, mail, mail_site, report};
use super::site::Site;
use crate::support::on_both;

/// The acts of a case's history.
fn history(site: &Site, number: &str) -> Vec<String> {
    let case = site.case(number);
    site.read(|db| events::of_case(db, case.id)).into_iter().map(|event| event.act).collect()
}

const WITH_FILES: &str = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"x\"\n\n\
    --x\nContent-Type: text/plain; charset=utf-8\n\n堤防的路燈不亮，已經三天。\n\
    --x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"a.pdf\"\n\n%PDF-1.7\n\
    --x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"run.exe\"\n\nMZ-not-for-cases\n--x--\n";

on_both!(a_message_becomes_a_petition_that_its_sender_confirms, async |db| {
    let site = mail_site(db, |_| {});
    let raw = format!(
        "{VOUCHED}From: =?UTF-8?B?5p6X5rW3?= <lin@example.org>\nTo: mailbox@agency.example.tw\nSubject: {}\n{WITH_FILES}",
        "路燈不亮"
    );
    let row = site.arrives(&raw);
    assert_eq!((row.state, row.reasons()), (S::NewSubmission, vec![Reason::SenderAuthenticated]));
    let submission = site.read(|db| submissions::get(db, row.submission_id.unwrap()));
    assert_eq!((submission.channel, submission.state), (Channel::Email, SubmissionState::Unconfirmed));
    assert_eq!(site.letters("confirm").len(), 1);

    // The same bytes by another way: one message, two receipts, and nothing more comes of it.
    let again = site.store("imap:mailbox", "7/31", raw.as_bytes());
    assert_eq!((again.message_id, again.new), (row.id, false));
    assert!(!site.store("imap:mailbox", "7/31", raw.as_bytes()).new, "fetched once more after a crash");
    assert_eq!(intake::all(&site.app, site.now()), Ok(0));
    assert_eq!((site.count("messages"), site.count("receipts"), site.count("submissions")), (1, 2, 1));

    let registrar = sign_in(&site, "d.registrar").await;
    let ledger = registrar.get("/desk/mail").await;
    ledger
        .is(200)
        .has("路燈不亮")
        .has("林海 &lt;lin@example.org&gt;")
        .has("成為陳情")
        .has("等陳情人確認")
        .has("另外收到 1 次");
    let number = site.confirm(&Browser::at(&site.base)).await;
    let case = registrar.case(&number).await;
    case.is(200).has("堤防的路燈不亮").has("a.pdf").has("電子郵件");
    case.has("1 個附件沒有收進案件（不收這種檔案）：run.exe。原始信件裡仍有。").has(&format!("/desk/mail/{}", row.id));
    let page = registrar.get(&format!("/desk/mail/{}", row.id)).await;
    page.is(200).has(&number).has("只留在原始信件裡").has("7/31").has("IMAP");
    page.has("1 個附件沒有收進案件（不收這種檔案）：run.exe。原始信件裡仍有。").has_not("lin@example.org");
    let file = registrar.post(&format!("/desk/mail/{}/files/2", row.id), &[]).await;
    assert_eq!(
        (file.is(200).body.as_slice(), file.header("content-type")),
        (&b"MZ-not-for-cases"[..], "application/octet-stream")
    );
});

on_both!(another_message_with_a_used_message_id_is_another_message, async |db| {
    let site = mail_site(db, |_| {});
    let one = mail(VOUCHED, "mailbox@agency.example.tw", "路燈", "不亮");
    let other = one.replace("不亮", "又不亮");
    let (one, other) = (site.arrives(&one), site.arrives(&other));
    assert!(one.id != other.id && one.header_id == other.header_id && one.header_id.is_some());
    assert_eq!(site.messages_in(S::NewSubmission), 2);
});

on_both!(where_it_is_so_configured_it_is_a_case_at_once, async |db| {
    let site = mail_site(db, |config| config.mail.incoming.accept = MailAccept::AtOnce);
    let row = site.arrives(&mail(VOUCHED, "mailbox@agency.example.tw", "路燈", "不亮"));
    assert_eq!((row.state, site.count("cases")), (S::NewSubmission, 1));
    assert!(row.case_id.is_some());
    assert_eq!((site.letters("receipt").len(), site.letters("confirm").len()), (1, 0));
});

on_both!(one_sender_opens_only_so_many_a_day, async |db| {
    let site = mail_site(db, |config| config.mail.incoming.per_sender = 2);
    let next = || site.arrives(&mail(VOUCHED, "mailbox@agency.example.tw", "路燈", "不亮")).reasons();
    assert_eq!([next(), next()], [vec![Reason::SenderAuthenticated], vec![Reason::SenderAuthenticated]]);
    assert_eq!(next(), [Reason::TooMany, Reason::SenderAuthenticated]);
    assert_eq!((site.messages_in(S::Pen), site.letters("confirm").len()), (1, 2));
    site.wait(DAY + 1);
    assert_eq!(next(), [Reason::SenderAuthenticated]);
});

on_both!(an_answer_joins_its_case_and_the_handler_is_told, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let text = "燈還是不亮。\n\n於 2026年9月18日 週五 上午9:00 首長信箱 <mailbox@agency.example.tw> 寫道：\n> 我們會派員查看。";
    let row = site.arrives(&mail("", &site.reply_address(&number), "Re: 已分案", text));
    assert_eq!((row.state, row.reasons()), (S::Appended, vec![Reason::SignedReply, Reason::SenderFits]));
    assert_eq!(row.case_id, Some(site.case(&number).id));
    assert_eq!(history(&site, &number).last().unwrap(), "mail_joined");
    let told = site.letters("mail_joined");
    assert_eq!((told.len(), told[0].staff_id), (1, Some(site.person("d.handler").id)));
    let handler = sign_in(&site, "d.handler").await;
    let page = handler.case(&number).await;
    page.is(200)
        .has("燈還是不亮")
        .has("引用的舊信")
        .has("我們會派員查看")
        .has("電子郵件併入案件")
        .has_not("lin@example.org");

    // By the letter it answers, without a signed address.
    let (_, id) = site.sent("assigned");
    let headers = format!("In-Reply-To: {id}\nReferences: {id}\n");
    let row = site.arrives(&mail(&headers, "mailbox@agency.example.tw", "Re: x", "再補充一點。"));
    assert_eq!((row.state, row.reasons()), (S::Appended, vec![Reason::AnswersLetter, Reason::SenderFits]));
    // And by that message of their own.
    let headers = format!("In-Reply-To: <{}>\n", row.header_id.unwrap());
    assert_eq!(site.arrives(&mail(&headers, "mailbox@agency.example.tw", "Re: x", "還有。")).state, S::Appended);
    assert_eq!(site.case(&number).state, State::InProgress);
});

on_both!(nobody_else_joins_by_it, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    let to = site.reply_address(&number);
    let stranger = mail("", &to, "x", "我也是。").replace("lin@example.org", "other@example.org");
    let row = site.arrives(&stranger);
    assert_eq!((row.state, row.reasons()), (S::Pen, vec![Reason::SignedReply, Reason::SenderDoesNotFit]));
    assert_eq!(row.suggested_case_id, Some(site.case(&number).id));
    // A made-up signature, a number in a subject, a forged sender.
    let forged = to.replace("+c.", "+c.a");
    assert_eq!(site.arrives(&mail("", &forged, "x", "y")).reasons(), [Reason::SignatureWrong]);
    let named = site.arrives(&mail(VOUCHED, "mailbox@agency.example.tw", &format!("案件 {number}"), "y"));
    assert_eq!((named.reasons(), named.suggested_case_id), (vec![Reason::NumberInSubject], row.suggested_case_id));
    let fail = VOUCHED.replace("dmarc=pass", "dmarc=fail");
    assert_eq!(site.arrives(&mail(&fail, &to, "x", "y")).reasons(), [Reason::SenderForged]);
    assert_eq!(site.arrives(&mail("", "mailbox@agency.example.tw", "x", "y")).state, S::Pen);
    assert!(!history(&site, &number).contains(&"mail_joined".to_owned()));
    assert_eq!((site.messages_in(S::Pen), site.count("submissions")), (5, 1));
});

on_both!(a_case_that_waits_takes_it_as_its_supplement, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    let handler = sign_in(&site, "d.handler").await;
    handler.must(&site, &number, "ask_supplement", &[("question", "請告訴我們路燈的編號。")]).await;
    let row = site.arrives(&mail("", &site.reply_address(&number), "Re: 補正", "編號是 A-17。"));
    assert_eq!((row.state, row.text_id), (S::Appended, None));
    assert_eq!(site.case(&number).state, State::InProgress);
    assert_eq!(site.letters("supplement_given").len(), 1);
    handler.case(&number).await.is(200).has("編號是 A-17").has("陳情人補正");
});

on_both!(what_a_case_does_not_take_over_is_named_there, async |db| {
    let site = mail_site(db, |config| config.attachments.max_files = 1);
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let handler = sign_in(&site, "d.handler").await;
    let two = WITH_FILES.replace(
        "\n--x--",
        "\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"b.pdf\"\n\n%PDF-1.7\n--x--",
    );
    let raw = |subject: &str| {
        format!("From: <lin@example.org>\nTo: {}\nSubject: {subject}\n{two}", site.reply_address(&number))
    };
    let row = site.arrives(&raw("Re: 1"));
    assert_eq!((row.state, row.left_out().len()), (S::Appended, 2));
    let case = handler.case(&number).await;
    case.is(200).has("a.pdf").has("不收這種檔案）：run.exe").has("超過件數上限）：b.pdf");
    // The ledger is not for handlers.
    case.has_not("/desk/mail/");
    handler.browser.get("/desk/locale/en").await.is(303);
    handler.case(&number).await.has("1 attachment was not taken over (type not allowed): run.exe. ");

    // As a supplement it is no entry of its own.
    handler.must(&site, &number, "ask_supplement", &[("question", "請提供照片。")]).await;
    let row = site.arrives(&raw("Re: 2"));
    assert_eq!((row.state, row.text_id), (S::Appended, None));
    assert_eq!(handler.case(&number).await.is(200).text().matches("run.exe").count(), 2);
});

on_both!(a_finished_case_stays_finished_and_the_registry_desk_is_told, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    registrar.must(&site, &number, "withdraw", &[("reason", "陳情人來電撤回")]).await;
    let row = site.arrives(&mail("", &site.reply_address(&number), "Re: x", "謝謝。"));
    assert_eq!((row.state, site.case(&number).state), (S::Appended, State::Closed));
    let readers: Vec<_> = site.letters("mail_joined").iter().filter_map(|letter| letter.staff_id).collect();
    assert!(readers.contains(&site.person("d.registrar").id) && readers.contains(&site.person("d.handler").id));
});

on_both!(a_letter_that_comes_back_has_failed, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    let (letter, id) = site.sent("assigned");
    // The relay wrote its own Message-ID; the address it came back to says which letter it was.
    let to = site.app.post.addresses().returns_to(&site.office().keys, letter.id).unwrap().unwrap();
    let told = report(&to, "failed", "5.1.1", "<rewritten@relay.example.org>");
    let row = site.arrives(&told.replace("\n\nReport.\n", "\n\n<lin@example.org>: no such user here\n"));
    assert_eq!((row.state, row.letter_id), (S::Noted, Some(letter.id)));
    let letter = site.read(|db| letters::get(db, letter.id));
    assert_eq!(letter.state, LetterState::Failed);
    let error = letter.error.unwrap();
    assert!(error.starts_with("bounced: ") && error.contains("550") && !error.contains("lin@"), "{error}");
    assert_eq!(history(&site, &number).last().unwrap(), "letter_failed");
    let handler = sign_in(&site, "d.handler").await;
    handler.get(&format!("/desk/letters/{}", letter.id)).await.is(200).has("信件寄出後被退回").has("信件無法送達");
    // The report repeats whom the letter went to; the registrar reads it in full once the look is logged.
    let registrar = sign_in(&site, "d.registrar").await;
    let (page, before) = (format!("/desk/mail/{}", row.id), site.count("identity_views"));
    registrar.get(&page).await.is(200).has("@example.org").has_not("lin@example.org");
    registrar.post(&format!("{page}/identity"), &[]).await.is(200).has("lin@example.org");
    assert_eq!(site.count("identity_views"), before + 1);

    // The report once more changes nothing; one for the moment is a line only; one about nobody's letter is ignored.
    site.arrives(&report("mailbox@agency.example.tw", "failed", "5.1.1", &id));
    let (receipt, id) = site.sent("receipt");
    site.arrives(&report("mailbox@agency.example.tw", "delayed", "4.4.1", &id));
    assert_eq!(site.read(|db| letters::get(db, receipt.id)).state, LetterState::Sent);
    handler.case(&number).await.has("信件有回報：延遲");
    let echo = site.arrives(&report("mailbox@agency.example.tw", "failed", "5.1.1", "<x@elsewhere.example>"));
    assert_eq!((echo.state, echo.reasons()[1]), (S::Ignored, Reason::Backscatter));
});

on_both!(a_report_that_nothing_proves_fails_no_letter, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    let (letter, id) = site.sent("assigned");
    let state = |id: i64| site.read(|db| letters::get(db, id)).state;
    // It names our letter, and another recipient than the letter's.
    let forged = report("mailbox@agency.example.tw", "failed", "5.1.1", &id).replace("lin@", "other@");
    let row = site.arrives(&forged);
    assert_eq!((row.state, row.reasons()), (S::Pen, vec![Reason::DeliveryFailed, Reason::ReportNotProven]));
    assert_eq!((row.letter_id, row.suggested_case_id, state(letter.id)), (Some(letter.id), None, LetterState::Sent));
    assert!(!history(&site, &number).contains(&"letter_failed".to_owned()));
    registrar
        .get("/desk/mail/pen")
        .await
        .is(200)
        .has("退信沒有本系統的簽章")
        .has(&format!("/desk/letters/{}", letter.id))
        .has_not("/join");
    // The mark of another letter proves nothing; its own does.
    let marked = |letter: i64| {
        let mark = chenqing::post::address::mark(&site.office().keys, letter).unwrap();
        forged.replace("\nMessage-ID: <", &format!("\nX-Chenqing-Letter: {mark}\nMessage-ID: <"))
    };
    let receipt = site.letters("receipt")[0].id;
    assert_ne!(marked(receipt), forged);
    assert_eq!((site.arrives(&marked(receipt)).state, state(letter.id)), (S::Pen, LetterState::Sent));
    assert_eq!((site.arrives(&marked(letter.id)).state, state(letter.id)), (S::Noted, LetterState::Failed));

    // A letter that went elsewhere fails by that address, not by the petitioner's own.
    let (keys, now) = (site.office().keys.clone(), site.now());
    let copy = move |db: &mut chenqing::store::Db| letters::copy(db, &keys, &letter, Some("friend@example.org"), now);
    site.office().store.write(copy).unwrap();
    let (letter, id) = site.sent("assigned");
    let own = report("mailbox@agency.example.tw", "failed", "5.1.1", &id);
    assert_eq!((site.arrives(&own).state, state(letter.id)), (S::Pen, LetterState::Sent));
    let row = site.arrives(&own.replace("lin@", "Friend@"));
    assert_eq!((row.state, state(letter.id)), (S::Noted, LetterState::Failed));
});

on_both!(a_confirmation_mail_that_comes_back_brings_the_submission_to_the_registry_desk, async |db| {
    let site = mail_site(db, |_| {});
    site.arrives(&mail(VOUCHED, "mailbox@agency.example.tw", "路燈", "不亮"));
    let (letter, id) = site.sent("confirm");
    let row = site.arrives(&report("mailbox@agency.example.tw", "failed", "5.1.1", &id));
    assert_eq!(row.letter_id, Some(letter.id));
    let submission = site.read(|db| submissions::get(db, letter.submission_id.unwrap()));
    assert_eq!(submission.state, SubmissionState::Bounced);
    // When it is purged, what opened it and what came back about it do not stand in the way.
    site.wait(40 * DAY);
    chenqing::acts::clean::clean(site.office(), site.now(), 30).unwrap();
    assert_eq!((site.count("submissions"), site.count("messages"), site.count("message_counts")), (0, 1, 1));
    assert_eq!(site.message(row.id).letter_id, None);
});

on_both!(automatic_mail_is_a_line_and_is_never_answered, async |db| {
    let site = mail_site(db, |_| {});
    let number = received(&site, petition());
    let (letter, id) = site.sent("receipt");
    let before = site.count("letters");
    let headers = format!("{VOUCHED}Auto-Submitted: auto-replied\nIn-Reply-To: {id}\n");
    let row = site.arrives(&mail(&headers, "mailbox@agency.example.tw", "自動回覆：不在辦公室", "下週一回來。"));
    assert_eq!((row.state, row.letter_id), (S::Noted, Some(letter.id)));
    assert_eq!(history(&site, &number).last().unwrap(), "mail_noted");
    // The letter's page says what came, and leads there whoever may look at it.
    let page = format!("/desk/letters/{}", letter.id);
    let seen = sign_in(&site, "d.registrar").await.get(&page).await;
    seen.is(200).has("自動回覆").has_not("自動信件不回覆").has(&format!("/desk/mail/{}", row.id));
    sign_in(&site, "d.manager").await.get(&page).await.is(200).has("自動回覆").has_not("/desk/mail/");
    let unrelated = format!("{VOUCHED}Auto-Submitted: auto-replied\n");
    assert_eq!(site.arrives(&mail(&unrelated, "mailbox@agency.example.tw", "自動回覆：x", "y")).state, S::Ignored);
    // Our own letter that goes round in a circle.
    assert_eq!(
        site.arrives(&mail("X-Chenqing-Letter: abc\n", "mailbox@agency.example.tw", "x", "y")).state,
        S::Ignored
    );
    assert_eq!((site.count("letters"), site.count("submissions")), (before, 1));
});

on_both!(spam_waits_and_goes_and_a_count_stays, async |db| {
    let site = mail_site(db, |_| {});
    let row = site.arrives(&mail(&format!("{VOUCHED}X-Spam-Flag: YES\n"), "mailbox@agency.example.tw", "x", "買藥"));
    assert_eq!((row.state, row.reasons()), (S::Spam, vec![Reason::Spam]));
    let clean = |site: &Site| chenqing::acts::clean::clean(site.office(), site.now(), 30).unwrap();
    site.wait(29 * DAY);
    clean(&site);
    assert_eq!(site.count("messages"), 1);
    site.wait(2 * DAY);
    clean(&site);
    assert_eq!((site.count("messages"), site.count("receipts"), site.count("message_counts")), (0, 0, 1));
    let (orphans, now) = (site.read(|db| attachments::orphans(db, site.now(), 9)), site.now());
    assert_eq!(orphans, [row.sha256]);
    assert_eq!(chenqing::acts::collect::collect(&site.office().store, &site.app.files, now).unwrap().files, 1);
    assert_eq!(site.read(|db| messages::newest(db, None, 9)).len(), 0);
});
