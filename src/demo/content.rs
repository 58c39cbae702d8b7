//! What the demonstration is made of: petitions, people, staff and phrases of `config/demo`, built into the program.
//! Every name in them is invented.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::message::Mails;
use crate::domain::case::{CloseCode, Kind};
use crate::domain::party::Party;
use crate::domain::staff::Role;

/// The matter of one case.
#[derive(Clone, Debug)]
pub struct Matter {
    /// The petitioner's language.
    pub locale: &'static str,
    /// Category code.
    pub category: String,
    /// Kind.
    pub kind: Kind,
    /// Code of the lead unit.
    pub unit: String,
    /// Code of the speed class.
    pub speed: String,
    /// The petitioner asks for secrecy.
    pub confidential: bool,
    /// As the petitioner writes it.
    pub subject: String,
    /// Where it happened; may be empty.
    pub place: String,
    /// As the petitioner writes it.
    pub body: String,
    /// The reply; empty where the case ends without one.
    pub reply: String,
    /// Its legal basis.
    pub legal_basis: String,
    /// An internal note of the handler.
    pub note: String,
    /// How it ends.
    pub ending: Ending,
    /// What a pleased petitioner writes.
    pub comment_good: String,
    /// What a displeased petitioner writes.
    pub comment_bad: String,
}

/// How a matter ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With a reply.
    Replied,
    /// Without one, on a ground of article 173.
    NoAction(CloseCode, String),
    /// With another agency, and why.
    Transferred(String, String),
    /// At the petitioner's wish, in their words.
    Withdrawn(String),
}

/// A member of staff.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffEntry {
    /// Name to sign in with.
    pub username: String,
    /// Name as letters show it.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Telephone.
    pub phone: String,
    /// Address for notices.
    pub email: String,
    /// Stands behind the sample cases, not among the accounts that are shown.
    #[serde(default)]
    pub background: bool,
}

/// Sentences that many cases share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "config/demo/phrases.toml says what each is")]
pub struct Phrases {
    pub bounce: String,
    pub accept: String,
    pub dismiss: String,
    pub dismissed_subject: String,
    pub dismissed_body: String,
    pub identity: Vec<String>,
    pub not_ours: Vec<String>,
    pub extend: Vec<String>,
    pub extend_en: Vec<String>,
    pub return_reply: Vec<String>,
    pub reopen: Vec<String>,
    pub keep: Vec<String>,
    pub second_reply: String,
    pub second_reply_en: String,
    pub referring_agencies: Vec<String>,
    pub supplement_ask: Vec<String>,
    pub supplement_answer: Vec<String>,
    pub supplement_missing: String,
    pub consult: Vec<String>,
    pub consult_answer: Vec<String>,
    pub wait_other_agency: String,
    pub ask_extension: String,
    pub decline_extension: String,
}

/// Everything.
#[derive(Clone, Debug)]
pub struct Content {
    /// Matters: those with several places stand once a place.
    pub matters: Vec<Matter>,
    /// Staff.
    pub staff: Vec<StaffEntry>,
    /// Sentences.
    pub phrases: Phrases,
    /// What comes in by e-mail.
    pub mail: Mails,
    people: People,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    phone: String,
    email: String,
    address: String,
    person: Vec<Person>,
    place: Vec<Place>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    romanised: String,
    #[serde(default)]
    locale: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    area: String,
    road: String,
}

#[derive(Deserialize)]
struct Petitions {
    petition: Vec<Entry>,
}

#[derive(Deserialize)]
struct StaffFile {
    staff: Vec<StaffEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    locale: String,
    category: String,
    kind: Kind,
    unit: String,
    #[serde(default)]
    units: Vec<String>,
    speed: String,
    #[serde(default)]
    confidential: bool,
    subject: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    numbers: Vec<i64>,
    body: String,
    reply: String,
    legal_basis: String,
    note: String,
    ending: String,
    #[serde(default)]
    ground: Option<CloseCode>,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    reason: String,
    comment_good: String,
    comment_bad: String,
}

