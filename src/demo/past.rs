//! The months before: cases as they come in over the year and are answered, and submissions that nobody confirmed.

use jiff::civil::time;

use super::content::Ending;
use super::office_time::DAY_MINUTES;
use super::plan::{Course, Planner};
use super::story::{Step, Story};
use crate::domain::case::Channel;
use crate::domain::day::Day;
use crate::domain::staff::Role;
use crate::domain::time::{DAY, HOUR, Moment};

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
/// When people write, hour by hour.
const HOURS: [u32; 24] = [4, 2, 1, 1, 1, 2, 4, 8, 16, 24, 26, 22, 18, 18, 22, 24, 22, 18, 14, 16, 20, 22, 16, 8];
/// The first so many cases of the past go through every channel.
const EVERY_CHANNEL: usize = CHANNELS.len();

impl Planner<'_> {
    /// The nth case of the past.
    pub fn past(&mut self, nth: usize) -> Story {
        let channel = match CHANNELS.get(nth).filter(|_| nth < EVERY_CHANNEL) {
            Some((_, channel)) => *channel,
            None => self.chance.weighted(CHANNELS).unwrap_or(Channel::Web),
        };
        // What ends without a reply comes by the form: those letters reach their readers.
        let only_replied = channel != Channel::Web;
        let matter = self.matter(|m| !only_replied || m.ending == Ending::Replied && m.locale != "en");
        let received = self.received(channel);
        let (mut story, begin) = self.begin(matter, channel, received);
        if channel == Channel::Web && nth % 40 == 7 {
            self.mistype(&mut story, received);
        }
        let course = self.courses.deal(&mut self.chance).unwrap_or(Course::Plain);
        let budget = self.budget(received, &matter.speed);
        let pace = match course {
            _ if matter.ending != Ending::Replied => self.chance.between(20, 80),
            Course::Late => self.chance.between(108, 190),
            Course::Extended => self.chance.between(115, 150),
            Course::ExtendedLate => self.chance.between(230, 280),
            _ => self.chance.between(30, 92),
        };
        let steps = self.round(matter, course);
        let finished = self.lay(&mut story, begin, budget * pace / 100, steps);
        if matter.ending != Ending::Replied {
            return story;
        }
        if matches!(course, Course::Extended | Course::ExtendedLate) {
            let at = self.time.after(received, budget * self.chance.between(78, 92) / 100);
            let over = (budget * (pace - 100) / 100 + DAY_MINUTES - 1) / DAY_MINUTES;
            let days = if course == Course::Extended { over + 1 } else { 1 };
            let by = self.person(&matter.unit, Role::Supervisor);
            story.steps.push((at, self.extension(by, days, matter.locale)));
        }
        let overall = self.ratings.deal(&mut self.chance).flatten();
        self.after_reply(&mut story, matter, finished, overall);
        story
    }

    /// An extension by so many working days.
    pub fn extension(&mut self, by: String, days: i64, locale: &str) -> Step {
        let phrases = &self.content.phrases;
        let reason = self.phrase(if locale == "en" { &phrases.extend_en } else { &phrases.extend });
        Step::Extend { by, days: u32::try_from(days.max(1)).unwrap_or(1), reason }
    }

    /// A wrong address was typed first: the mail came back, the address was corrected, the link followed.
    fn mistype(&mut self, story: &mut Story, confirmed: Moment) {
        let mistyped = story.petition.email.replace("@example.org", "@mail.example.org");
        story.steps.clear();
        let first = confirmed.plus_seconds(-HOUR);
        story.steps.push((first, Step::Submit { mistyped: Some(mistyped) }));
        story.steps.push((first.plus_seconds(900), Step::CorrectAddress));
        story.steps.push((first.plus_seconds(1500), Step::Resend));
        story.steps.push((confirmed, Step::Confirm));
    }

    /// When a case of the past came in: more of them month by month, fewer on days off, at the hours people write or the
    /// office is open.
    fn received(&mut self, channel: Channel) -> Moment {
        let last = self.time.before(self.now, 9 * DAY_MINUTES);
        let days = last.seconds_since(self.start).max(DAY) / DAY;
        let first = Day::of(self.time.date(self.start));
        loop {
            // The larger of two draws, now and then: the service grows.
            let draw = self.chance.between(0, days);
            let day = if self.chance.percent(35) { draw.max(self.chance.between(0, days)) } else { draw };
            let date = first.plus(i32::try_from(day).unwrap_or(0)).date();
            let works = self.time.calendar().is_working_day(date);
            if !works && (channel != Channel::Web || self.chance.percent(55)) {
                continue;
            }
            let minute = i8::try_from(self.chance.between(0, 59)).unwrap_or(0);
            let second = i8::try_from(self.chance.between(0, 59)).unwrap_or(0);
            let hour = if channel == Channel::Web { self.hour() } else { self.chance.between(9, 16) };
            let at = self.time.at(date, time(i8::try_from(hour).unwrap_or(9), minute, second, 0));
            // A form sent shortly before the beginning would have been sent before it.
            if at < last && at > self.start.plus_seconds(3 * DAY) {
                return at;
            }
        }
    }

    fn hour(&mut self) -> i64 {
        let hours: Vec<(u32, i64)> = HOURS.iter().copied().zip(0..).collect();
        self.chance.weighted(&hours).unwrap_or(9)
    }

    /// Submissions of the past that nobody confirmed; a month after they ran out only their count is left.
    pub fn never_confirmed(&mut self, cases: usize) -> Vec<Story> {
        (0..cases / 18)
            .map(|_| {
                let matter = self.matter(|m| m.ending == Ending::Replied);
                let at = self.received(Channel::Web);
                let (mut story, _) = self.begin(matter, Channel::Web, at);
                story.steps.retain(|(_, step)| matches!(step, Step::Submit { .. }));
                story
            })
            .collect()
    }
}
