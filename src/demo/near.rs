//! The cases near the present, laid out backwards from it: on any day, at any hour, there are some in every state, some
//! due soon and some late.

use super::content::{Ending, Matter};
use super::flow::Weighted;
use super::office_time::DAY_MINUTES;
use super::plan::{Course, Planner};
use super::story::{CONTROL, REGISTRAR, Step, Story};
use crate::domain::case::{Channel, ReplyBy};
use crate::domain::staff::Role;
use crate::domain::time::{DAY, HOUR, Moment};

/// How far a case near the present has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Registered,
    Assigned,
    Taken,
    Drafting,
    InReview,
    Returned,
    Extended,
}

/// The usual cases: how far, received how many tenths of a working day ago, where, by which channel, in which class.
const USUAL: &[(Stage, i64, &str, Channel, &str)] = &[
    (Stage::Registered, 6, "north", Channel::Web, "normal"),
    (Stage::Registered, 11, "kmp", Channel::Phone, "normal"),
    (Stage::Assigned, 7, "north", Channel::Web, "urgent"),
    (Stage::Assigned, 14, "north", Channel::Web, "normal"),
    (Stage::Assigned, 17, "south", Channel::Letter, "normal"),
    (Stage::Assigned, 21, "logistics", Channel::Web, "normal"),
    (Stage::Taken, 18, "north", Channel::Web, "normal"),
    (Stage::Taken, 23, "south", Channel::Social, "normal"),
    (Stage::Taken, 27, "planning", Channel::Web, "normal"),
    (Stage::Drafting, 24, "north", Channel::Phone, "normal"),
    (Stage::Drafting, 33, "south", Channel::Web, "normal"),
    (Stage::Drafting, 31, "central", Channel::Web, "normal"),
    // Due soon: the sixth working day is near.
    (Stage::Drafting, 47, "north", Channel::Web, "normal"),
    (Stage::Taken, 52, "east", Channel::Web, "normal"),
    (Stage::Drafting, 54, "south", Channel::Web, "normal"),
    // Late.
    (Stage::Drafting, 86, "north", Channel::Web, "normal"),
    (Stage::Taken, 97, "patrol", Channel::Visit, "normal"),
    (Stage::Assigned, 91, "south", Channel::Web, "normal"),
    (Stage::InReview, 36, "north", Channel::Web, "normal"),
    (Stage::InReview, 42, "north", Channel::Web, "normal"),
    (Stage::InReview, 39, "east", Channel::Web, "normal"),
    (Stage::Returned, 44, "north", Channel::Web, "normal"),
    (Stage::Extended, 75, "north", Channel::Web, "normal"),
    (Stage::Extended, 88, "central", Channel::Fax, "normal"),
];

impl<'a> Planner<'a> {
    /// All of them.
    pub fn near(&mut self) -> Vec<Story> {
        let mut stories = Vec::new();
        self.submissions(&mut stories);
        self.received_today(&mut stories);
        let usual = stories.len();
        for (stage, age, unit, channel, speed) in USUAL {
            stories.push(self.under_way(*stage, *age, unit, *channel, speed));
        }
        for (age, overall) in [(30, None), (38, Some(5)), (45, None), (41, Some(4)), (52, Some(2)), (48, Some(1))] {
            stories.push(self.just_replied(age, overall));
        }
        stories.push(self.awaiting_post(28));
        stories.push(self.awaiting_post(34));
        stories.push(self.opened_again(128, false));
        stories.push(self.opened_again(150, true));
        stories.push(self.awaiting_telling(26));
        stories.push(self.unnamed());
        stories.extend(self.waiting());
        stories.extend(self.petitions_by_mail());
        self.letterbox(&mut stories[usual..]);
        stories
    }

