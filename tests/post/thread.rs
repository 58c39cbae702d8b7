//! What holds letters together: the Message-ID fixed when a letter is written, the thread of a matter, the signed address
//! an answer goes to, the address a letter comes back to, and the mark it is known by.

use chenqing::config::AddressMode;
use chenqing::domain::delivery::LetterState;
use chenqing::domain::letter::Letter;
use chenqing::domain::link::{Link, Purpose};
use chenqing::post::address::{Thread, letter_of, marked, thread_of};
use chenqing::post::{MARK, deliver};
use chenqing::store::Db;
use chenqing::store::letters::{self, Recipient};

use super::refusals::staff;
use super::server::Server;
use super::world::{FROM, Place, START, World, header, notice, worlds, worlds_and_places};
use crate::support::rows;

/// A petition on its way: confirmation, then two letters of the case, all to one reader; and one to staff about it.
struct Matter {
    submission: i64,
    case: i64,
    letters: [i64; 3],
    staff: [i64; 2],
}

fn matter(world: &World) -> Matter {
    let (party, person) = (world.party("lin@example.org", "王小明"), staff(world, "desk@agency.example.tw"));
    let (submission, case) = world
        .store
        .write(move |db: &mut Db| {
            let submission = rows::submission(db, party)?;
            Ok((submission, rows::case_of(db, party, Some(submission), "夜間噪音")?))
        })
        .unwrap();
    let link = Link { purpose: Purpose::Confirm, row: submission, nonce: "once".into(), expires_at: START };
    let first = Letter::Confirm { subject: "夜間噪音".into(), expires_at: START };
    let confirm = world.owe_with(Recipient::Party(party), first, "zh-TW", move |new| {
        (new.submission_id, new.link) = (Some(submission), Some(link.clone()));
    });
    let of_case = |to| world.owe_with(to, notice("夜間噪音"), "zh-TW", move |new| new.case_id = Some(case));
    let [told, again] = [Recipient::Party(party), Recipient::Party(party)].map(of_case);
    let staff = [Recipient::Staff(person), Recipient::Staff(person)].map(of_case);
    Matter { submission, case, letters: [confirm, told, again], staff }
}

/// The letter of a row among those that arrived.
fn arrived(world: &World, place: &Place, id: i64) -> Vec<u8> {
    let message_id = world.row(id).message_id;
    let found = place.arrived().into_iter().find(|letter| header(&letter.bytes, "Message-ID") == message_id);
    found.unwrap_or_else(|| panic!("letter {id} did not arrive")).bytes
}

#[test]
fn all_letters_of_a_matter_to_a_reader_are_one_thread() {
    for (world, place) in worlds_and_places() {
        let matter = matter(&world);
        let fixed: Vec<String> = matter.letters.map(|id| world.row(id).message_id.unwrap()).into();
        let stranger = world.owe("citizen@example.org");
        assert_eq!(world.deliver(&place).sent.len(), 6);
        for (readers, ids) in [("petitioner", &matter.letters[..]), ("staff", &matter.staff[..])] {
            let (root, rest) = ids.split_first().unwrap();
            let first = arrived(&world, &place, *root);
            assert_eq!((header(&first, "References"), header(&first, "In-Reply-To")), (None, None), "{readers}");
            for id in rest {
                let letter = arrived(&world, &place, *id);
                assert_eq!(header(&letter, "References"), header(&first, "Message-ID"), "{readers}");
                assert_eq!(header(&letter, "In-Reply-To"), header(&first, "Message-ID"), "{readers}");
            }
        }
        assert_eq!(header(&arrived(&world, &place, stranger), "References"), None, "another matter is no part of it");
        // Fixed when they were written, and found by it.
        for (id, fixed) in matter.letters.into_iter().zip(fixed) {
            let whole = world.row(id).message_id.unwrap();
            assert_eq!(whole, format!("<{fixed}@agency.example.tw>"));
            assert_eq!(world.store.read(|db| letters::by_message_id(db, &whole)).unwrap().unwrap().id, id);
            assert!(!whole.contains(&format!("<{id}.")), "no number to count by: {whole}");
        }
    }
}

