//! The process dies between handing a letter over and recording it: a child process really does, in the middle of the
//! transaction that would have recorded it.

use std::process::Command;
use std::sync::Arc;

use chenqing::clock::Clock;
use chenqing::config::{Config, MailTransport};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::time::Moment;
use chenqing::files::Files;
use chenqing::post::deliver;
use chenqing::store::Store;

use super::world::{header, post, worlds_and_places};

/// Set in the child: database, transport (SMTP URL or folder), files, moment.
const CHILD: &str = "CHENQING_TEST_CRASH";

#[test]
fn a_crash_before_the_record_sends_the_same_letter_again_and_no_other() {
    if let Ok(told) = std::env::var(CHILD) {
        die_after_sending(&told);
    }
    for (world, place) in worlds_and_places() {
        let id = world.owe("lin@example.org");
        let config = place.config(&world.config);
        let told = [
            config.database.url.as_str(),
            if config.mail.transport == MailTransport::Smtp { &config.mail.smtp.url } else { &config.mail.folder },
            &world.folder.path().join("files").display().to_string(),
            &world.now().0.to_string(),
        ]
        .join("|");
        let died = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "post::crash::a_crash_before_the_record_sends_the_same_letter_again_and_no_other"])
            .env(CHILD, told)
            .output()
            .unwrap();
        assert!(!died.status.success() && died.status.code().is_none(), "the child is to die by a signal: {died:?}");
        assert_eq!(place.arrived().len(), 1, "it died after sending");
        let row = world.row(id);
        assert_eq!(row.state, LetterState::Sending);

        // Until its claim runs out nobody touches the letter; then it goes again, the same, and is done.
        world.pass(600);
        assert!(world.deliver(&place).sent.is_empty());
        world.pass(600);
        assert_eq!(world.deliver(&place).sent.len(), 1);
        world.pass(100_000);
        assert!(world.deliver(&place).sent.is_empty());
        let arrived = place.arrived();
        assert_eq!(arrived.len(), 2);
        assert_eq!(arrived[0].bytes, arrived[1].bytes);
        assert_eq!(header(&arrived[1].bytes, "Message-ID"), row.message_id);
    }
}

fn die_after_sending(told: &str) -> ! {
    let told: Vec<&str> = told.split('|').collect();
    let mut config = Config::defaults().unwrap();
    config.database.url = told[0].into();
    config.public.url = "https://mailbox.example.tw".into();
    config.mail.from = super::world::FROM.into();
    config.mail.from_name = "署長信箱".into();
    config.mail.smtp.timeout_seconds = 5;
    if told[1].starts_with("smtp://") {
        config.mail.smtp.url = told[1].into();
    } else {
        config.mail.transport = MailTransport::Folder;
        config.mail.folder = told[1].into();
    }
    let store = Store::open(&config.database).unwrap();
    let files = Files::open(std::path::Path::new(told[2])).unwrap();
    let post = post(&config, store, files).with_settled(Arc::new(|_, _, _, _| std::process::abort()));
    let _ = deliver(&post, &Clock::fixed(Moment(told[3].parse().unwrap())));
    unreachable!("the letter was to be sent");
}
