//! The life of one synthetic case: handed in, registered, assigned, answered (or ended otherwise), rated, reviewed,
//! closed; as far as the present lets it come.

use serde_json::json;

use super::detour::detour;
use super::file::{By, File};
use super::maker::Maker;
use super::parts;
use crate::demo::chance::Chance;
use crate::demo::content::{Ending, Matter};
use crate::domain::case::{Channel, CloseCode, Kind, State, Verb};
use crate::domain::event::acts;
use crate::domain::limit::Limit;
use crate::domain::staff::Role;
use crate::domain::time::{DAY, HOUR, Moment};
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::bulk::{NewExtension, NewNote, Transferred};

/// How petitions come in.
const CHANNELS: &[(u32, Channel)] = &[
    (66, Channel::Web),
    (13, Channel::Phone),
    (6, Channel::Letter),
    (4, Channel::Visit),
    (4, Channel::Social),
    (2, Channel::Fax),
    (3, Channel::Referred),
    (2, Channel::Media),
];
/// Ratings of a hundred replies; the rest are not rated.
const RATINGS: &[(u32, i32)] = &[(72, 0), (13, 5), (8, 4), (3, 3), (2, 2), (2, 1)];
/// Working days of an extension.
const EXTENSION_DAYS: usize = 5;

/// How a petition comes in.
pub fn channel(chance: &mut Chance) -> Channel {
    chance.weighted(CHANNELS).unwrap_or(Channel::Web)
}

/// A life and what it depends on.
struct Life<'m, 'a> {
    file: File<'m, 'a>,
    matter: &'a Matter,
    chance: Chance,
    limit: Limit,
    registrar: i64,
    control: i64,
    handler: i64,
    supervisor: i64,
}

/// Lives one life; its rows are the maker's then.
///
/// # Errors
/// `Internal` when keys or people are missing.
pub fn live<'a>(maker: &mut Maker<'a>, received: Moment, channel: Channel) -> Result<()> {
    let mut chance = maker.chance();
    let matter: &'a Matter = maker.matter(&mut chance).ok_or(Error::NotFound)?;
    let nth = chance.number();
    let registrar = maker.person("secretariat", Role::Registrar, nth)?;
    let control = maker.person("planning", Role::ControlOfficer, nth)?;
    let handler = maker.person(&matter.unit, Role::Handler, nth)?;
    let supervisor = maker.person(&matter.unit, Role::Supervisor, nth)?;
    let limit = maker.reference.speed_class(&matter.speed)?.limit;
    let first = maker.reference.speed_class(&maker.office.rules.default_speed_class)?.limit;
    let case = parts::hand_in(maker, &mut chance, matter, received, channel)?;
    let file = File::open(maker, case, first);
    let mut life = Life { file, matter, chance, limit, registrar, control, handler, supervisor };
    life.begin(received, channel);
    // Whatever stops it (the present, or the end) leaves a case that stands where it stands.
    let _ = life.run(received);
    // What the clock had to say until now.
    let now = life.file.maker.now;
    life.file.reach(now);
    life.file.close();
    Ok(())
}

impl Life<'_, '_> {
    fn begin(&mut self, received: Moment, channel: Channel) {
        let case = &self.file.case;
        let class = self.file.maker.office.rules.default_speed_class.clone();
        let facts = json!({ "channel": case.channel, "kind": case.kind, "due": case.due_at, "class": class });
        let (act, by) = match channel {
            Channel::Web => (acts::CONFIRMED, By::Petitioner),
            _ => (acts::ENTERED, By::Staff(self.registrar)),
        };
        self.file.event(received, act, by, &facts);
    }

