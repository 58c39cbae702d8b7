//! What makes the cases: the agency, its people, the matters, and the numbers used so far. It turns received moments
//! into whole cases and hands out batches of rows.

use std::collections::HashMap;

use jiff::civil::time;

use super::Plan;
use crate::acts::Office;
use crate::demo::chance::Chance;
use crate::demo::content::{Content, Matter};
use crate::demo::office_time::OfficeTime;
use crate::domain::case::{Channel, Kind};
use crate::domain::case_number::CaseNumber;
use crate::domain::limit::Limit;
use crate::domain::policy::{ClockPurpose, Subject, When};
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::bulk::Rows;
use crate::store::reference::Reference;
use crate::store::seals::NewSeal;

/// When people write, hour by hour.
const HOURS: [u32; 24] = [4, 2, 1, 1, 1, 2, 4, 8, 16, 24, 26, 22, 18, 18, 22, 24, 22, 18, 14, 16, 20, 22, 16, 8];

/// The maker.
pub struct Maker<'a> {
    /// Keys and rules.
    pub office: &'a Office,
    /// The agency.
    pub reference: &'a Reference,
    /// Petitions and people.
    pub content: &'a Content,
    /// Office time.
    pub time: OfficeTime<'a>,
    /// The present.
    pub now: Moment,
    /// When the clock of a reply warns.
    pub warnings: Vec<When>,
    /// Rows that are not written yet.
    pub rows: Rows,
    /// Heads of histories that are not sealed yet.
    pub heads: Vec<(i64, i64, String)>,
    /// When the case in hand last changed.
    pub last_act: Moment,
    /// Ids given so far.
    pub text: i64,
    /// Ids given so far.
    pub submission: i64,
    /// Ids given so far, of cases and their parties.
    pub case: i64,
    /// Ids given so far.
    pub clock: i64,
    /// Ids given so far.
    pub reply: i64,
    /// Ids given so far, of ratings and reviews.
    pub rating: i64,
    /// Ids given so far.
    pub review: i64,
    plan: Plan,
    serials: HashMap<i16, u32>,
    sealed: String,
    cast: HashMap<(i64, Role), Vec<i64>>,
}

impl<'a> Maker<'a> {
    /// A maker for an empty database.
    ///
    /// # Errors
    /// `Refused` when the installed agency is not the sample one, or its people are missing.
    pub fn new(
        office: &'a Office,
        reference: &'a Reference,
        content: &'a Content,
        staff: &[Staff],
        plan: Plan,
        now: Moment,
        last_text: i64,
    ) -> Result<Self> {
        let mut cast: HashMap<(i64, Role), Vec<i64>> = HashMap::new();
        for person in staff {
            for role in &person.roles {
                cast.entry((person.unit_id, *role)).or_default().push(person.id);
            }
        }
        let maker = Self {
            office,
            reference,
            content,
            time: OfficeTime::new(&reference.calendar),
            now,
            warnings: warnings(reference),
            rows: Rows::default(),
            heads: Vec::new(),
            last_act: Moment(0),
            text: last_text,
            submission: 0,
            case: 0,
            clock: 0,
            reply: 0,
            rating: 0,
            review: 0,
            plan,
            serials: HashMap::new(),
            sealed: String::new(),
            cast,
        };
        for matter in &content.matters {
            for role in [Role::Handler, Role::Supervisor] {
                maker.person(&matter.unit, role, 0)?;
            }
        }
        Ok(maker)
    }

