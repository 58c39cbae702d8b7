//! What a letter looks like on its way: its headers and nothing else's, both parts, its link, its files, and the same
//! bytes whichever way it leaves.

use chenqing::domain::case::{Channel, Kind, ReplyBy, State};
use chenqing::domain::letter::Letter;
use chenqing::domain::link::{Link, Purpose};
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::reply::ReplyState;
use chenqing::post::{Trouble, deliver};
use chenqing::store::attachments::{Carrier, StoredFile, attach};
use chenqing::store::cases::{self, NewCase};
use chenqing::store::letters::Recipient;
use chenqing::store::replies::{self, NewReply};
use chenqing::store::texts;
use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::refusals::staff;
use super::server::Server;
use super::world::{Place, START, World, header, headers, notice, worlds, worlds_and_places};

const HOSTILE: [&str; 6] = [
    "噪音\r\nBcc: victim@example.org",
    "noise\nBcc: victim@example.org\n\nbody",
    "a\rBcc: victim@example.org",
    "x\u{2028}Bcc: victim@example.org\u{85}X-More: y",
    "=?utf-8?q?=0D=0ABcc:_victim@example.org?=",
    "\"王\" <victim@example.org>,\0 \u{202e}x; boundary=\"\r\n.\r\nMAIL FROM:<a@b.tw>\r\n",
];

#[test]
fn hostile_words_make_no_header_and_no_recipient() {
    let expected = [
        "Date",
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Message-ID",
        "Content-Language",
        "X-Chenqing-Letter",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ];
    for (world, place) in worlds_and_places() {
        for (n, words) in HOSTILE.iter().enumerate() {
            let party = world.party(&format!("citizen{n}@example.org"), words);
            world.owe_to(Recipient::Party(party), notice(words), "zh-TW");
        }
        let mut config = place.config(&world.config);
        config.mail.from_name = HOSTILE.concat();
        config.mail.connections = 1;
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        assert_eq!(deliver(&post, &world.clock).unwrap().sent.len(), HOSTILE.len());
        let arrived = place.arrived();
        assert_eq!(arrived.len(), HOSTILE.len());
        for (n, letter) in arrived.iter().enumerate() {
            assert_eq!(letter.to, format!("citizen{n}@example.org"));
            let names: Vec<String> = headers(&letter.bytes).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, expected);
            whole(&letter.bytes);
            let message = MessageParser::default().parse(&letter.bytes).unwrap();
            let froms: Vec<_> = message.from().unwrap().iter().filter_map(|from| from.address()).collect();
            assert_eq!(froms, [super::world::FROM]);
            let subject = message.subject().unwrap();
            assert!(!subject.contains(['\r', '\n']) && subject.contains("1150000012-3"), "{subject}");
        }
    }
}

/// Lines end in CRLF and nothing but lines of less than 1,000 ASCII characters travels.
fn whole(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.len() < 998 && !line.contains(['\r', '\n', '\0'])));
}