#[test]
fn an_answer_goes_to_its_case_and_what_comes_back_names_its_letter() {
    for (mode, begins) in
        [(AddressMode::Plus, "mailbox+"), (AddressMode::CatchAll, ""), (AddressMode::None, "mailbox@")]
    {
        for world in worlds() {
            let place = Place::Smtp(Server::up());
            let matter = matter(&world);
            let mut config = place.config(&world.config);
            (config.mail.reply_address, config.mail.bounce_address) = (mode, mode);
            let post = super::world::post(&config, world.store.clone(), world.files.clone());
            assert_eq!(deliver(&post, &world.clock).unwrap().sent.len(), 5);
            let Place::Smtp(server) = &place else { unreachable!() };
            for record in server.records() {
                let bytes = data_encoding::BASE64.decode(record["bytes"].as_str().unwrap().as_bytes()).unwrap();
                let id = marked(&world.keys, &header(&bytes, MARK).unwrap()).unwrap();
                let row = world.row(id);
                assert_eq!(header(&bytes, "Message-ID"), row.message_id, "the mark is the letter's own");
                let (from, reply_to) = (record["from"].as_str().unwrap(), header(&bytes, "Reply-To").unwrap());
                let reply_to = reply_to.rsplit('<').next().unwrap().trim_end_matches('>');
                let to_staff = matter.staff.contains(&id);
                let thread = if id == matter.letters[0] {
                    Thread::Submission(matter.submission)
                } else {
                    Thread::Case(matter.case)
                };
                if mode == AddressMode::None {
                    assert_eq!((from, reply_to), (FROM, FROM));
                } else {
                    assert_eq!(letter_of(&world.keys, from), Some(id), "{from}");
                    assert_eq!(thread_of(&world.keys, reply_to), (!to_staff).then_some(thread), "{reply_to}");
                    assert!(to_staff || reply_to.starts_with(begins), "{reply_to}");
                    assert_eq!(to_staff, reply_to == FROM, "staff answer to the mailbox");
                }
                assert!(header(&bytes, "From").unwrap().contains(FROM), "the sender whom people see is the mailbox");
            }
        }
    }
}

#[test]
fn a_letter_sent_to_another_address_is_a_letter_of_its_own() {
    for (world, place) in worlds_and_places() {
        let first = world.owe("lin@example.org");
        let (keys, row, now) = (world.keys.clone(), world.row(first), world.now());
        let copy =
            world.store.write(move |db| letters::copy(db, &keys, &row, Some("new.lin@example.org"), now)).unwrap();
        assert_eq!(world.deliver(&place).sent.len(), 2);
        let to = |id| header(&arrived(&world, &place, id), "To").unwrap();
        assert_eq!((to(first), to(copy)), ("lin@example.org".into(), "new.lin@example.org".into()));
        assert_ne!(world.row(first).message_id, world.row(copy).message_id);
        assert!(!String::from_utf8_lossy(&world.row(copy).to_sealed.unwrap()).contains("lin"), "it is kept sealed");
    }
}

#[test]
fn a_retried_letter_has_all_its_days_again() {
    for (world, mut place) in worlds_and_places() {
        let id = world.owe("lin@example.org");
        place.go_down();
        assert_eq!(world.deliver(&place).later, 1);
        world.pass(6 * 24 * 3600);
        assert_eq!(world.deliver(&place).failed.len(), 1);
        let now = world.now();
        world.store.write(move |db| letters::retry(db, id, now)).unwrap();
        assert_eq!(world.deliver(&place).later, 1, "one more failure does not end it");
        assert_eq!(world.row(id).state, LetterState::Waiting);
        place.come_up();
        world.pass(60);
        assert_eq!(world.deliver(&place).sent.len(), 1);
    }
}

#[test]
fn no_more_letters_a_minute_than_said() {
    for (world, place) in worlds_and_places() {
        for n in 0..12 {
            world.owe(&format!("citizen{n}@example.org"));
        }
        let mut config = place.config(&world.config);
        config.mail.per_minute = 5;
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        let sent = || deliver(&post, &world.clock).unwrap().sent.len();
        assert_eq!((sent(), sent()), (5, 0));
        world.pass(59);
        assert_eq!(sent(), 0);
        world.pass(1);
        assert_eq!(sent(), 5);
        world.pass(60);
        assert_eq!((sent(), place.arrived().len()), (2, 12));
    }
}