    /// From registration to the end; `None` where the present comes first.
    fn run(&mut self, received: Moment) -> Option<()> {
        let time = self.file.maker.time;
        let budget = time.between(received, self.due_by_class(received)).max(60);
        let late = self.chance.percent(7);
        let extended = self.matter.ending == Ending::Replied && self.chance.percent(6);
        let pace = match (extended, late) {
            (true, _) => self.chance.between(115, 160),
            (_, true) => self.chance.between(108, 220),
            _ => self.chance.between(25, 94),
        };
        let total = budget * pace / 100;
        self.register(self.at(received, total, 10))?;
        if self.matter.ending != Ending::Replied {
            return self.end_otherwise(received, total);
        }
        self.assign(received, total)?;
        self.take(self.at(received, total, 30))?;
        self.note(self.at(received, total, 45))?;
        if extended {
            self.extend(time.after(received, budget * 85 / 100))?;
        }
        let basis = self.matter.legal_basis.clone();
        let drafted = self.at(received, total, 78).max(self.file.maker.last_act.plus_seconds(300));
        self.draft(drafted, &basis)?;
        let approved = self.at(received, total, 100).max(drafted.plus_seconds(900));
        self.approve(approved)?;
        self.after_reply(approved)
    }

    fn due_by_class(&self, received: Moment) -> Moment {
        let calendar = self.file.maker.time.calendar();
        crate::domain::deadline::due(received, self.limit, calendar, &[]).map_or(received, |answer| answer.due)
    }

    /// The moment when so many hundredths of the time have passed.
    fn at(&self, from: Moment, total: i64, hundredths: i64) -> Moment {
        self.file.maker.time.after(from, (total * hundredths / 100).max(hundredths / 5))
    }

    fn register(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        self.file.set_limit(self.limit, at);
        let case = &mut self.file.case;
        case.category = Some(self.matter.category.clone());
        case.speed_class = Some(self.matter.speed.clone());
        case.registered_at = Some(at);
        let facts = json!({
            "kind": case.kind, "category": case.category, "class": case.speed_class,
            "confidential": case.confidential, "due": case.due_at,
        });
        self.file.count_anew(at);
        self.file.verb(at, Verb::Register, State::Registered, By::Staff(self.registrar), facts);
        Some(())
    }

    /// To the unit that answers: mostly at once, sometimes through the one above it, sometimes past others that it is not
    /// for.
    fn assign(&mut self, received: Moment, total: i64) -> Option<()> {
        let mut way = detour(self.file.maker.reference, &self.matter.unit, self.file.case.id);
        way.push(self.file.maker.reference.units.by_code(&self.matter.unit)?.id);
        for (unit, hundredths) in way.into_iter().zip((16..).step_by(3)) {
            self.assign_to(self.at(received, total, hundredths), unit)?;
        }
        Some(())
    }