#[test]
fn a_notice_in_both_languages_is_what_its_reader_expects() {
    for (world, place) in worlds_and_places() {
        let party = world.party("lin@example.org", "王小明");
        let first = world.owe_to(
            Recipient::Party(party),
            notice("夜間噪音擾人，已經連續三個星期，請派員查處並告知處理情形"),
            "zh-TW",
        );
        let second = world.owe_to(Recipient::Party(party), notice("Noise at night"), "en");
        let staff = staff(&world, "desk@agency.example.tw");
        let letter = Letter::DueSoon {
            number: "1150000012-3".into(),
            subject: "夜間噪音".into(),
            unit: "第三岸巡隊".into(),
            due_on: jiff::civil::date(2026, 9, 30),
            days_left: 2,
            handler: None,
            purpose: ClockPurpose::Reply,
            for_whom: None,
        };
        let link = Link { purpose: Purpose::Desk, row: 12, nonce: String::new(), expires_at: START };
        let third = world.owe_with(Recipient::Staff(staff), letter, "zh-TW", move |new| new.link = Some(link.clone()));
        world.deliver(&place);
        let mut arrived = place.arrived();
        let place_of = |id| [first, second, third].iter().position(|owed| world.row(*owed).message_id == id);
        arrived.sort_by_key(|letter| place_of(header(&letter.bytes, "Message-ID")));
        for (letter, (language, link, agency)) in arrived.iter().zip([
            ("zh-TW", "https://mailbox.example.tw/status", "海巡署"),
            ("en", "https://mailbox.example.tw/en/status", "Coast Guard"),
            ("zh-TW", "https://mailbox.example.tw/desk/cases/12", "海巡署"),
        ]) {
            whole(&letter.bytes);
            assert_eq!(header(&letter.bytes, "Content-Language").unwrap(), language);
            assert_eq!(header(&letter.bytes, "Date").unwrap(), "Fri, 18 Sep 2026 01:30:00 +0000");
            let message = MessageParser::default().parse(&letter.bytes).unwrap();
            assert_eq!(message.from().unwrap().first().unwrap().name(), Some("署長信箱"));
            let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
            assert!(text.contains(link) && html.contains(link), "{text}");
            assert!(text.contains(agency) && html.contains(agency));
            assert!(html.starts_with("<!DOCTYPE html>") && !text.contains('<'));
            let id = message.message_id().unwrap();
            assert!(id.ends_with("@agency.example.tw"), "{id}");
        }
        assert_eq!(arrived.len(), 3);
    }
}

#[test]
fn the_link_of_a_confirmation_opens_what_it_is_for() {
    for (world, place) in worlds_and_places() {
        let party = world.party("lin@example.org", "王小明");
        let link = Link { purpose: Purpose::Confirm, row: 7, nonce: "once".into(), expires_at: START.plus_seconds(60) };
        let letter = Letter::Confirm { subject: "夜間噪音".into(), expires_at: link.expires_at };
        let stored = link.clone();
        world.owe_with(Recipient::Party(party), letter, "en", move |new| new.link = Some(stored.clone()));
        assert_eq!(world.deliver(&place).sent.len(), 1);
        let bytes = &place.arrived()[0].bytes;
        let message = MessageParser::default().parse(bytes).unwrap();
        let text = message.body_text(0).unwrap();
        let token = text.split("https://mailbox.example.tw/en/c/").nth(1).unwrap();
        let token = token.split_whitespace().next().unwrap();
        assert_eq!(world.keys.read_token(Purpose::Confirm, token), Some(link));
    }
}

/// An approved reply with these files, and the letter that carries it.
fn owe_reply(world: &World, files: &[(&'static str, &'static str, &[u8])]) -> (i64, i64) {
    let (author, party) = (staff(world, "handler@agency.example.tw"), world.party("lin@example.org", "王小明"));
    let kept: Vec<StoredFile> = files
        .iter()
        .map(|(name, media_type, bytes)| StoredFile {
            sha256: world.files.put(bytes).unwrap(),
            name: (*name).into(),
            media_type: (*media_type).into(),
            size: i64::try_from(bytes.len()).unwrap(),
        })
        .collect();
    let store = move |db: &mut chenqing::store::Db| {
        let text_id = texts::insert(db, "內容")?;
        let case = NewCase {
            code_digest: None,
            version: 1,
            state: State::Replied,
            channel: Channel::Web,
            kind: Kind::Rights,
            category: None,
            speed_class: None,
            confidential: false,
            party_id: party,
            subject: "夜間噪音".into(),
            text_id,
            place: String::new(),
            locale: "zh-TW".into(),
            reply_by: ReplyBy::Email,
            submission_id: None,
            round: 1,
            received_at: START,
            received_month: 202_609,
            original_due_at: None,
            due_at: None,
            extended: false,
        };
        let case_id = cases::insert(db, &case, START)?;
        let reply = NewReply {
            case_id,
            round: 1,
            version: 1,
            state: ReplyState::Approved,
            text_id,
            legal_basis: String::new(),
            author_id: author,
            created_at: START,
            updated_at: START,
            return_reason: String::new(),
            nonce: "once".into(),
        };
        let reply_id = replies::insert(db, &reply)?;
        for file in &kept {
            let until = START.plus_seconds(60);
            chenqing::store::attachments::lease(db, file, START, until)?;
        }
        attach(db, &kept, Carrier::Reply(reply_id), START)?;
        Ok((case_id, reply_id))
    };
    let (case_id, reply_id) = world.store.write(store).unwrap();
    let letter = Letter::Reply {
        number: "1150000012-3".into(),
        subject: "夜間噪音".into(),
        body: "已派員查處。\n\n.\n本案將持續巡查。".into(),
        legal_basis: String::new(),
        officer_name: "林大海".into(),
        officer_phone: "02-0000-5678".into(),
        unit: "第三岸巡隊".into(),
        rating_until: START.plus_seconds(60),
        remedy: None,
        attachments: files.iter().map(|(name, ..)| (*name).into()).collect(),
    };
    let link = Link { purpose: Purpose::Rate, row: reply_id, nonce: "once".into(), expires_at: START.plus_seconds(60) };
    let id = world.owe_with(Recipient::Party(party), letter, "zh-TW", move |new| {
        (new.case_id, new.reply_id, new.link) = (Some(case_id), Some(reply_id), Some(link.clone()));
    });
    (id, reply_id)
}