impl Content {
    /// Reads what is built in.
    ///
    /// # Errors
    /// One sentence that names the file; a test excludes it.
    pub fn read() -> Result<Self, String> {
        let petitions: Petitions = parse("petitions.toml", include_str!("../../config/demo/petitions.toml"))?;
        let staff: StaffFile = parse("staff.toml", include_str!("../../config/demo/staff.toml"))?;
        let mut matters = Vec::new();
        for entry in &petitions.petition {
            for nth in 0..entry.places.len().max(1) {
                matters.push(entry.nth(nth)?);
            }
        }
        Ok(Self {
            matters,
            staff: staff.staff,
            phrases: parse("phrases.toml", include_str!("../../config/demo/phrases.toml"))?,
            mail: parse("mail.toml", include_str!("../../config/demo/mail.toml"))?,
            people: parse("people.toml", include_str!("../../config/demo/people.toml"))?,
        })
    }

    /// The person of a number, among those who write in that language: always the same name, telephone and address.
    #[must_use]
    pub fn party(&self, number: usize, locale: &str) -> Party {
        let speaks = |person: &&Person| (person.locale == "en") == (locale == "en");
        let speakers: Vec<&Person> = self.people.person.iter().filter(speaks).collect();
        let nth = number % speakers.len().max(1);
        let Some(person) = speakers.get(nth) else { return Party::default() };
        let place = self.people.place.get(nth * 7 % self.people.place.len().max(1));
        let fill = |text: &str| {
            text.replace("{romanised}", &person.romanised)
                .replace("{n3}", &format!("{nth:03}"))
                .replace("{n}", &nth.to_string())
                .replace("{number}", &(nth * 37 % 299 + 1).to_string())
                .replace("{area}", place.map_or("", |place| &place.area))
                .replace("{road}", place.map_or("", |place| &place.road))
        };
        Party {
            name: person.name.clone(),
            email: fill(&self.people.email),
            phone: fill(&self.people.phone),
            address: fill(&self.people.address),
        }
    }
}

impl Content {
    /// An invented person of a number: as many of them as are wanted, each always the same.
    #[must_use]
    pub fn invented(&self, number: u64, locale: &str) -> Party {
        let speakers: Vec<&Person> =
            self.people.person.iter().filter(|person| (person.locale == "en") == (locale == "en")).collect();
        let of = |nth: u64| usize::try_from(nth % speakers.len().max(1) as u64).ok().and_then(|nth| speakers.get(nth));
        let (Some(first), Some(second)) = (of(number), of(number / speakers.len().max(1) as u64)) else {
            return Party::default();
        };
        let place = self.people.place.get(usize::try_from(number % 997).unwrap_or(0) % self.people.place.len().max(1));
        let house = number * 37 % 299 + 1;
        Party {
            name: match (locale, first.name.char_indices().nth(1), second.name.char_indices().nth(1)) {
                ("zh-TW", Some((end, _)), Some((begin, _))) => {
                    format!("{}{}", &first.name[..end], &second.name[begin..])
                }
                _ => first.name.clone(),
            },
            email: format!("{}.{number}@example.org", first.romanised),
            phone: format!("0900-{:03}-{:03}", number / 1000 % 1000, number % 1000),
            address: place.map_or_else(String::new, |place| format!("{}{} {house} 號", place.area, place.road)),
        }
    }
}

impl Entry {
    /// The matter at its nth place.
    fn nth(&self, nth: usize) -> Result<Matter, String> {
        let place = self.places.get(nth).unwrap_or(&self.place);
        let number = self.numbers.get(nth).map(ToString::to_string).unwrap_or_default();
        let fill = |text: &str| text.trim().replace("{place}", place).replace("{n}", &number);
        let reason = fill(&self.reason);
        Ok(Matter {
            locale: if self.locale == "en" { "en" } else { "zh-TW" },
            category: self.category.clone(),
            kind: self.kind,
            unit: self.units.get(nth).unwrap_or(&self.unit).clone(),
            speed: self.speed.clone(),
            confidential: self.confidential,
            subject: fill(&self.subject),
            place: place.clone(),
            body: fill(&self.body),
            reply: fill(&self.reply),
            legal_basis: fill(&self.legal_basis),
            note: fill(&self.note),
            ending: match (self.ending.as_str(), self.ground) {
                ("replied", _) => Ending::Replied,
                ("no_action", Some(ground)) => Ending::NoAction(ground, reason),
                ("transferred", _) => Ending::Transferred(self.agency.clone(), reason),
                ("withdrawn", _) => Ending::Withdrawn(reason),
                _ => return Err(format!("petitions.toml: {} ends in no known way", self.id)),
            },
            comment_good: fill(&self.comment_good),
            comment_bad: fill(&self.comment_bad),
        })
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|e| format!("config/demo/{name}: {e}"))
}
