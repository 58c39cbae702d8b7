//! The plan of the demonstration: which matters become which cases, and how each fares. Laid out backwards from now, so
//! that whatever the date some cases came this morning, some are due soon and some are late, and the months before are
//! full of what was answered.

use std::collections::HashMap;

use super::chance::{Chance, Deck};
use super::content::{Content, Ending, Matter};
use super::office_time::OfficeTime;
use super::story::Story;
use crate::domain::case::{Channel, ReplyBy};
use crate::domain::staff::Role;
use crate::domain::submission::Petition;
use crate::domain::time::{HOUR, Moment};
use crate::store::reference::Reference;

/// What the months before are dealt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Answered in time.
    Plain,
    /// Answered after the due date.
    Late,
    /// Given back by the supervisor once, answered in time.
    Returned,
    /// Extended and answered in the longer time.
    Extended,
    /// Extended, and late all the same.
    ExtendedLate,
    /// Assigned to the wrong unit first.
    Reassigned,
    /// Assigned further down by the supervisor.
    Below,
}

/// Everything that planning needs.
pub struct Planner<'a> {
    /// Petitions, people, phrases.
    pub content: &'a Content,
    /// The installed agency.
    pub reference: &'a Reference,
    /// Office time on its calendar.
    pub time: OfficeTime<'a>,
    /// The present.
    pub now: Moment,
    /// When the demonstration begins: the first instant of last year.
    pub start: Moment,
    /// Chance.
    pub chance: Chance,
    /// How the next case of the past fares.
    pub courses: Deck<Course>,
    /// What the next reply is rated; `None`: not at all.
    pub ratings: Deck<Option<i32>>,
    /// Whether the next low rating opens the case again.
    pub reviews: Deck<bool>,
    used: Vec<usize>,
    cast: HashMap<(String, Role), Vec<String>>,
    people: usize,
}

impl<'a> Planner<'a> {
    /// A planner for a present.
    #[must_use]
    pub fn new(content: &'a Content, reference: &'a Reference, now: Moment, start: Moment, seed: u64) -> Self {
        let mut cast: HashMap<(String, Role), Vec<String>> = HashMap::new();
        for person in &content.staff {
            for role in &person.roles {
                cast.entry((person.unit.clone(), *role)).or_default().push(person.username.clone());
            }
        }
        let mut chance = Chance::new(seed);
        Self {
            content,
            reference,
            time: OfficeTime::new(&reference.calendar),
            now,
            start,
            courses: Deck::new(&[
                (28, Course::Plain),
                (2, Course::Late),
                (3, Course::Returned),
                (2, Course::Extended),
                (1, Course::ExtendedLate),
                (2, Course::Reassigned),
                (2, Course::Below),
            ]),
            ratings: Deck::new(&[(29, None), (5, Some(5)), (3, Some(4)), (1, Some(3)), (1, Some(2)), (1, Some(1))]),
            reviews: Deck::new(&[(1, true), (1, false)]),
            used: vec![0; content.matters.len()],
            cast,
            people: usize::try_from(chance.between(0, 99)).unwrap_or(0),
            chance,
        }
    }

    /// Every story: those near the present, then those of the past, so many cases in all; and submissions beside them
    /// that never became cases.
    #[must_use]
    pub fn stories(mut self, cases: usize) -> Vec<Story> {
        let mut stories = self.near();
        let near = stories.iter().filter(|story| story.becomes_a_case()).count();
        for nth in near..cases {
            stories.push(self.past(nth - near));
        }
        stories.extend(self.never_confirmed(cases));
        let now = self.now;
        for story in &mut stories {
            story.steps.sort_by_key(|(at, _)| *at);
            story.steps.retain(|(at, _)| *at < now);
        }
        stories
    }

    /// The matter used least that fits, those without a reply first.
    pub fn matter(&mut self, fits: impl Fn(&Matter) -> bool) -> &'a Matter {
        let matters: &'a [Matter] = &self.content.matters;
        let offset = usize::try_from(self.chance.between(0, 9_999)).unwrap_or(0);
        let order = |at: usize| (at * 61 + offset) % matters.len().max(1);
        let best = (0..matters.len())
            .map(order)
            .filter(|at| fits(&matters[*at]))
            .min_by_key(|at| (self.used[*at], matters[*at].ending == Ending::Replied))
            .unwrap_or(0);
        self.used[best] += 1;
        &matters[best]
    }

    /// A petition in this matter from the next person, who left what the channel brings with it.
    pub fn petition(&mut self, matter: &Matter, channel: Channel) -> Petition {
        self.people += 1;
        let party = self.content.party(self.people * 29, matter.locale);
        let on_paper = match channel {
            Channel::Letter => self.chance.percent(70),
            Channel::Phone | Channel::Visit | Channel::Fax => self.chance.percent(30),
            _ => false,
        };
        let wants_paper = on_paper || (channel == Channel::Web && self.chance.percent(3));
        let knows = channel == Channel::Web && self.chance.percent(60);
        let gives_address = wants_paper || self.chance.percent(35);
        Petition {
            name: party.name,
            email: if on_paper { String::new() } else { party.email },
            phone: party.phone,
            address: if gives_address { party.address } else { String::new() },
            subject: matter.subject.clone(),
            body: matter.body.clone(),
            kind: matter.kind,
            category: knows.then(|| matter.category.clone()),
            place: matter.place.clone(),
            confidential: matter.confidential,
            reply_by: if wants_paper { ReplyBy::Letter } else { ReplyBy::Email },
            locale: matter.locale.to_owned(),
            channel,
        }
    }

    /// Somebody of a role in a unit; the accounts that are shown come first and most often.
    pub fn person(&mut self, unit: &str, role: Role) -> String {
        let people = self.cast.get(&(unit.to_owned(), role)).map_or(&[][..], Vec::as_slice);
        match people {
            [first, _, ..] if self.chance.percent(65) => first.clone(),
            people => self.chance.pick(people).cloned().unwrap_or_default(),
        }
    }

    /// One of several sentences.
    pub fn phrase(&mut self, list: &[String]) -> String {
        self.chance.pick(list).cloned().unwrap_or_default()
    }

    /// A unit below this one: of a branch, its patrol section; itself when there is none.
    pub fn unit_below(&mut self, unit: &str) -> String {
        let units = &self.reference.units;
        if let Some(patrol) = units.by_code(&format!("{unit}_patrol")) {
            return patrol.code.clone();
        }
        let Some(above) = units.by_code(unit) else { return unit.to_owned() };
        let below: Vec<&str> =
            units.all().iter().filter(|u| u.parent_id == Some(above.id)).map(|u| u.code.as_str()).collect();
        self.chance.pick(&below).map_or_else(|| unit.to_owned(), |code| (*code).to_owned())
    }

    /// When a reply that went out then is rated: within hours or days, always while the link is open.
    pub fn rated_at(&mut self, replied: Moment) -> Moment {
        let hours = if self.chance.percent(60) { self.chance.between(1, 20) } else { self.chance.between(20, 150) };
        replied.plus_seconds(hours * HOUR + self.chance.between(0, HOUR))
    }
}

impl Story {
    /// Whether a case comes of it.
    #[must_use]
    pub fn becomes_a_case(&self) -> bool {
        use super::story::Step;
        self.steps.iter().any(|(_, step)| matches!(step, Step::Confirm | Step::Enter { .. } | Step::Accept { .. }))
    }
}
