//! The letters as their readers get them: every kind in both languages against its snapshot, and what must
//! hold for all of them whatever the words.

mod control;
mod hostile;
mod overrides;
mod samples;

use std::sync::LazyLock;

use chenqing::domain::letter::{Audience, Letter, Locale};
use chenqing::domain::policy::ClockPurpose;
use chenqing::letters::{Letters, Rendered};
use jiff::civil::date;
use samples::{NUMBER, all, context};

fn letters() -> &'static Letters {
    static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::new(None).unwrap());
    &LETTERS
}

fn rendered() -> Vec<(Letter, Locale, Rendered)> {
    let letters = letters();
    let mut rendered = Vec::new();
    for &locale in Locale::ALL {
        for letter in all(locale) {
            let mail = letters.render(&letter, &context(&letter, locale)).unwrap();
            rendered.push((letter, locale, mail));
        }
    }
    rendered
}

/// What a reader sees of an HTML part: no head, no tags, entities as characters.
fn seen(html: &str) -> String {
    let body = html.split("<body>").nth(1).unwrap();
    let body = body.split_once("</div>").unwrap().1.replace("<li>", "<li>- ");
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    ["&lt;<", "&gt;>", "&quot;\"", "&#39;'", "&nbsp; ", "&amp;&"]
        .iter()
        .fold(text, |text, pair| text.replace(&pair[..pair.len() - 1], &pair[pair.len() - 1..]))
}

/// A text without white space and the marks that only one of the two parts has.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"【】—->|：:".contains(*c)).collect()
}

#[test]
fn every_letter_in_both_languages() {
    for (letter, locale, mail) in rendered() {
        let name = format!("{}-{}", letter.code(), locale.code());
        insta::assert_snapshot!(format!("{name}-text"), format!("Subject: {}\n\n{}", mail.subject, mail.text));
        let (head, rest) = mail.html.split_once("<style>").unwrap();
        let (_, body) = rest.split_once("</style>").unwrap();
        insta::assert_snapshot!(format!("{name}-html"), format!("{head}<style>…</style>{body}"));
    }
}

#[test]
fn kinds_are_stored_by_their_code_and_read_back() {
    for letter in all(Locale::ZhTw) {
        let stored = serde_json::to_value(&letter).unwrap();
        assert_eq!(stored["kind"], letter.code());
        assert_eq!(serde_json::from_value::<Letter>(stored).unwrap(), letter);
    }
    assert_eq!(all(Locale::ZhTw).len(), 34);
}

#[test]
fn text_and_html_say_the_same() {
    for (letter, locale, mail) in rendered() {
        let mut text = bare(&mail.text);
        let html = bare(&seen(&mail.html));
        let link = bare(&context(&letter, locale).link.unwrap());
        assert_eq!(text.matches(&link).count(), 1, "{} {locale:?}", letter.code());
        assert_eq!(html.matches(&link).count(), 1, "{} {locale:?}", letter.code());
        assert_eq!(mail.html.matches("<a ").count(), 1, "{} has one link", letter.code());
        // The HTML opens with the sender, which a text part has in its From line.
        let own = context(&letter, locale);
        text.insert_str(0, &bare(&format!("{}{}", own.agency_name, own.mailbox_name)));
        assert_eq!(text, html, "{} {locale:?}", letter.code());
    }
}

#[test]
fn subjects_are_one_line_and_end_with_the_number() {
    for (letter, locale, mail) in rendered() {
        assert!(!mail.subject.chars().any(char::is_control));
        let stored = serde_json::to_value(&letter).unwrap();
        if stored.get("number").is_some() {
            let end = if locale == Locale::ZhTw { format!("（{NUMBER}）") } else { format!("({NUMBER})") };
            assert!(mail.subject.ends_with(&end), "{}", mail.subject);
        }
    }
}

#[test]
fn nothing_is_fetched_and_no_date_is_left_raw() {
    for (letter, locale, mail) in rendered() {
        let html = mail.html.to_lowercase();
        for forbidden in ["<img", "<script", "url(", "<link", "@import", "<iframe", "<table", " on"] {
            // Lists of clocks are tables; nothing else is laid out with one.
            if forbidden == "<table" && ["digest", "weekly_list", "saved_report"].contains(&letter.code()) {
                continue;
            }
            // The charts of a saved report come with the letter itself.
            if forbidden == "<img" && letter.code() == "saved_report" {
                assert_eq!(html.matches("<img ").count(), html.matches("<img src=\"cid:").count());
                continue;
            }
            let found = html.split("<body>").nth(1).unwrap().contains(&format!("{forbidden}="));
            assert!(!found && (forbidden == " on" || !html.contains(forbidden)), "{forbidden} in {}", letter.code());
        }
        assert!(html.contains(&format!("<html lang=\"{}\">", locale.code().to_lowercase())));
        for raw in ["2026-", "T16:00", "{{", "}}", "null"] {
            assert!(!mail.text.contains(raw), "{raw} in {}", letter.code());
        }
    }
}