    /// Submissions that wait for confirmation, ran out, came back, or were decided by the registrar.
    fn submissions(&mut self, stories: &mut Vec<Story>) {
        let ago = |now: Moment, hours: i64, minutes: i64| now.plus_seconds(-hours * HOUR - minutes * 60);
        for (hours, minutes) in [(0, 12), (5, 40), (31, 5), (98, 0), (221, 0), (490, 0)] {
            let at = ago(self.now, hours, minutes);
            stories.push(self.submitted(at, None).0);
        }
        for hours in [27, 140] {
            let at = ago(self.now, hours, 25);
            stories.push(self.submitted(at, Some("mail.example.org")).0);
        }
        // The registrar decides in office hours; those submissions came in before.
        let (accept, dismiss) = (self.content.phrases.accept.clone(), self.content.phrases.dismiss.clone());
        let decided = self.time.before(self.now, 130);
        let (mut accepted, matter) = self.submitted(ago(decided, 50, 10), None);
        accepted.steps.push((decided, Step::Accept { reason: accept }));
        let steps = vec![(10, Step::Register), (10, assigned(&matter.unit))];
        self.lay(&mut accepted, decided, 60, steps);
        stories.push(accepted);
        let decided = self.time.before(self.now, 300);
        let (mut dismissed, _) = self.submitted(ago(decided, 20, 20), None);
        dismissed.petition.subject.clone_from(&self.content.phrases.dismissed_subject);
        dismissed.petition.body.clone_from(&self.content.phrases.dismissed_body);
        dismissed.petition.place.clear();
        dismissed.steps.push((decided, Step::Dismiss { reason: dismiss }));
        stories.push(dismissed);
    }

    fn submitted(&mut self, at: Moment, wrong_host: Option<&str>) -> (Story, &'a Matter) {
        let matter = self.open_matter("");
        let (mut story, _) = self.begin(matter, Channel::Web, at);
        let mistyped = wrong_host.map(|host| story.petition.email.replace("example.org", host));
        story.steps = vec![(at, Step::Submit { mistyped })];
        (story, matter)
    }

    /// Those that came in this morning (or last night): nobody has looked at them yet.
    fn received_today(&mut self, stories: &mut Vec<Story>) {
        for (minutes, locale) in [(26, "zh-TW"), (75, "zh-TW"), (140, "en"), (250, "zh-TW")] {
            let matter = self.matter(|m| m.ending == Ending::Replied && m.locale == locale && m.speed == "normal");
            let at = self.now.plus_seconds(-minutes * 60 - self.chance.between(0, 50));
            let (mut story, _) = self.begin(matter, Channel::Web, at);
            for (when, step) in &mut story.steps {
                if matches!(step, Step::Submit { .. }) {
                    *when = at.plus_seconds(-self.chance.between(60, 900));
                }
            }
            stories.push(story);
        }
        let matter = self.open_matter("");
        let called = self.time.before(self.now, 90);
        stories.push(self.begin(matter, Channel::Phone, called).0);
    }

    /// A case that somebody works on.
    fn under_way(&mut self, stage: Stage, age: i64, unit: &str, channel: Channel, speed: &str) -> Story {
        let matter =
            self.matter(|m| m.ending == Ending::Replied && m.unit == unit && m.speed == speed && m.locale != "en");
        let minutes = age * DAY_MINUTES / 10;
        let received = self.time.before(self.now, minutes);
        let (mut story, begin) = self.begin(matter, channel, received);
        let course = if stage == Stage::Returned { Course::Returned } else { Course::Plain };
        let steps = until(stage, self.round(matter, course));
        let left = self.time.between(begin, self.now);
        let minutes = left * self.chance.between(60, 90) / 100;
        self.lay(&mut story, begin, minutes, steps);
        if stage == Stage::Extended {
            // On the fifth working day, before the sixth ends.
            let at = self.time.after(received, 5 * DAY_MINUTES - 45);
            let by = self.person(unit, Role::Supervisor);
            let days = self.chance.between(4, 7);
            story.steps.push((at, self.extension(by, days, matter.locale)));
        }
        story
    }

    /// A reply whose rating link is still open; the low ratings wait for their review.
    fn just_replied(&mut self, age: i64, overall: Option<i32>) -> Story {
        let matter = self.open_matter("");
        let received = self.time.before(self.now, age * DAY_MINUTES / 10);
        let (mut story, begin) = self.begin(matter, Channel::Web, received);
        story.petition.reply_by = ReplyBy::Email;
        let mut steps = self.round(matter, Course::Plain);
        let last = steps.pop();
        let left = self.time.between(begin, self.now);
        self.lay(&mut story, begin, left * 70 / 100, steps);
        // Over long holidays the office stands still but the link does not: then the head on duty approves.
        let office = self.time.before(self.now, left * 15 / 100);
        let replied = office.max(self.now.plus_seconds(-4 * DAY)).plus_seconds(self.chance.between(5, 50));
        story.steps.extend(last.map(|(_, step)| (replied, step)));
        if let Some(overall) = overall {
            let rated = Moment(i64::midpoint(replied.0, self.now.0));
            story.steps.push((rated, Step::Rate(self.rating(matter, overall))));
        }
        story
    }