    fn assign_to(&mut self, at: Moment, unit: i64) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let units = &self.file.maker.reference.units;
        if self.file.case.unit_id.is_some_and(|from| !units.within(unit, from)) {
            self.file.reassign(at);
        }
        self.file.case.unit_id = Some(unit);
        self.file.case.assigned_at.get_or_insert(at);
        self.file.count_anew(at);
        let facts = json!({ "unit": unit, "handler": null });
        self.file.verb(at, Verb::Assign, State::Assigned, By::Staff(self.registrar), facts);
        Some(())
    }

    fn take(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        self.file.accept(at, self.handler);
        let facts = json!({ "handler": self.handler });
        self.file.verb(at, Verb::Take, State::InProgress, By::Staff(self.handler), facts);
        Some(())
    }

    fn note(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let note = self.matter.note.clone();
        self.write_note(at, self.handler, &note);
        let state = self.file.case.state;
        self.file.verb(at, Verb::Note, state, By::Staff(self.handler), json!({}));
        Some(())
    }

    fn write_note(&mut self, at: Moment, staff_id: i64, text: &str) {
        let text_id = parts::text(self.file.maker, text);
        let case_id = self.file.case.id;
        self.file.maker.rows.notes.push(NewNote { case_id, staff_id, text_id, at });
    }

    fn extend(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let calendar = self.file.maker.time.calendar();
        let (clock_id, old_due_at) = self.file.clock();
        let old = last_day(old_due_at, calendar);
        let until = std::iter::successors(old.tomorrow().ok(), |day| day.tomorrow().ok())
            .filter(|day| calendar.is_working_day(*day))
            .nth(EXTENSION_DAYS - 1)?;
        let start = self.file.case.received_at;
        let new_due_at = crate::domain::deadline::due(start, Limit::FixedDate(until), calendar, &[]).ok()?.due;
        let content = self.file.maker.content;
        let reason = self.chance.pick(&content.phrases.extend)?.clone();
        let staff_id = self.supervisor;
        let working_days = EXTENSION_DAYS as i32;
        let row = NewExtension { clock_id, old_due_at, new_due_at, reason, staff_id, at, working_days };
        self.file.maker.rows.extensions.push(row);
        self.file.set_due(new_due_at, at);
        self.file.case.extended = true;
        let state = self.file.case.state;
        let facts = json!({ "old_due": old.to_string(), "new_due": until.to_string(), "days": working_days });
        self.file.verb(at, Verb::Extend, state, By::Staff(self.supervisor), facts);
        Some(())
    }

    /// The reply is laid before the supervisor.
    fn draft(&mut self, at: Moment, basis: &str) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let text_id = parts::text(self.file.maker, &self.matter.reply);
        let reply = parts::reply(self.file.maker, &self.file.case, text_id, basis, self.handler, at, &mut self.chance);
        self.file.verb(at, Verb::SubmitReply, State::InReview, By::Staff(self.handler), json!({ "reply": reply }));
        Some(())
    }

    fn approve(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let paper = parts::on_paper(&self.file.case);
        let result = match (self.file.case.kind, self.chance.percent(35)) {
            (Kind::Suggestion, true) => CloseCode::Adopted,
            (Kind::Suggestion | Kind::Report, false) | (Kind::Inquiry, _) => CloseCode::Answered,
            (Kind::Report | Kind::Rights, true) => CloseCode::Explained,
            (Kind::Rights, false) => CloseCode::Answered,
        };
        let until = at.plus_seconds(self.file.maker.office.rules.rating_days * DAY);
        let reply = parts::approved(self.file.maker, self.supervisor, at, until)?;
        self.file.finish(at, result);
        self.file.ask_rating();
        let facts = json!({ "reply": reply, "result": result });
        let by = By::Staff(self.supervisor);
        if !paper {
            (self.file.case.replied_at, self.file.case.rating_until) = (Some(at), Some(until));
            self.file.verb(at, Verb::ApproveByEmail, State::Replied, by, facts);
            return Some(());
        }
        self.file.verb(at, Verb::ApproveByLetter, State::Approved, by, facts);
        let posted = self.file.maker.time.after(at, self.chance.between(60, 400));
        self.file.reach(posted).then_some(())?;
        let until = posted.plus_seconds(self.file.maker.office.rules.rating_days * DAY);
        let day = self.file.maker.time.date(posted);
        parts::posted(self.file.maker, day, until);
        (self.file.case.replied_at, self.file.case.rating_until) = (Some(posted), Some(until));
        let facts = json!({ "posted_on": day.to_string() });
        self.file.verb(posted, Verb::MarkPosted, State::Replied, By::Staff(self.registrar), facts);
        Some(())
    }

    /// Rating, review, a second round, and the end when the link runs out.
    fn after_reply(&mut self, replied: Moment) -> Option<()> {
        let overall = self.chance.weighted(RATINGS).unwrap_or(0);
        let mut decided = None;
        if overall > 0 && !parts::on_paper(&self.file.case) {
            let rated = replied.plus_seconds(self.chance.between(HOUR, 6 * DAY));
            self.file.reach(rated).then_some(())?;
            let reply = parts::rate(self.file.maker, &self.file.case, self.matter, overall, rated, &mut self.chance)?;
            self.file.rated(rated);
            let facts = json!({ "reply": reply, "overall": overall, "changed": false });
            let state = self.file.case.state;
            self.file.verb(rated, Verb::Rate, state, By::Petitioner, facts);
            if overall <= 2 {
                parts::review(self.file.maker, &self.file.case, rated);
                decided = Some(self.file.maker.time.after(rated, self.chance.between(60, 900)));
            }
        }
        let runs_out = self.file.case.rating_until?;
        if let Some(at) = decided.filter(|at| *at < runs_out) {
            self.decide(at)?;
            if self.file.case.state == State::Reopened {
                return self.second_round(at);
            }
        }
        self.close(runs_out)?;
        if let Some(at) = decided.filter(|at| *at >= runs_out.plus_seconds(HOUR)) {
            self.decide(at)?;
            if self.file.case.state == State::Reopened {
                return self.second_round(at);
            }
        }
        Some(())
    }

    fn close(&mut self, runs_out: Moment) -> Option<()> {
        // The job comes seven minutes past every hour.
        let hour = HOUR * 1_000_000;
        let at = Moment(runs_out.0.div_euclid(hour) * hour + hour + 420_000_000);
        self.file.reach(at).then_some(())?;
        self.file.case.closed_at = Some(at);
        self.file.verb(at, Verb::Close, State::Closed, By::System, json!({}));
        Some(())
    }

    /// The control officer reviews a low rating.
    fn decide(&mut self, at: Moment) -> Option<()> {
        self.file.reach(at).then_some(())?;
        let content = self.file.maker.content;
        let (by, again) = (By::Staff(self.control), self.chance.percent(40));
        let reasons = if again { &content.phrases.reopen } else { &content.phrases.keep };
        let reason = self.chance.pick(reasons)?.clone();
        parts::reviewed(self.file.maker, again, self.control, at, &reason);
        self.write_note(at, self.control, &reason);
        if !again {
            let state = self.file.case.state;
            self.file.verb(at, Verb::KeepClosed, state, by, json!({}));
            return Some(());
        }
        self.file.open_again(at, self.limit);
        let facts = json!({ "round": self.file.case.round, "due": self.file.case.due_at });
        self.file.verb(at, Verb::Reopen, State::Reopened, by, facts);
        Some(())
    }

    fn second_round(&mut self, opened: Moment) -> Option<()> {
        let total =
            self.file.maker.time.between(opened, self.due_by_class(opened)).max(60) * self.chance.between(30, 95) / 100;
        self.take(self.at(opened, total, 25))?;
        let basis = self.matter.legal_basis.clone();
        self.draft(self.at(opened, total, 75), &basis)?;
        self.approve(self.at(opened, total, 100))?;
        let runs_out = self.file.case.rating_until?;
        self.close(runs_out)
    }

    fn end_otherwise(&mut self, received: Moment, total: i64) -> Option<()> {
        let matter = self.matter;
        let (code, verb, by, facts, reason) = match &matter.ending {
            Ending::NoAction(ground, reason) => {
                (*ground, Verb::NoAction, self.registrar, json!({ "ground": ground }), reason)
            }
            Ending::Transferred(agency, reason) => {
                (CloseCode::Transferred, Verb::Transfer, self.registrar, json!({ "agency": agency }), reason)
            }
            Ending::Withdrawn(reason) => (CloseCode::Withdrawn, Verb::Withdraw, self.registrar, json!({}), reason),
            Ending::Replied => return None,
        };
        let at = self.at(received, total, 100);
        self.file.reach(at).then_some(())?;
        if let Ending::Transferred(agency, _) = &matter.ending {
            let row = Transferred { case_id: self.file.case.id, transferred_to: Some(agency.clone()) };
            self.file.maker.rows.references.push(row);
        }
        self.file.finish(at, code);
        self.file.case.closed_at = Some(at);
        self.write_note(at, by, reason);
        self.file.verb(at, verb, State::Closed, By::Staff(by), facts);
        Some(())
    }
}