#[test]
fn years_in_chinese_are_those_of_the_republic() {
    let digits = |text: &str| -> String {
        let back: Vec<char> = text.trim_end().chars().rev().take_while(char::is_ascii_digit).collect();
        back.into_iter().rev().collect()
    };
    let mut found = 0;
    for (letter, _, mail) in rendered().into_iter().filter(|(_, locale, _)| *locale == Locale::ZhTw) {
        for text in [&mail.subject, &mail.text, &mail.html] {
            let before: Vec<&str> = text.split('年').collect();
            for year in before[..before.len() - 1].iter().map(|part| digits(part)).filter(|year| !year.is_empty()) {
                assert!(year.len() < 4, "{year} 年 in {}", letter.code());
                found += 1;
            }
        }
        assert!(letter.code() != "year_package" || mail.subject.starts_with("114 年"), "{}", mail.subject);
    }
    assert!(found > 50, "{found} years were looked at");
}

#[test]
fn officialese_stays_out() {
    for (letter, _, mail) in rendered() {
        for word in ["台端", "鈞長", "惠請", "茲因", "逕", "回覆", "，敬請鑒核"] {
            assert!(!mail.text.contains(word), "{word} in {}", letter.code());
        }
    }
}

#[test]
fn a_due_moment_at_midnight_prints_the_day_before() {
    let letter = all(Locale::ZhTw).into_iter().find(|letter| letter.code() == "reply").unwrap();
    let mail = letters().render(&letter, &context(&letter, Locale::ZhTw)).unwrap();
    assert!(bare(&mail.text).contains("115年10月6日（星期二）結束以前"));
    assert!(!bare(&mail.text).contains("10月7日"));
}

#[test]
fn without_link_or_code_nothing_is_sent() {
    for letter in all(Locale::En) {
        let mut bare = context(&letter, Locale::En);
        bare.link = None;
        assert!(letters().render(&letter, &bare).unwrap_err().contains("link"));
        let mut bare = context(&letter, Locale::En);
        bare.query_code = None;
        assert_eq!(letters().render(&letter, &bare).is_err(), letter.needs_query_code());
    }
}

#[test]
fn what_is_not_known_is_left_out_whole() {
    let due_on = date(2026, 9, 30);
    let (number, subject) = (NUMBER.to_owned(), "漁港噪音".to_owned());
    let received_at = samples::at("2026-09-18T01:30:00Z");
    let receipt = Letter::Receipt {
        number: number.clone(),
        subject: subject.clone(),
        body: "噪音".into(),
        received_at,
        due_on: None,
        unit: None,
    };
    let mut bare = context(&receipt, Locale::ZhTw);
    (bare.recipient_name, bare.hotline) = (None, String::new());
    let text = letters().render(&receipt, &bare).unwrap().text;
    assert!(text.starts_with("您好：") && !text.contains("回復期限") && !text.contains("緊急"));
    assert!(text.contains("分案以後") && text.contains("署長信箱，電話 02-0000-1111"));

    let unit = "北部分署".to_owned();
    let today = Letter::DueSoon {
        number,
        subject,
        unit,
        due_on,
        days_left: 0,
        handler: None,
        purpose: ClockPurpose::Reply,
        for_whom: None,
    };
    let mail = letters().render(&today, &context(&today, Locale::ZhTw)).unwrap();
    assert!(mail.subject.starts_with("今天到期：") && mail.text.contains("承辦人：尚未指定"));
}

#[test]
fn paper_is_for_petitioners_and_carries_address_date_and_signature() {
    let address = "202 基隆市中正區範例路 1 號\n3 樓";
    for &locale in Locale::ALL {
        for letter in all(locale) {
            let page = letters().paper(&letter, &context(&letter, locale), address, date(2026, 9, 29));
            let confirm = letter.code().starts_with("confirm");
            assert_eq!(page.is_ok(), letter.audience() == Audience::Petitioner && !confirm, "{}", letter.code());
            let Ok(page) = page else { continue };
            let day = if locale == Locale::ZhTw {
                "115 年 9 月 29 日（星期二）"
            } else {
                "29 September 2026 (Tuesday)"
            };
            assert!(page.contains(address) && page.contains(day) && page.contains(NUMBER) && page.contains("size: A4"));
            if letter.code() == "reply" {
                let signature = page.split("class=\"signature\"").nth(1).unwrap();
                assert!(
                    signature.contains("02-0000-1234")
                        && signature.contains(if locale == Locale::ZhTw { "林書瑜" } else { "Lin Shu-yu" })
                );
                insta::assert_snapshot!(format!("paper-reply-{}", locale.code()), page);
            }
        }
    }
}

#[test]
fn a_paper_reply_without_a_link_does_not_ask_for_one() {
    let reply = all(Locale::ZhTw).into_iter().find(|letter| letter.code() == "reply").unwrap();
    let mut bare = context(&reply, Locale::ZhTw);
    bare.link = None;
    let page = letters().paper(&reply, &bare, "基隆市", date(2026, 9, 29)).unwrap();
    assert!(!page.contains("滿意") && !page.contains("<a ") && page.contains("敬祝平安順心"));
}
