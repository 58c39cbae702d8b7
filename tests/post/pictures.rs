//! Files of a letter's own on their way: a picture lies beside the HTML that shows it, everything else after both parts.

use chenqing::domain::letter::{Letter, Locale};
use chenqing::domain::link::{Link, Purpose};
use chenqing::letters::samples;
use chenqing::store::attachments::{StoredFile, attach_to_letter, lease};
use chenqing::store::letters::Recipient;
use mail_parser::{MessageParser, MimeHeaders};

use super::refusals::staff;
use super::world::{START, worlds_and_places};

#[test]
fn a_picture_travels_with_the_html_that_shows_it_and_again_with_a_retry() {
    for (world, place) in worlds_and_places() {
        let staff = staff(&world, "manager@agency.example.tw");
        let letter = samples::all(Locale::ZhTw).into_iter().find(|letter| letter.code() == "saved_report").unwrap();
        let Letter::SavedReport(said) = &letter else { panic!("another letter") };
        let shown = said.tables[0].picture.clone().unwrap();
        let link = Link { purpose: Purpose::SavedReport, row: 7, nonce: String::new(), expires_at: START };
        let id = world.owe_with(Recipient::Staff(staff), letter, "zh-TW", move |new| new.link = Some(link.clone()));
        let files: Vec<StoredFile> =
            [("圖表.png", "image/png", b"\x89PNG picture".as_slice()), ("概況.ods", "application/zip", b"PK table")]
                .iter()
                .map(|(name, media_type, bytes)| StoredFile {
                    sha256: world.files.put(bytes).unwrap(),
                    name: (*name).into(),
                    media_type: (*media_type).into(),
                    size: i64::try_from(bytes.len()).unwrap(),
                })
                .collect();
        let content_id = shown.content_id.clone();
        world
            .store
            .write(move |db| {
                for file in &files {
                    lease(db, file, START, START.plus_seconds(60))?;
                }
                let shown = [Some(content_id.as_str()), None];
                attach_to_letter(db, files.iter().zip(shown), id, START)
            })
            .unwrap();
        assert_eq!(world.deliver(&place).sent.len(), 1);
        let bytes = place.arrived().remove(0).bytes;
        let message = MessageParser::default().parse(&bytes).unwrap();
        let html = message.body_html(0).unwrap();
        assert!(html.contains(&format!("src=\"cid:{}\" alt=\"{}\"", shown.content_id, shown.alt)), "{html}");
        let text = std::str::from_utf8(&bytes).unwrap();
        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}"));
        // mixed ( alternative ( plain, related ( html, picture ) ), table )
        let order = ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html"];
        assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])));
        assert!(at("text/html") < at("image/png") && at("image/png") < at("application/zip"));
        let parts: Vec<_> = message.attachments().collect();
        let picture = parts.iter().find(|part| part.content_id() == Some(&shown.content_id)).unwrap();
        assert!(picture.contents().starts_with(b"\x89PNG") && picture.content_disposition().unwrap().is_inline());
        let table = parts.iter().find(|part| part.attachment_name() == Some("概況.ods")).unwrap();
        assert!(table.content_disposition().unwrap().is_attachment() && table.content_id().is_none());
    }
}