#[test]
fn a_reply_carries_its_files_as_they_are() {
    let every: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let every: &'static [u8] = Box::leak(every.into_boxed_slice());
    let files: [(&str, &str, &[u8]); 4] = [
        ("查處紀錄，附現場照片與巡邏路線圖的完整版本（第二次修正）.pdf", "application/pdf", every),
        ("lines.txt", "text/plain", b"one\ntwo\r\nthree\r.\r\n..\r\n"),
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        ("a\"b\r\nBcc: victim@example.org", "no type\r\nX-More: y", b""),
    ];
    for (world, place) in worlds_and_places() {
        let (id, _) = owe_reply(&world, &files);
        assert_eq!(world.deliver(&place).sent.len(), 1);
        let bytes = &place.arrived()[0].bytes;
        whole(bytes);
        assert!(headers(bytes).iter().all(|(name, _)| name != "Auto-Submitted" && name != "Bcc"));
        let message = MessageParser::default().parse(bytes).unwrap();
        assert_eq!(message.message_id().map(|id| format!("<{id}>")), world.row(id).message_id);
        assert!(message.body_text(0).unwrap().contains("已派員查處。"));
        assert!(message.body_html(0).unwrap().contains("/r/"));
        assert_eq!(message.attachment_count(), files.len());
        for (part, (name, _, bytes)) in message.attachments().zip(files) {
            assert_eq!(part.contents(), bytes, "{name}");
            assert!(!matches!(part.body, PartType::Html(_)), "a page travels as a file");
        }
        let names: Vec<_> = message.attachments().map(|part| part.attachment_name().unwrap()).collect();
        assert_eq!(names, [files[0].0, "lines.txt", "page.html", "a_b Bcc_ victim@example.org"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_holds_the_reply_back() {
    for (world, place) in worlds_and_places() {
        let (id, _) = owe_reply(&world, &[("map.png", "image/png", b"not really")]);
        let name = chenqing::keys::sha256(b"not really");
        assert!(world.files.set_aside(&name).unwrap().is_some());
        assert_eq!(world.deliver(&place).later, 1);
        assert_eq!(Trouble::read(&world.row(id).error.unwrap()).unwrap().0, Trouble::FileMissing);
        world.files.put(b"not really").unwrap();
        world.pass(60);
        assert_eq!(world.deliver(&place).sent.len(), 1);
        assert_eq!(place.arrived().len(), 1);
    }
}

#[test]
fn both_ways_carry_the_same_bytes() {
    for world in worlds() {
        let server = Server::up();
        server.fault("*", Some("drop"));
        let smtp = Place::Smtp(server);
        owe_reply(&world, &[("map.png", "image/png", b"not really")]);
        assert_eq!(world.deliver(&smtp).later, 1);
        world.pass(60);
        let folder = Place::Folder(world.folder.path().join("caught"));
        assert_eq!(world.deliver(&folder).sent.len(), 1);
        assert_eq!(folder.arrived(), smtp.arrived());
    }
}