    /// The cases of a day, so many, in order of their hours; those later than the present are left to another day.
    ///
    /// # Errors
    /// `Internal` when the keys do not serve.
    pub fn day(&mut self, date: jiff::civil::Date, number: u64) -> Result<u64> {
        let mut chance = Chance::of(self.plan.seed, u64::try_from(self.case).unwrap_or(0) ^ (1 << 40));
        let hours: Vec<(u32, i8)> = HOURS.iter().copied().zip(0..).collect();
        let open = self.time.calendar().is_working_day(date);
        let mut moments: Vec<(Moment, Channel)> = (0..number)
            .map(|_| {
                let channel = if open { super::life::channel(&mut chance) } else { Channel::Web };
                let hour = match channel {
                    Channel::Web => chance.weighted(&hours).unwrap_or(9),
                    _ => i8::try_from(chance.between(9, 16)).unwrap_or(9),
                };
                let minute = i8::try_from(chance.between(0, 59)).unwrap_or(0);
                let second = i8::try_from(chance.between(0, 59)).unwrap_or(0);
                (self.time.at(date, time(hour, minute, second, 0)), channel)
            })
            .filter(|(at, _)| *at < self.now)
            .collect();
        moments.sort_by_key(|(at, _)| *at);
        let made = moments.len() as u64;
        for (at, channel) in moments {
            super::life::live(self, at, channel)?;
        }
        Ok(made)
    }

    /// A stream of chance for the next case.
    #[must_use]
    pub fn chance(&self) -> Chance {
        Chance::of(self.plan.seed, u64::try_from(self.case).unwrap_or(0))
    }

    /// Somebody of a role in a unit.
    ///
    /// # Errors
    /// `Refused` when there is nobody.
    pub fn person(&self, unit: &str, role: Role, nth: u64) -> Result<i64> {
        let people = self.reference.units.by_code(unit).and_then(|unit| self.cast.get(&(unit.id, role)));
        let people = people.ok_or_else(|| Error::internal(format!("the unit {unit} has no {role}")))?;
        let nth = usize::try_from(nth).unwrap_or(0) % people.len().max(1);
        people.get(nth).copied().ok_or(Error::NotFound)
    }

    /// The next number of a year.
    ///
    /// # Errors
    /// `Internal` when the year's numbers are used up.
    pub fn number(&mut self, received: Moment) -> Result<String> {
        let year = self.time.date(received).year();
        let serial = self.serials.entry(year).or_insert(0);
        *serial += 1;
        let full = || Error::internal(format!("the case numbers of {year} are used up"));
        let roc_year = u16::try_from(i32::from(year) - 1911).map_err(|_| full())?;
        let serial = Some(*serial).filter(|serial| *serial <= 9_999_999).ok_or_else(full)?;
        Ok(CaseNumber { roc_year, serial }.to_string())
    }

    /// The matter of a case.
    pub fn matter(&self, chance: &mut Chance) -> Option<&'a Matter> {
        let content: &'a Content = self.content;
        chance.pick(&content.matters)
    }

    /// The rows so far, with the seals over their histories and the counters.
    ///
    /// # Errors
    /// `Internal` when the keys do not serve.
    pub fn take(&mut self) -> Result<Rows> {
        for (case_id, seq, hash) in std::mem::take(&mut self.heads) {
            let previous = std::mem::take(&mut self.sealed);
            let mut seal = NewSeal { at: self.now, case_id, seq, hash, previous, seal: String::new() };
            seal.seal = self.office.keys.seal_head(&seal.canonical())?;
            self.sealed.clone_from(&seal.seal);
            self.rows.seals.push(seal);
        }
        let mut rows = std::mem::take(&mut self.rows);
        rows.counters = self.serials.iter().map(|(year, serial)| (*year, i64::from(*serial))).collect();
        Ok(rows)
    }
}

/// When the clock of a reply warns, by the general rules.
fn warnings(reference: &Reference) -> Vec<When> {
    let subject = Subject { category: None, kind: Kind::Suggestion, channel: Channel::Web, speed_class: None };
    let rules = reference.policies.first().map(|set| set.policies.rules(&subject, Limit::WorkingDays(6)));
    rules.map(|rules| rules.warnings_of(ClockPurpose::Reply).map(|warning| warning.when).collect()).unwrap_or_default()
}