    /// A paper reply that is approved and waits to be posted.
    fn awaiting_post(&mut self, age: i64) -> Story {
        let matter = self.open_matter("");
        let received = self.time.before(self.now, age * DAY_MINUTES / 10);
        let (mut story, begin) = self.begin(matter, Channel::Letter, received);
        self.on_paper(&mut story);
        let steps = self.round(matter, Course::Plain);
        let left = self.time.between(begin, self.now);
        self.lay(&mut story, begin, left * 95 / 100, steps);
        story
    }

    /// A reply to a caller who left a number only: approved, it waits to be told.
    fn awaiting_telling(&mut self, age: i64) -> Story {
        let matter = self.open_matter("");
        let received = self.time.before(self.now, age * DAY_MINUTES / 10);
        let (mut story, begin) = self.begin(matter, Channel::Phone, received);
        let petition = &mut story.petition;
        petition.reply_by = ReplyBy::Phone;
        (petition.email, petition.address) = (String::new(), String::new());
        let steps = self.round(matter, Course::Plain);
        let left = self.time.between(begin, self.now);
        self.lay(&mut story, begin, left * 95 / 100, steps);
        story
    }

    /// A letter without name and address, registered all the same.
    fn unnamed(&mut self) -> Story {
        let matter = self.open_matter("");
        let received = self.time.before(self.now, 180);
        let (mut story, _) = self.begin(matter, Channel::Letter, received);
        let petition = &mut story.petition;
        petition.reply_by = ReplyBy::OnFile;
        (petition.name, petition.phone) = (String::new(), String::new());
        (petition.email, petition.address) = (String::new(), String::new());
        story
    }

    fn on_paper(&mut self, story: &mut Story) {
        let party = self.content.party(usize::try_from(self.chance.between(0, 999)).unwrap_or(0), "zh-TW");
        story.petition.reply_by = ReplyBy::Letter;
        (story.petition.name, story.petition.phone) = (party.name, party.phone);
        (story.petition.address, story.petition.email) = (party.address, String::new());
    }

    /// A case that a low rating opened again: just now, or already in hand.
    fn opened_again(&mut self, age: i64, taken: bool) -> Story {
        let matter = self.open_matter("north");
        let received = self.time.before(self.now, age * DAY_MINUTES / 10);
        let (mut story, begin) = self.begin(matter, Channel::Web, received);
        story.petition.reply_by = ReplyBy::Email;
        let steps = self.round(matter, Course::Plain);
        let minutes = self.budget(received, &matter.speed) * 80 / 100;
        let replied = self.lay(&mut story, begin, minutes, steps);
        let rated = replied.plus_seconds(20 * HOUR);
        story.steps.push((rated, Step::Rate(self.rating(matter, 2))));
        let reason = self.phrase(&self.content.phrases.reopen);
        let decided = self.time.before(self.now, if taken { 700 } else { 100 });
        story.steps.push((decided, Step::Reopen { by: CONTROL.into(), reason }));
        if taken {
            let steps = self.second_round(matter).into_iter().take(2).collect();
            self.lay(&mut story, decided, 400, steps);
        }
        story
    }

    /// A matter that ends with a reply, of a unit (or any), in the normal class.
    fn open_matter(&mut self, unit: &str) -> &'a Matter {
        self.matter(|m| {
            m.ending == Ending::Replied
                && m.speed == "normal"
                && m.locale != "en"
                && (unit.is_empty() || m.unit == unit)
        })
    }
}

fn assigned(unit: &str) -> Step {
    Step::Assign { by: REGISTRAR.into(), unit: unit.to_owned(), handler: None }
}

/// The steps up to a stage.
fn until(stage: Stage, steps: Weighted) -> Weighted {
    let last = |step: &Step| match stage {
        Stage::Registered => matches!(step, Step::Register),
        Stage::Assigned => matches!(step, Step::Assign { .. }),
        Stage::Taken => matches!(step, Step::Note { .. }),
        Stage::Drafting | Stage::Extended => matches!(step, Step::Draft { .. }),
        Stage::InReview => matches!(step, Step::SubmitReply { .. }),
        Stage::Returned => matches!(step, Step::Return { .. }),
    };
    let end = steps.iter().position(|(_, step)| last(step)).map_or(steps.len(), |at| at + 1);
    steps.into_iter().take(end).collect()
}
